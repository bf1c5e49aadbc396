import type { Html } from './html.js';
import { html, shortNumber } from './html.js';
import { readerColour } from './readerColours.js';
import type { SegmentVolumes } from './caseFigures.js';

const LEFT = 130;
const WIDTH = 420;
const ROW = 26;

/** Volumes: a bar for the truth of each segment, and a dot for each reader. */
export function volumeChart(volumes: readonly SegmentVolumes[], nameOf: (segment: number) => string): Html {
  const most = Math.max(...volumes.flatMap(({ truth, reads }) => [truth, ...reads]));
  const scale = most > 0 ? WIDTH / most : 0;
  const rows = volumes.map(({ segment, truth, reads }, index) => {
    const y = index * ROW + ROW / 2;
    const dots = reads.map(
      (value, reader) =>
        html`<circle
          cx="${round(LEFT + value * scale)}"
          cy="${y}"
          r="4"
          fill="${readerColour(reader)}"
          stroke="var(--ground)"
        />`
    );
    return html`<text x="0" y="${y + 4}">${nameOf(segment)}</text>
      <rect class="bar" x="${LEFT}" y="${y - 7}" width="${round(truth * scale)}" height="14" opacity="0.45" />${dots}`;
  });
  return chart(volumes.length, rows, ['0 ml', `${shortNumber(most)} ml`], 'Volume per segment: truth and readers');
}

export interface Performance {
  readonly name: string;
  readonly reader: number;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

/** Sensitivity (filled) and specificity (ring) of each reader, 0 to 1. */
export function performanceChart(readers: readonly Performance[]): Html {
  const rows = readers.map(({ name, reader, sensitivity, specificity }, index) => {
    const y = index * ROW + ROW / 2;
    const colour = readerColour(reader);
    const dot = (value: number | null, fill: string): Html | null =>
      value === null
        ? null
        : html`<circle
            cx="${round(LEFT + value * WIDTH)}"
            cy="${y}"
            r="5"
            fill="${fill}"
            stroke="${colour}"
            stroke-width="2"
          />`;
    return html`<text x="0" y="${y + 4}">${name}</text>
      <line
        class="axis"
        x1="${LEFT}"
        y1="${y}"
        x2="${LEFT + WIDTH}"
        y2="${y}"
      />${dot(specificity, 'none')}${dot(sensitivity, colour)}`;
  });
  return chart(readers.length, rows, ['0', '1'], 'Sensitivity (filled) and specificity (ring) of each reader');
}

function chart(count: number, rows: readonly Html[], ends: readonly [string, string], title: string): Html {
  const height = count * ROW + 20;
  return html`<figure>
    <div class="wide">
      <svg width="${LEFT + WIDTH + 40}" height="${height}" role="img" aria-label="${title}">
        <line class="axis" x1="${LEFT}" y1="0" x2="${LEFT}" y2="${count * ROW}" />
        ${rows}
        <text x="${LEFT}" y="${height - 4}">${ends[0]}</text>
        <text x="${LEFT + WIDTH}" y="${height - 4}" text-anchor="end">${ends[1]}</text>
      </svg>
    </div>
    <figcaption>${title}</figcaption>
  </figure>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
