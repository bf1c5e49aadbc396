import type { Widget } from '@lumino/widgets';

/**
 * Gives the focus back to `widget` when something in `node` was operated with the pointer, so that the keys of the case
 * go on working after a click beside it. Whoever walks through the controls by key stays where they are.
 */
export function returnFocusAfterPointer(node: HTMLElement, widget: () => Widget | null): void {
  let isPointer = false;
  const giveBack = (event: Event): void => {
    const { target } = event;
    if (!isPointer || !(target instanceof Element)) return;
    // A click into a field or an open list is the beginning of something.
    if (event.type === 'click' && target.closest('button') === null) return;
    if (event.type === 'change' && !(target instanceof HTMLSelectElement) && !isSlider(target)) return;
    // What the click opened may have taken the focus.
    requestAnimationFrame(() => {
      const { activeElement } = document;
      const isTaken = activeElement instanceof HTMLElement && isField(activeElement) && activeElement !== target;
      const receiver = widget();
      if (!isTaken && receiver?.isVisible === true) receiver.activate();
    });
  };
  node.addEventListener('pointerdown', () => (isPointer = true), true);
  node.addEventListener('keydown', () => (isPointer = false), true);
  node.addEventListener('click', giveBack);
  node.addEventListener('change', giveBack);
}

function isSlider(element: Element): boolean {
  return element instanceof HTMLInputElement && element.type === 'range';
}

function isField(element: HTMLElement): boolean {
  return element.matches('input, select, textarea');
}
