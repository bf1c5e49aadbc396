import type { OverlayLegend } from './overlays.js';

/** What the colours on a pane mean, at its bottom left. */
export class LegendKey {
  readonly node = document.createElement('div');

  constructor() {
    this.node.className = 'vx-Pane-legend';
    this.node.hidden = true;
  }

  show(legend: OverlayLegend | null): void {
    if (legend === this._shown) return;
    this._shown = legend;
    this.node.hidden = legend === null;
    this.node.replaceChildren(...(legend === null ? [] : partsOf(legend)));
  }

  private _shown: OverlayLegend | null = null;
}

function partsOf(legend: OverlayLegend): HTMLElement[] {
  if (legend.kind === 'keys') {
    return legend.keys.flatMap(({ label, colour }) => {
      const swatch = span('', 'vx-Pane-legendSwatch');
      swatch.style.background = colour;
      return [swatch, span(label)];
    });
  }
  const bar = span('', 'vx-Pane-legendBar');
  bar.style.background = `linear-gradient(to right, ${stopsOf(legend.colours).join(', ')})`;
  return [span(legend.low), bar, span(legend.high), span(legend.label, 'vx-Pane-legendLabel')];
}

function stopsOf(colours: Uint8ClampedArray): string[] {
  return Array.from({ length: 9 }, (_, n) => {
    const at = Math.round((n / 8) * 255) * 4;
    const [red, green, blue, alpha] = colours.slice(at, at + 4);
    return `rgb(${red ?? 0} ${green ?? 0} ${blue ?? 0} / ${((alpha ?? 0) / 255).toFixed(2)})`;
  });
}

function span(text: string, className = ''): HTMLElement {
  const node = document.createElement('span');
  node.className = className;
  node.textContent = text;
  return node;
}
