import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

declare global {
  interface Window {
    axe: { run(context: { include: Element[] }, options: RunOptions): Promise<AxeResults> };
  }
}

/** Everything on a page that is Voxcord's and not JupyterLab's. */
const OWN = [
  '.voxcord-Panel',
  '.voxcord-CaseView',
  '.voxcord-Study',
  '.voxcord-Release',
  '.voxcord-Models',
  '.voxcord-Toolbar-item',
  '.voxcord-Status',
  '.voxcord-SigningDialog'
].join(', ');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export interface Inspection {
  /** Each with its rule and the beginning of the element. */
  readonly violations: readonly string[];
  /** How many rules found something to judge and nothing to blame. */
  readonly passes: number;
}

/** What axe-core says, by the rules of WCAG 2.2 A and AA, about what Voxcord shows on the page now. */
export async function inspect(page: Page): Promise<Inspection> {
  const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(script, 'utf8'));
  return page.evaluate(
    async ([own, rules]) => {
      const include = [...document.querySelectorAll(own)].filter(element => element.checkVisibility());
      const { violations, passes } = await window.axe.run({ include }, { runOnly: [...rules] });
      return {
        violations: violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`)),
        passes: passes.length
      };
    },
    [OWN, RULES] as const
  );
}

/** Controls below `places` that have no name or that the keyboard does not lead to. */
export function unreachableControls(page: Page, places: readonly string[]): Promise<string[]> {
  return page.evaluate(within => {
    const controls = document.querySelectorAll<HTMLElement>(
      within
        .flatMap(place => ['button', 'select', 'input', 'textarea', 'summary'].map(control => `${place} ${control}`))
        .join(', ')
    );
    // What somebody has written or could choose is no name: only the text around it is.
    const textAround = (label: Element | null): string => {
      const copy = label?.cloneNode(true) as Element | undefined;
      copy?.querySelectorAll('select, input, textarea').forEach(control => control.remove());
      return copy?.textContent ?? '';
    };
    const nameOf = (control: HTMLElement): string =>
      [
        control.getAttribute('aria-label'),
        ...(control.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .map(id => document.getElementById(id)?.textContent ?? ''),
        control.getAttribute('title'),
        control.matches('button, summary') ? control.textContent : '',
        ...[...((control as HTMLInputElement).labels ?? [])].map(textAround)
      ]
        .map(text => text?.trim() ?? '')
        .find(text => text !== '') ?? '';
    const found: string[] = controls.length < 15 ? [`only ${controls.length} controls`] : [];
    for (const control of controls) {
      if (nameOf(control) === '') found.push(`no name: ${control.outerHTML.slice(0, 120)}`);
      // One control of a toolbar or a list of tabs takes the focus, arrows lead to the others; titles of panes repeat
      // the layout menu.
      const isReached =
        control.tabIndex >= 0 ||
        (control.closest('.jp-Toolbar, [role=tablist]')?.querySelectorAll('[tabindex="0"]').length ?? 0) > 0 ||
        control.classList.contains('vx-Pane-title');
      if (!isReached) found.push(`not reachable: ${control.outerHTML.slice(0, 120)}`);
    }
    return found;
  }, places);
}
