import * as Plot from '@observablehq/plot';
import { threeDigits } from '../../ui/numbers.js';
import { lookOfReader, numberOfLetter } from '../readerLooks.js';
import type { PerformancePoint, SizeStratum } from './plotData.js';

/** A difference against a mean; `letter` of the reader, or null where all points are of one pair. */
export interface DifferencePoint {
  readonly x: number;
  readonly y: number;
  readonly letter: string | null;
}

export interface Differences {
  readonly points: readonly DifferencePoint[];
  readonly bias: number | null;
  readonly limits: readonly [number, number] | null;
}

/** Sensitivity (y) against false positives per case (x): a curve, or a single point. */
export interface FreeResponse {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly isCurve: boolean;
}

/** A measure of lesions (y, 0 to 1) against their size (x, mm); `bounds` part the sizes. */
export interface LesionSizes {
  readonly points: readonly { readonly x: number; readonly y: number; readonly isFound: boolean }[];
  readonly bounds: readonly number[];
}

/** What is drawn, with the words on its axes. */
export type Figure =
  | { readonly kind: 'blandAltman'; readonly data: Differences; readonly x: string; readonly y: string }
  | { readonly kind: 'performance'; readonly data: readonly PerformancePoint[]; readonly x: string; readonly y: string }
  | { readonly kind: 'froc'; readonly data: FreeResponse; readonly x: string; readonly y: string }
  | { readonly kind: 'lesionSizes'; readonly data: LesionSizes; readonly x: string; readonly y: string }
  | { readonly kind: 'sizes'; readonly data: readonly SizeStratum[]; readonly x: string; readonly y: string };

type Drawn = (SVGSVGElement | HTMLElement) & Plot.Plot;

const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star'] as const;
const QUIET = 'var(--jp-border-color1)';

/** Draws a figure in the colours of the theme. `onPoint` is told which of its points somebody presses. */
export function drawFigure(figure: Figure, width: number, onPoint: (index: number) => void): Drawn {
  const drawn = Plot.plot({
    width,
    height: Math.round(Math.min(240, width * 0.75)),
    marginLeft: 44,
    marginBottom: 34,
    marginTop: 22,
    // Room for the letter beside a point at the edge.
    marginRight: 20,
    style: { background: 'transparent', color: 'var(--jp-ui-font-color1)', fontSize: '11px', fontFamily: 'inherit' },
    ...optionsOf(figure, width)
  });
  // A figure has a sentence of its own: names of its parts ("dot", "rule") say nothing to who listens.
  for (const part of drawn.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
  if (figure.kind === 'blandAltman' || figure.kind === 'lesionSizes') {
    const marks = drawn.querySelectorAll<SVGElement>('.voxcord-Plot-points > *');
    marks.forEach((mark, n) => {
      mark.style.cursor = 'pointer';
      mark.addEventListener('click', () => onPoint(n));
    });
  }
  return drawn;
}

/** False positives per case at the ends of the axis, and where it has words. */
const [FEWEST_FALSE, MOST_FALSE] = [1 / 16, 16];
const FALSE_TICKS = [0.125, 0.25, 0.5, 1, 2, 4, 8] as const;

/** Width from which there is room beside the points to say which line is which. */
const ROOM_FOR_NAMES = 400;

function optionsOf(figure: Figure, width: number): Plot.PlotOptions {
  switch (figure.kind) {
    case 'blandAltman': {
      const { points, bias, limits } = figure.data;
      return {
        x: { label: figure.x, nice: true, ticks: 4, tickFormat: (value: number) => threeDigits(value) },
        y: { label: figure.y, nice: true, ticks: 5, tickFormat: (value: number) => threeDigits(value) },
        symbol: { domain: [...SYMBOLS], range: [...SYMBOLS] },
        marks: [
          Plot.ruleY([0], { stroke: QUIET }),
          ...(bias === null ? [] : [Plot.ruleY([bias], { stroke: 'var(--jp-brand-color1)' })]),
          ...(limits === null
            ? []
            : [Plot.ruleY([...limits], { stroke: 'var(--jp-brand-color1)', strokeDasharray: '4 3' })]),
          ...(bias === null || limits === null || width < ROOM_FOR_NAMES
            ? []
            : [
                Plot.text(
                  [
                    [bias, `x̄ ${threeDigits(bias)}`],
                    [limits[0], `−1.96 SD ${threeDigits(limits[0])}`],
                    [limits[1], `+1.96 SD ${threeDigits(limits[1])}`]
                  ],
                  {
                    y: line => (line as [number, string])[0],
                    text: line => (line as [number, string])[1],
                    frameAnchor: 'right',
                    dy: -7,
                    fill: 'currentColor'
                  }
                )
              ]),
          Plot.dot(points, {
            x: 'x',
            y: 'y',
            r: 3.5,
            stroke: point => colourOf(point as DifferencePoint),
            fill: point => colourOf(point as DifferencePoint),
            fillOpacity: 0.35,
            symbol: point => symbolOf((point as DifferencePoint).letter),
            className: 'voxcord-Plot-points'
          })
        ]
      };
    }
    case 'performance': {
      const lowest = Math.min(0.9, ...figure.data.map(({ sensitivity }) => sensitivity));
      return {
        x: { label: figure.x, ticks: 3, nice: true },
        y: { label: figure.y, domain: [Math.floor(lowest * 20) / 20, 1], ticks: 5 },
        symbol: { domain: [...SYMBOLS], range: [...SYMBOLS] },
        marks: [
          Plot.gridY({ stroke: QUIET }),
          Plot.dot(figure.data, {
            x: 'specificity',
            y: 'sensitivity',
            r: 4,
            stroke: point => colourOf(point as PerformancePoint),
            fill: point => colourOf(point as PerformancePoint),
            fillOpacity: 0.35,
            symbol: point => symbolOf((point as PerformancePoint).letter)
          }),
          Plot.text(figure.data, {
            x: 'specificity',
            y: 'sensitivity',
            text: 'letter',
            dx: 9,
            fontWeight: 600,
            fill: 'currentColor'
          })
        ]
      };
    }
    case 'froc': {
      const { points, isCurve } = figure.data;
      // Fewer false positives than can be drawn on a logarithmic axis lie at its beginning.
      const shown = points.map(({ x, y }) => ({ x: Math.min(MOST_FALSE, Math.max(FEWEST_FALSE, x)), y }));
      const last = shown.at(-1);
      const line = last === undefined ? [] : [...shown, { x: MOST_FALSE, y: last.y }];
      return {
        x: {
          label: figure.x,
          type: 'log',
          base: 2,
          domain: [FEWEST_FALSE, MOST_FALSE],
          ticks: [...FALSE_TICKS],
          tickFormat: (value: number) => String(value)
        },
        y: { label: figure.y, domain: [0, 1], ticks: 5 },
        marks: [
          Plot.gridY({ stroke: QUIET }),
          ...(isCurve
            ? [Plot.line(line, { x: 'x', y: 'y', stroke: 'var(--jp-brand-color1)', strokeWidth: 2 })]
            : [Plot.dot(shown, { x: 'x', y: 'y', r: 5, fill: 'var(--jp-brand-color1)' })])
        ]
      };
    }
    case 'lesionSizes': {
      const { points, bounds } = figure.data;
      const longest = Math.max(40, ...points.map(({ x }) => x));
      return {
        x: { label: figure.x, domain: [0, longest], ticks: [0, ...bounds] },
        y: { label: figure.y, domain: [0, 1], ticks: 5 },
        marks: [
          Plot.gridY({ stroke: QUIET }),
          Plot.ruleX([...bounds], { stroke: QUIET, strokeDasharray: '3 3' }),
          Plot.dot(points, {
            x: 'x',
            y: 'y',
            r: 4,
            stroke: point =>
              (point as { isFound: boolean }).isFound ? 'var(--jp-brand-color1)' : 'var(--jp-error-color1)',
            strokeWidth: 1.5,
            fill: 'var(--jp-brand-color1)',
            fillOpacity: point => ((point as { isFound: boolean }).isFound ? 0.45 : 0),
            className: 'voxcord-Plot-points'
          })
        ]
      };
    }
    case 'sizes': {
      const strata = figure.data.filter(stratum => stratum.share !== null);
      return {
        x: { label: figure.x, domain: figure.data.map(nameOfStratum), type: 'point' },
        y: { label: figure.y, domain: [0, 1], ticks: 5 },
        marks: [
          Plot.gridY({ stroke: QUIET }),
          Plot.ruleX(
            strata.filter(({ interval }) => interval !== null),
            {
              x: stratum => nameOfStratum(stratum as SizeStratum),
              y1: stratum => (stratum as SizeStratum).interval?.[0] ?? 0,
              y2: stratum => (stratum as SizeStratum).interval?.[1] ?? 1,
              stroke: 'var(--jp-brand-color1)'
            }
          ),
          Plot.dot(strata, {
            x: stratum => nameOfStratum(stratum as SizeStratum),
            y: 'share',
            r: 4,
            fill: 'var(--jp-brand-color1)'
          })
        ]
      };
    }
  }
}

/** `5–10`, `> 20` */
export function nameOfStratum({ from, to }: SizeStratum): string {
  return to === Infinity ? `> ${from}` : from === 0 ? `< ${to}` : `${from}–${to}`;
}

function colourOf({ letter }: { readonly letter: string | null }): string {
  return letter === null ? 'var(--jp-brand-color1)' : lookOfReader(letter).colour;
}

function symbolOf(letter: string | null): (typeof SYMBOLS)[number] {
  return letter === null ? 'circle' : (SYMBOLS[numberOfLetter(letter) % SYMBOLS.length] ?? 'circle');
}
