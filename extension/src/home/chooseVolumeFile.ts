/** Lets the person choose a file of this computer; null if they choose none. To be called from a click or a key. */
export function chooseVolumeFile(): Promise<File | null> {
  return new Promise(resolve => {
    const input = document.createElement('input');
    input.type = 'file';
    // Browsers know the last ending only.
    input.accept = '.nii,.gz';
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
