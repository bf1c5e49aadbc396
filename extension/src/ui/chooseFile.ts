/**
 * Lets the person choose a file of this computer; null if they choose none. To be called from a click or a key. `accept`: as
 * browsers take it, such as `.zip`.
 */
export function chooseFile(accept: string): Promise<File | null> {
  return new Promise(resolve => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
