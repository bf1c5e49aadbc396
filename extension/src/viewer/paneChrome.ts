import { LegendKey } from './legendKey.js';
import type { OverlayLegend } from './overlays.js';
import type { EdgeLetters } from './orientationLetters.js';
import type { Rectangle } from './paneView.js';
import type { ScaleBar } from './scaleBar.js';

/** The texts of one pane. Empty strings show nothing. */
export interface ChromeTexts {
  readonly title: string;
  /** Top right: window and level, then smaller what goes with it. */
  readonly window: string;
  readonly convention: string;
  /** Bottom left: position and, stressed, the value there. */
  readonly position: string;
  readonly value: string;
  readonly hint: string;
  readonly letters: EdgeLetters | null;
  readonly scale: ScaleBar | null;
}

const EDGES = ['left', 'right', 'top', 'bottom'] as const;

/**
 * Texts on a pane as DOM elements: legible at any pixel ratio, selectable by tests and screen readers,
 * with tabular figures. They let every pointer through, but for the title, which enlarges its pane.
 */
export class PaneChrome {
  readonly node: HTMLElement;

  constructor(name: string, onEnlarge: () => void, enlargeLabel: string) {
    this.node = element('div', 'vx-Pane');
    this.node.dataset['pane'] = name;
    this._title = element('button', 'vx-Pane-title');
    this._title.title = enlargeLabel;
    this._title.tabIndex = -1;
    this._title.addEventListener('click', onEnlarge);
    this._title.addEventListener('pointerdown', event => event.stopPropagation());
    this._title.addEventListener('dblclick', event => event.stopPropagation());
    for (const edge of EDGES) this._letters[edge].classList.add(`vx-mod-${edge}`);
    const topRight = element('div', 'vx-Pane-topRight');
    topRight.append(this._window, this._convention);
    const bottomLeft = element('div', 'vx-Pane-bottomLeft');
    bottomLeft.append(this._position, this._value);
    this._scale.append(this._scaleBar, this._scaleLabel);
    this.node.append(
      this._title,
      topRight,
      this._legend.node,
      bottomLeft,
      this._scale,
      this._hint,
      ...Object.values(this._letters)
    );
  }

  place(rectangle: Rectangle, active: boolean, narrow: boolean): void {
    const { left, top, width, height } = rectangle;
    const place = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    if (place !== this._place) {
      this.node.style.cssText = place;
      this._place = place;
    }
    this.node.classList.toggle('vx-mod-active', active);
    this.node.classList.toggle('vx-mod-narrow', narrow);
  }

  show(texts: ChromeTexts): void {
    write(this._title, texts.title);
    write(this._window, texts.window);
    write(this._convention, texts.convention);
    write(this._position, texts.position);
    write(this._value, texts.value);
    write(this._hint, texts.hint);
    for (const edge of EDGES) write(this._letters[edge], texts.letters?.[edge] ?? '');
    write(this._scaleLabel, texts.scale?.label ?? '');
    const width = texts.scale === null ? '' : `${Math.round(texts.scale.pixels)}px`;
    if (this._scaleBar.style.width !== width) this._scaleBar.style.width = width;
    this._scale.hidden = texts.scale === null;
  }

  showLegend(legend: OverlayLegend | null): void {
    this._legend.show(legend);
  }

  private readonly _title: HTMLButtonElement;
  private readonly _window = element('span', 'vx-Pane-window');
  private readonly _convention = element('span', 'vx-Pane-convention');
  private readonly _position = element('span', 'vx-Pane-position');
  private readonly _value = element('span', 'vx-Pane-value');
  private readonly _hint = element('div', 'vx-Pane-hint');
  private readonly _scale = element('div', 'vx-Pane-scale');
  private readonly _scaleBar = element('div', 'vx-Pane-scaleBar');
  private readonly _scaleLabel = element('span', 'vx-Pane-scaleLabel');
  private readonly _legend = new LegendKey();
  private readonly _letters = {
    left: element('span', 'vx-Pane-letter'),
    right: element('span', 'vx-Pane-letter'),
    top: element('span', 'vx-Pane-letter'),
    bottom: element('span', 'vx-Pane-letter')
  };
  private _place = '';
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}

function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
