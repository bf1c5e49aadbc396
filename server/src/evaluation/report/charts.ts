import type { EvaluatedLesion, Froc } from '@voxcord/schemas/api';
import { html, type Html } from '../../truth/report/html.js';
import { SIZE_BINS } from '../sizeBins.js';
import { figureText } from './figures.js';

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 48;
const BOTTOM = 40;
const TOP = 12;
const RIGHT = 16;

/** False positives per case at the ends of the axis, which is logarithmic; fewer lie at its beginning. */
const [FEWEST, MOST] = [1 / 16, 16];
const TICKS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8] as const;
const SHARES = [0, 0.25, 0.5, 0.75, 1] as const;

/** Sensitivity against false positives per case. */
export function frocChart({ points, scored }: Froc, title: string): Html {
  const x = (rate: number): number => {
    const share = Math.log2(Math.min(MOST, Math.max(FEWEST, rate)) / FEWEST) / Math.log2(MOST / FEWEST);
    return round(LEFT + share * (WIDTH - LEFT - RIGHT));
  };
  const line = points.map(({ falsePositivesPerCase, sensitivity }) => `${x(falsePositivesPerCase)},${y(sensitivity)}`);
  const last = points.at(-1);
  const dots = points.map(
    ({ threshold, falsePositivesPerCase, sensitivity }) =>
      html`<circle class="dot" cx="${x(falsePositivesPerCase)}" cy="${y(sensitivity)}" r="${scored ? 3 : 6}">
        <title>
          ${figureText(falsePositivesPerCase)} false positives per case, sensitivity
          ${figureText(sensitivity)}${threshold === null ? '' : `, score ${figureText(threshold)} and above`}
        </title>
      </circle>`
  );
  const stays = last === undefined || !scored ? '' : ` ${WIDTH - RIGHT},${y(last.sensitivity)}`;
  return chart(title, [
    shares('Sensitivity'),
    ...TICKS.map(tick => html`<text x="${x(tick)}" y="${HEIGHT - 22}" text-anchor="middle">${String(tick)}</text>`),
    html`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle"
      >False positives per case</text
    >`,
    html`<polyline class="curve" points="${line.join(' ')}${stays}" />`,
    ...dots
  ]);
}

/** Dice of each lesion of the truth against its long axis; what was missed lies at 0. */
export function sizeChart(lesions: readonly (EvaluatedLesion & { readonly title: string })[], title: string): Html {
  const largest = Math.max(40, ...lesions.map(({ diameter }) => diameter ?? 0));
  const x = (diameter: number): number => round(LEFT + (diameter / largest) * (WIDTH - LEFT - RIGHT));
  const edges = SIZE_BINS.map(({ from }) => from).filter(from => from > 0);
  const dots = lesions.flatMap(({ diameter, outcome, values, lesion, title: of }) => {
    if (diameter === null) return [];
    const dice = outcome === 'found' ? (values['dice'] ?? 0) : 0;
    return [
      html`<circle class="${outcome === 'found' ? 'dot' : 'dot missed'}" cx="${x(diameter)}" cy="${y(dice)}" r="4">
        <title>
          ${of}, lesion ${lesion ?? ''}: ${figureText(diameter)} mm,
          ${outcome === 'found' ? `Dice ${figureText(dice)}` : 'missed'}
        </title>
      </circle>`
    ];
  });
  return chart(title, [
    shares('Dice'),
    ...edges.map(
      edge =>
        html`<line
          class="axis"
          x1="${x(edge)}"
          y1="${TOP}"
          x2="${x(edge)}"
          y2="${HEIGHT - BOTTOM}"
          stroke-dasharray="3 3"
        />`
    ),
    ...[0, ...edges].map(edge => html`<text x="${x(edge)}" y="${HEIGHT - 22}" text-anchor="middle">${edge}</text>`),
    html`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">
      Long axis of the lesion in the truth, mm
    </text>`,
    ...dots
  ]);
}

function y(share: number): number {
  return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP));
}

function shares(name: string): Html {
  return html`${SHARES.map(
      share =>
        html`<line class="axis" x1="${LEFT}" y1="${y(share)}" x2="${WIDTH - RIGHT}" y2="${y(share)}" />
          <text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${String(share)}</text>`
    )}<text x="10" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 10 ${HEIGHT / 2})">${name}</text>`;
}

function chart(title: string, parts: readonly Html[]): Html {
  return html`<figure>
    <div class="wide"><svg width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">${parts}</svg></div>
    <figcaption>${title}</figcaption>
  </figure>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
