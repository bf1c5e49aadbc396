import type { Segment } from '@voxcord/schemas/api';
import { affineFromRows, spacing } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { PictureImage } from '../releaseContent.js';
import { encodePng } from './png.js';
import { readerColour } from './readerColours.js';
import { cutSlice, fullestSlice, labelledArea, type Area, type Plane } from './slices.js';

export interface DrawnCase {
  readonly dims: Dims;
  /** Upper three rows of the voxel-to-world matrix of the (closest-canonical RAS) grid. */
  readonly affine: readonly number[];
  readonly truth: Uint8Array;
  readonly reads: readonly Uint8Array[];
  readonly segments: readonly Segment[];
  readonly image: PictureImage | null;
}

export interface CasePicture {
  readonly caption: string;
  readonly png: Uint8Array;
}

/** Longest side of a picture in pixels. */
const LONGEST = 300;
const PLANES: readonly { readonly plane: Plane; readonly name: string }[] = [
  { plane: 'axial', name: 'Axial' },
  { plane: 'coronal', name: 'Coronal' },
  { plane: 'sagittal', name: 'Sagittal' }
];

/**
 * Pictures of a case as radiologists look at it (right of the patient at the left): the truth in three planes through
 * its largest extent, and all reads on the axial one. Empty if nothing is labelled.
 */
export function drawCase(drawn: DrawnCase): CasePicture[] {
  const colours = new Map(drawn.segments.map(({ number, colour }) => [number, rgb(colour)]));
  const pictures: CasePicture[] = [];
  for (const { plane, name } of PLANES) {
    const view = openView(drawn, plane);
    if (view === null) continue;
    const png = draw(drawn, view, [{ labels: drawn.truth, colourOf: label => colours.get(label) ?? WHITE }]);
    pictures.push({ caption: `${name}, slice ${view.slice + 1}: ground truth`, png });
    if (plane !== 'axial' || drawn.reads.length === 0) continue;
    const layers = drawn.reads.map((labels, index) => {
      const colour = rgb(readerColour(index));
      return { labels, colourOf: () => colour };
    });
    pictures.push({ caption: `${name}, slice ${view.slice + 1}: all reads`, png: draw(drawn, view, layers) });
  }
  return pictures;
}

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];

interface View {
  readonly plane: Plane;
  readonly slice: number;
  readonly area: Area;
  /** Pixels per voxel across and down. */
  readonly zoom: readonly [number, number];
}

interface Layer {
  readonly labels: Uint8Array;
  readonly colourOf: (label: number) => Rgb;
}

function openView({ dims, affine, truth, reads }: DrawnCase, plane: Plane): View | null {
  const shown = truth.some(label => label !== 0)
    ? truth
    : (reads.find(read => read.some(label => label !== 0)) ?? null);
  if (shown === null) return null;
  const steps = spacing(affineFromRows(affine));
  const slice = fullestSlice(shown, dims, plane);
  const area = labelledArea([truth, ...reads], dims, plane, slice, steps);
  const [across, down] = area.millimetres;
  const scale = Math.min(LONGEST / (across * area.width), LONGEST / (down * area.height));
  return { plane, slice, area, zoom: [scale * across, scale * down] };
}

function draw({ dims, image }: DrawnCase, { plane, slice, area, zoom }: View, layers: readonly Layer[]): Uint8Array {
  const width = Math.max(1, Math.round(area.width * zoom[0]));
  const height = Math.max(1, Math.round(area.height * zoom[1]));
  const pixels = new Uint8Array(3 * width * height);
  // Rows and columns run against i, j and k: patient's right at the left, front or head at the top.
  const column = (x: number): number => area.left + area.width - 1 - Math.min(area.width - 1, Math.floor(x / zoom[0]));
  const row = (y: number): number => area.top + area.height - 1 - Math.min(area.height - 1, Math.floor(y / zoom[1]));
  if (image !== null) {
    const values = cutSlice(image.values, dims, plane, slice);
    const [low, high] = image.window;
    const span = high > low ? high - low : 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = (values.at(column(x), row(y)) - low) / span;
        const grey = Math.round(255 * Math.min(1, Math.max(0, value)));
        pixels.fill(grey, 3 * (y * width + x), 3 * (y * width + x) + 3);
      }
    }
  }
  for (const { labels, colourOf } of layers) {
    const cut = cutSlice(labels, dims, plane, slice);
    const label = (x: number, y: number): number =>
      x < 0 || y < 0 || x >= width || y >= height ? 0 : cut.at(column(x), row(y));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const own = label(x, y);
        if (own === 0) continue;
        const isEdge =
          label(x - 1, y) !== own || label(x + 1, y) !== own || label(x, y - 1) !== own || label(x, y + 1) !== own;
        if (isEdge) pixels.set(colourOf(own), 3 * (y * width + x));
      }
    }
  }
  return encodePng({ width, height, pixels });
}

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
