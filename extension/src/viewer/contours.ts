import type { SliceValues } from './overlays.js';

/** A closed line: x, y, x, y ... in voxels of the slice (across, up); its last point joins the first. */
export type Contour = Float32Array;

/**
 * The borders of every value but 0 in a slice, as lines halfway between voxels inside and outside (marching squares on
 * the mask of each value). What touches the edge of the slice is closed there.
 */
export function contoursOf(slice: SliceValues): Contour[] {
  const contours: Contour[] = [];
  for (const [value, box] of boxesOf(slice)) contours.push(...contoursOfValue(slice, value, box));
  return contours;
}

interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

function boxesOf({ values, width, height }: SliceValues): Map<number, Box> {
  const boxes = new Map<number, Box>();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const value = values[at] ?? 0;
      if (value === 0) continue;
      const box = boxes.get(value);
      if (box === undefined) {
        boxes.set(value, { left: x, right: x, low: y, high: y });
        continue;
      }
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      box.high = y;
    }
  }
  return boxes;
}

function contoursOfValue({ values, width, height }: SliceValues, value: number, box: Box): Contour[] {
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && values[y * width + x] === value;
  // The middle between two voxels: even between (x, y) and (x + 1, y), odd between (x, y) and (x, y + 1).
  const stride = width + 2;
  const flat = (x: number, y: number): number => 2 * ((y + 1) * stride + x + 1);
  const tall = (x: number, y: number): number => flat(x, y) + 1;
  // Where the line goes from each middle, with the inside on its left.
  const next = new Map<number, number>();
  for (let y = box.low - 1; y <= box.high; y++) {
    for (let x = box.left - 1; x <= box.right; x++) {
      const corners =
        (inside(x, y) ? 1 : 0) |
        (inside(x + 1, y) ? 2 : 0) |
        (inside(x + 1, y + 1) ? 4 : 0) |
        (inside(x, y + 1) ? 8 : 0);
      if (corners === 0 || corners === 15) continue;
      const sides = { low: flat(x, y), right: tall(x + 1, y), high: flat(x, y + 1), left: tall(x, y) };
      for (const [from, to] of STEPS[corners] ?? []) next.set(sides[from], sides[to]);
    }
  }
  const contours: Contour[] = [];
  while (next.size > 0) {
    const [start] = next.keys();
    if (start === undefined) break;
    const points: number[] = [];
    for (let at: number | undefined = start; at !== undefined;) {
      const cell = at >> 1;
      const x = (cell % stride) - 1;
      const y = Math.floor(cell / stride) - 1;
      points.push((at & 1) === 0 ? x + 0.5 : x, (at & 1) === 0 ? y : y + 0.5);
      const following: number | undefined = next.get(at);
      next.delete(at);
      at = following === start ? undefined : following;
    }
    contours.push(Float32Array.from(points));
  }
  return contours;
}

type Side = 'low' | 'right' | 'high' | 'left';

/** Corners: 1 at (x, y), 2 at (x + 1, y), 4 at (x + 1, y + 1), 8 at (x, y + 1). Voxels that touch at a corner are apart. */
const STEPS: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [['low', 'left']],
  [['right', 'low']],
  [['right', 'left']],
  [['high', 'right']],
  [
    ['low', 'left'],
    ['high', 'right']
  ],
  [['high', 'low']],
  [['high', 'left']],
  [['left', 'high']],
  [['low', 'high']],
  [
    ['right', 'low'],
    ['left', 'high']
  ],
  [['right', 'high']],
  [['left', 'right']],
  [['low', 'right']],
  [['left', 'low']],
  []
];
