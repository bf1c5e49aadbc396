import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, blockDims, BlockMaxima, markPainted } from '../../src/viewer/blocks.js';
import { foregroundOf } from '../../src/viewer/foreground.js';
import { halfBits } from '../../src/viewer/halfFloat.js';
import { imageLookOf, LOOK_ENTRIES } from '../../src/viewer/imageLook.js';
import { Pace } from '../../src/viewer/pace.js';
import { projectedBox, surfaceProjection } from '../../src/viewer/surfaceProjection.js';
import { TILE, TileQueue } from '../../src/viewer/tileQueue.js';
import { quantile, sampleValues } from '../../src/viewer/valueSample.js';

const SEED = 20260105;

/** Values with a bell shape, always the same ones. */
function bell(count: number, mean: number, deviation: number): number[] {
  const sum = (at: number): number => [1, 2, 3, 4].reduce((total, n) => total + ((at * n * 0.754877) % 1), 0);
  return Array.from({ length: count }, (_, at) => mean + deviation * Math.sqrt(3) * (sum(at + 1) - 2));
}

const ascending = (...parts: number[][]): Float32Array => Float32Array.from(parts.flat()).sort();

describe('values from all over a volume', () => {
  it('are those of the volume, in its unit, when these are few', () => {
    const stored = Int16Array.of(5, -3, 9, 0);
    expect([...sampleValues({ stored, slope: 2, intercept: -1 })]).toEqual([-7, -1, 9, 17]);
  });

  it('leave out what is no number', () => {
    const stored = Float32Array.of(1, NaN, Infinity, -2);
    expect([...sampleValues({ stored, slope: 1, intercept: 0 })]).toEqual([-2, 1]);
  });

  it('stand for the whole of a big volume, however its rows repeat', () => {
    const stored = Uint8Array.from({ length: 1 << 20 }, (_, index) => index % 128);
    const sample = sampleValues({ stored, slope: 1, intercept: 0 });
    expect(sample.length).toBe(1 << 17);
    for (const share of [0.1, 0.5, 0.9]) expect(Math.abs(quantile(sample, share) - 128 * share)).toBeLessThan(3);
  });
});

describe('the foreground', () => {
  const head = ascending(Array<number>(6000).fill(0), bell(300, 95, 8), bell(2000, 160, 8), bell(1700, 215, 6));

  it('of a head is what is brighter than the air around it', () => {
    const foreground = foregroundOf(head);
    expect(foreground?.threshold).toBeGreaterThan(5);
    expect(foreground?.threshold).toBeLessThan(140);
    expect(foreground?.high).toBeGreaterThan(215);
  });

  it('is the same however much air there is', () => {
    const more = ascending(Array<number>(9000).fill(0), [...head.subarray(0)]);
    expect(foregroundOf(more)?.high).toBe(foregroundOf(head)?.high);
  });

  it('of a CT is the body', () => {
    const foreground = foregroundOf(ascending(bell(5000, -990, 12), bell(2000, -100, 20), bell(3000, 45, 25)));
    expect(foreground?.threshold).toBeGreaterThan(-900);
    expect(foreground?.threshold).toBeLessThan(-150);
  });

  it('is not told from tissue that fills the image', () => {
    expect(foregroundOf(ascending(bell(5000, 100, 30)))).toBeNull();
    expect(foregroundOf(Float32Array.from({ length: 1000 }, (_, at) => at))).toBeNull();
  });

  it('is not there in one value', () => {
    expect(foregroundOf(new Float32Array(50).fill(7))).toBeNull();
    expect(foregroundOf(new Float32Array(0))).toBeNull();
  });
});

describe('the look of an image in space', () => {
  const opacityAt = (look: ReturnType<typeof imageLookOf>, value: number): number => {
    const entry = Math.round(((value - look.low) / (look.high - look.low)) * (LOOK_ENTRIES - 1));
    return (look.table[4 * Math.min(LOOK_ENTRIES - 1, Math.max(0, entry)) + 3] ?? 0) / 255;
  };

  it('shows bone and hides soft tissue of a CT', () => {
    const values = ascending(bell(5000, -990, 12), bell(3000, 45, 25), bell(300, 600, 80));
    const look = imageLookOf({ modality: 'CT', range: [-1024, 1500] }, values, foregroundOf(values));
    expect(look.seenFrom).toBeGreaterThan(100);
    expect(opacityAt(look, 500)).toBeGreaterThan(0.9);
  });

  it('shows the surface of the body in a CT without bone, and of the head in an MR', () => {
    const soft = ascending(bell(5000, -990, 12), bell(3000, 45, 25));
    const body = imageLookOf({ modality: 'CT', range: [-1024, 150] }, soft, foregroundOf(soft));
    expect(body.seenFrom).toBe(foregroundOf(soft)?.threshold);
    expect(opacityAt(body, 45)).toBe(1);
  });

  it('never gets more transparent with the value, and has colours for every image', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), fc.constantFrom('CT', 'MR'), (list, modality) => {
        const values = ascending(list);
        const range: [number, number] = [values[0] ?? 0, values.at(-1) ?? 0];
        const look = imageLookOf({ modality, range }, values, foregroundOf(values));
        expect(look.high).toBeGreaterThan(look.low);
        for (let entry = 1; entry < LOOK_ENTRIES; entry++) {
          expect(look.table[4 * entry + 3]).toBeGreaterThanOrEqual(look.table[4 * entry - 1] ?? 0);
        }
      }),
      { seed: SEED }
    );
  });
});

describe('blocks', () => {
  const DIMS: Dims = [19, 10, 11];
  const at = (i: number, j: number, k: number): number => i + DIMS[0] * (j + DIMS[1] * k);
  const blocks = blockDims(DIMS);

  /** Brightest value that interpolation can meet within a block. */
  const expected = (values: Float32Array, block: readonly [number, number, number]): number => {
    let highest = -Infinity;
    const near = (axis: 0 | 1 | 2): number[] =>
      Array.from({ length: BLOCK + 2 }, (_, n) => block[axis] * BLOCK - 1 + n).filter(v => v >= 0 && v < DIMS[axis]);
    for (const k of near(2)) {
      for (const j of near(1)) for (const i of near(0)) highest = Math.max(highest, values[at(i, j, k)] ?? 0);
    }
    return highest;
  };

  it('know the highest value that a ray can meet in them, however many slices come at a time', () => {
    const count = DIMS[0] * DIMS[1] * DIMS[2];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: count, maxLength: count }),
        fc.integer({ min: 1, max: 11 }),
        (list, slices) => {
          const values = Float32Array.from(list);
          const halves = Uint16Array.from(values, halfBits);
          const maxima = new BlockMaxima(DIMS);
          const slice = DIMS[0] * DIMS[1];
          for (let k = 0; k < DIMS[2]; k += slices) {
            maxima.add(k, halves.subarray(k * slice, Math.min(DIMS[2], k + slices) * slice));
          }
          const found = maxima.halves();
          for (let block = 0; block < found.length; block++) {
            const row = Math.floor(block / blocks[0]);
            const place = [block % blocks[0], row % blocks[1], Math.floor(row / blocks[1])] as const;
            expect(found[block]).toBe(halfBits(expected(values, place)));
          }
        }
      ),
      { seed: SEED, numRuns: 20 }
    );
  });

  it('give the box of what is bright', () => {
    const halves = new Uint16Array(DIMS[0] * DIMS[1] * DIMS[2]).fill(halfBits(-5));
    halves[at(12, 3, 4)] = halfBits(50);
    const maxima = new BlockMaxima(DIMS);
    maxima.add(0, halves);
    expect(maxima.boxAbove(halfBits(49))).toEqual({ min: [8, 0, 0], max: [15, 7, 7] });
    expect(maxima.boxAbove(halfBits(50))).toBeNull();
  });

  it('know where something is painted, after any changes', () => {
    const voxel = fc.tuple(fc.nat(DIMS[0] - 1), fc.nat(DIMS[1] - 1), fc.nat(DIMS[2] - 1), fc.nat(2));
    fc.assert(
      fc.property(fc.array(voxel, { maxLength: 40 }), changes => {
        const bitmap = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
        const painted = new Uint8Array(blocks[0] * blocks[1] * blocks[2]);
        for (const [i, j, k, label] of changes) {
          bitmap[at(i, j, k)] = label;
          markPainted(bitmap, DIMS, { min: [i, j, k], max: [i, j, k] }, painted);
        }
        const fresh = new Uint8Array(painted.length);
        bitmap.forEach((label, index) => {
          const row = Math.floor(index / DIMS[0]);
          const [i, j, k] = [index % DIMS[0], row % DIMS[1], Math.floor(row / DIMS[1])].map(v => Math.floor(v / BLOCK));
          if (label > 0) fresh[(i ?? 0) + blocks[0] * ((j ?? 0) + blocks[1] * (k ?? 0))] = 255;
        });
        expect(painted).toEqual(fresh);
      }),
      { seed: SEED }
    );
  });
});

describe('the tiles of a picture', () => {
  const pixels = (queue: TileQueue): number => {
    let sum = 0;
    while (!queue.isEmpty) for (const { width, height } of queue.take(3000)) sum += width * height;
    return sum;
  };

  it('cover it once, to its ragged edges', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (width, height) => {
        const queue = new TileQueue(width, height);
        queue.markAll();
        expect(pixels(queue)).toBe(width * height);
      }),
      { seed: SEED }
    );
  });

  it('come from the middle outwards, as many at a time as may be drawn', () => {
    const queue = new TileQueue(10 * TILE, 10 * TILE);
    queue.markAll();
    const first = queue.take(4 * TILE * TILE);
    expect(first.map(({ left, bottom }) => [left, bottom]).sort()).toEqual(
      [
        [4, 4],
        [4, 5],
        [5, 4],
        [5, 5]
      ].map(([column = 0, row = 0]) => [column * TILE, row * TILE])
    );
    expect(queue.take(1)).toHaveLength(1);
  });

  it('are only those that were marked, each once', () => {
    const queue = new TileQueue(10 * TILE, 10 * TILE);
    queue.mark(2.5 * TILE, 3.5 * TILE, 3.5 * TILE, 3.6 * TILE);
    queue.mark(2.6 * TILE, 3.5 * TILE, 2.7 * TILE, 3.6 * TILE);
    queue.mark(-90, -90, -50, 5000);
    expect(pixels(queue)).toBe(2 * TILE * TILE);
  });
});

describe('the pace of drawing', () => {
  it('settles at what takes the time that it may', () => {
    const pace = new Pace(30, 1024, 1024);
    const draw = (perPixel: number): void => pace.took(pace.pixels, pace.pixels * perPixel);
    for (let piece = 0; piece < 30; piece++) draw(0.002);
    expect(pace.pixels * 0.002).toBeCloseTo(30);
    for (let piece = 0; piece < 30; piece++) draw(0.01);
    expect(pace.pixels * 0.01).toBeCloseTo(30);
  });

  it('begins a new picture as slowly as the slowest part of the last one', () => {
    const pace = new Pace(30, 1024, 1024);
    for (const perPixel of [0.001, 0.001, 0.02, 0.0001, 0.0001]) pace.took(pace.pixels, pace.pixels * perPixel);
    const fast = pace.pixels;
    pace.restart();
    pace.restart();
    expect(pace.pixels).toBeLessThan(fast);
    expect(pace.pixels).toBeGreaterThanOrEqual(1024);
  });
});

describe('the projection of a volume', () => {
  const grid = { dims: [40, 50, 30] as const, spacing: [1, 0.8, 3] as const };
  const everything: VoxelBox = { min: [0, 0, 0], max: [39, 49, 29] };

  it('has the middle of what is to be seen in the middle of the picture', () => {
    const content: VoxelBox = { min: [10, 10, 10], max: [19, 29, 14] };
    const projection = surfaceProjection(grid, content, { azimuth: 33, elevation: -20, zoom: 2 }, 300, 200);
    const { left, right, bottom, top } = projectedBox(projection, grid, content, 300, 200);
    expect((left + right) / 2).toBeCloseTo(150);
    expect((bottom + top) / 2).toBeCloseTo(100);
  });

  it('holds every voxel of a box within the place of the box', () => {
    const whole = fc.integer({ min: 0, max: 29 });
    fc.assert(
      fc.property(
        fc.tuple(whole, whole, whole, whole, whole, whole),
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: -90, max: 90 }),
        ([a, b, c, d, e, f], azimuth, elevation) => {
          const box: VoxelBox = {
            min: [Math.min(a, d), Math.min(b, e), Math.min(c, f)],
            max: [Math.max(a, d), Math.max(b, e), Math.max(c, f)]
          };
          const projection = surfaceProjection(grid, everything, { azimuth, elevation, zoom: 1 }, 320, 240);
          const place = projectedBox(projection, grid, box, 320, 240);
          const voxel: VoxelBox = { min: [d, b, f], max: [d, b, f] };
          const inner = projectedBox(projection, grid, voxel, 320, 240);
          expect(inner.left).toBeGreaterThanOrEqual(place.left - 1e-6);
          expect(inner.right).toBeLessThanOrEqual(place.right + 1e-6);
          expect(inner.bottom).toBeGreaterThanOrEqual(place.bottom - 1e-6);
          expect(inner.top).toBeLessThanOrEqual(place.top + 1e-6);
        }
      ),
      { seed: SEED }
    );
  });
});
