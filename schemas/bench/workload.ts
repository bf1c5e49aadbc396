import type { Dims, PaintedRegion } from '@voxcord/schemas/labelmap';

/*
 * The standard painting workload: readers who paint organs on a 512 x 512 x 300 grid, in rounds of concurrent strokes.
 * Seeded and in whole numbers, so that every machine paints the same voxels.
 */

export const WORKLOAD_DIMS: Dims = [512, 512, 300];

export interface WorkloadStroke {
  readonly reader: number;
  /** 0 sagittal, 1 coronal, 2 axial disc; 3 ball. */
  readonly plane: 0 | 1 | 2 | 3;
  /** Voxels. */
  readonly radius: number;
  /** 0 erases. */
  readonly segment: number;
  /** x, y, z of each sample, one after the other. */
  readonly points: Int16Array;
}

/** Strokes of readers who have not seen each other's yet; in a shared round all paint at the same place. */
export interface WorkloadRound {
  readonly shared: boolean;
  readonly strokes: readonly WorkloadStroke[];
}

export interface WorkloadOptions {
  readonly strokes?: number;
  readonly readers?: number;
  readonly segments?: number;
  readonly seed?: number;
  /** Part of the rounds that are shared. */
  readonly overlap?: number;
  /** Part of the strokes that erase. */
  readonly erase?: number;
  /** Part of the strokes that are balls. */
  readonly ball?: number;
}

type Point = [number, number, number];

interface Organ {
  readonly centre: Point;
  readonly spread: Point;
  readonly segment: number;
}

const ORGANS = 14;
const AXES = [0, 1, 2] as const;
const IN_PLANE = { 0: [1, 2], 1: [0, 2], 2: [0, 1], 3: [0, 1] } as const;

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function clamp(value: number, axis: 0 | 1 | 2): number {
  return Math.min(Math.max(value, 0), WORKLOAD_DIMS[axis] - 1);
}

export function standardWorkload(options: WorkloadOptions = {}): WorkloadRound[] {
  const { strokes = 2000, readers = 3, segments = 5, seed = 1, overlap = 0.2, erase = 0.12, ball = 0.2 } = options;
  const random = seeded(seed);
  const integer = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const bell = (): number => {
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += random();
    return (sum - 3) / 0.7071;
  };

  const organs: Organ[] = [];
  for (let i = 0; i < ORGANS; i++) {
    organs.push({
      centre: [integer(90, 420), integer(90, 420), integer(40, 260)],
      spread: [integer(30, 80), integer(30, 80), integer(15, 40)],
      segment: 1 + (i % segments)
    });
  }
  const organ = (index: number): Organ => {
    const found = organs[index];
    if (found === undefined) throw new Error(`There is no organ ${index}.`);
    return found;
  };

  const painting = Array.from({ length: readers }, (_, reader) => organ(reader % ORGANS));
  const rounds: WorkloadRound[] = [];
  for (let made = 0; made < strokes;) {
    const shared = random() < overlap;
    const round: WorkloadStroke[] = [];
    let anchor: Point | null = null;
    for (let reader = 0; reader < readers && made < strokes; reader++, made++) {
      if (random() < 0.03) painting[reader] = organ(integer(0, ORGANS - 1));
      const { centre, spread, segment: usual } = painting[shared ? 0 : reader] ?? organ(0);
      const start: Point =
        shared && anchor !== null
          ? mapPoint(anchor, (value, axis) => clamp(value + integer(-6, 6), axis))
          : mapPoint(centre, (value, axis) => clamp(Math.round(value + bell() * spread[axis] * 0.5), axis));
      const draw = random();
      const plane = random() < ball ? 3 : draw < 0.6 ? 2 : draw < 0.8 ? 1 : 0;
      anchor ??= start;
      const radius = integer(3, 10);
      const segment = random() < erase ? 0 : random() < 0.85 ? usual : integer(1, segments);
      const points = walk(start, plane, integer(15, 120), random);
      round.push({ reader, plane, radius, segment, points });
    }
    rounds.push({ shared, strokes: round });
  }
  return rounds;
}

function mapPoint(point: Point, change: (value: number, axis: 0 | 1 | 2) => number): Point {
  return [change(point[0], 0), change(point[1], 1), change(point[2], 2)];
}

/** A random walk that keeps its direction for a while. */
function walk(start: Point, plane: WorkloadStroke['plane'], samples: number, random: () => number): Int16Array {
  const [u, v] = IN_PLANE[plane];
  let direction = random() * Math.PI * 2;
  let here = start;
  const points: number[] = [...start];
  for (let sample = 1; sample < samples; sample++) {
    direction += (random() - 0.5) * 1.6;
    const step = 1 + random() * 4;
    const next: Point = [...here];
    next[u] = clamp(Math.round(next[u] + Math.cos(direction) * step), u);
    next[v] = clamp(Math.round(next[v] + Math.sin(direction) * step), v);
    if (next.every((value, axis) => value === here[axis])) continue;
    here = next;
    points.push(...next);
  }
  return Int16Array.from(points);
}

/** Half-width of each row of a disc of radius r: the largest h with h² + d² <= r² + r. */
const HALF_WIDTHS = Array.from({ length: 16 }, (_, radius) =>
  Array.from({ length: 2 * radius + 1 }, (_unused, row) => {
    let half = 0;
    while ((half + 1) ** 2 + (row - radius) ** 2 <= radius * radius + radius) half++;
    return half;
  })
);

/** The voxels that a stroke changes. */
export function strokeVoxels(stroke: WorkloadStroke): PaintedRegion {
  const { plane, radius, points } = stroke;
  const low: Point = [Infinity, Infinity, Infinity];
  const high: Point = [-1, -1, -1];
  for (let at = 0; at < points.length; at += 3) {
    for (const axis of AXES) {
      low[axis] = Math.min(low[axis], points[at + axis] ?? 0);
      high[axis] = Math.max(high[axis], points[at + axis] ?? 0);
    }
  }
  for (const axis of AXES) {
    const reach = plane === axis ? 0 : radius;
    low[axis] = Math.max(0, low[axis] - reach);
    high[axis] = Math.min(WORKLOAD_DIMS[axis] - 1, high[axis] + reach);
  }
  const stamp = new Stamp(low, high);
  let before: Point = [points[0] ?? 0, points[1] ?? 0, points[2] ?? 0];
  stamp.put(before, plane, radius);
  for (let at = 3; at < points.length; at += 3) {
    const next: Point = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0];
    const from = before;
    const steps = Math.max(...AXES.map(axis => Math.abs(next[axis] - from[axis])));
    for (let step = 1; step <= steps; step++) {
      stamp.put(
        mapPoint(from, (value, axis) => between(value, next[axis], step, steps)),
        plane,
        radius
      );
    }
    before = next;
  }
  return { box: { min: low, max: high }, mask: stamp.mask };
}

/** Rounded point of a line, in whole numbers. */
function between(from: number, to: number, step: number, steps: number): number {
  const doubled = 2 * (to - from) * step;
  return from + Math.sign(doubled) * Math.floor((Math.abs(doubled) + steps) / (2 * steps));
}

class Stamp {
  readonly mask: Uint8Array;
  private readonly low: Point;
  private readonly high: Point;
  private readonly strides: Point;

  constructor(low: Point, high: Point) {
    this.low = low;
    this.high = high;
    const [w, h, d] = mapPoint(low, (value, axis) => high[axis] - value + 1);
    this.strides = [1, w, w * h];
    this.mask = new Uint8Array(w * h * d);
  }

  put(centre: Point, plane: WorkloadStroke['plane'], radius: number): void {
    const [along, across] = IN_PLANE[plane];
    if (plane !== 3) {
      this.disc(centre, radius, along, across);
      return;
    }
    for (let slice = -radius; slice <= radius; slice++) {
      const half = HALF_WIDTHS[radius]?.[slice + radius] ?? 0;
      this.disc([centre[0], centre[1], centre[2] + slice], half, along, across);
    }
  }

  private disc(centre: Point, radius: number, along: 0 | 1 | 2, across: 0 | 1 | 2): void {
    for (let row = -radius; row <= radius; row++) {
      const half = HALF_WIDTHS[radius]?.[row + radius] ?? 0;
      const at: Point = [...centre];
      at[across] += row;
      for (let offset = -half; offset <= half; offset++) {
        at[along] = centre[along] + offset;
        this.set(at);
      }
    }
  }

  private set(at: Point): void {
    if (!AXES.every(axis => at[axis] >= this.low[axis] && at[axis] <= this.high[axis])) return;
    this.mask[AXES.reduce<number>((index, axis) => index + (at[axis] - this.low[axis]) * this.strides[axis], 0)] = 1;
  }
}
