import type { CommandRegistry } from '@lumino/commands';

/**
 * Keys that are bound to a character, "?" or "[", work wherever a keyboard has that character. JupyterLab looks keys up
 * by their place on a US keyboard and leaves those that it does not find to this.
 */
export function handleCharacterKeys(node: HTMLElement, commands: CommandRegistry): void {
  node.addEventListener('keydown', event => {
    if (event.defaultPrevented || !makesSymbol(event) || !(event.target instanceof Element)) return;
    const { target } = event;
    const binding = commands.keyBindings.findLast(
      ({ keys, selector }) => keys.length === 1 && keys[0] === event.key && target.closest(selector) !== null
    );
    if (binding === undefined || !commands.isEnabled(binding.command, binding.args)) return;
    event.preventDefault();
    event.stopPropagation();
    void commands.execute(binding.command, binding.args);
  });
}

/** One character that is neither letter, digit nor space, typed with no more than the modifiers that make it. */
function makesSymbol(event: KeyboardEvent): boolean {
  if (event.isComposing || event.metaKey || !/^[^\p{L}\p{N}\s]$/u.test(event.key)) return false;
  // AltGr is Ctrl and Alt to some systems.
  return !event.ctrlKey || event.getModifierState('AltGraph');
}
