import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../../src/inference/orientation.js';
import { windowPadding, windowStarts, windowWeights } from '../../src/inference/windows.js';
import { WindowSums } from '../../src/inference/windowSums.js';
import { draw } from './support/draw.js';

const SEED = 20261125;
const check = <Values>(property: fc.IProperty<Values>): void => fc.assert(property, { seed: SEED });
const overlap = fc.integer({ min: 0, max: 9 }).map(tenths => tenths / 10);

describe('windows', () => {
  test('cover the axis, overlap as they should, and end with it', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 64 }), overlap, (size, patch, share) => {
        const starts = windowStarts(size, patch, share);
        expect(starts[0]).toBe(0);
        if (size > patch) expect((starts.at(-1) ?? 0) + patch).toBe(size);
        else expect(starts).toEqual([0]);
        starts.slice(1).forEach((start, n) => {
          const step = start - (starts[n] ?? 0);
          expect(step).toBeGreaterThan(0);
          expect(step).toBeLessThanOrEqual(Math.max(1, Math.trunc(patch * (1 - share))));
        });
      })
    );
  });

  test('begin where those of MONAI do', () => {
    expect(windowStarts(40, 16, 0.25)).toEqual([0, 12, 24]);
    expect(windowStarts(37, 16, 0.25)).toEqual([0, 12, 21]);
    expect(windowStarts(30, 8, 0.6)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 22]);
    expect(windowPadding(7, 16)).toEqual([4, 5]);
    expect(windowPadding(20, 16)).toEqual([0, 0]);
  });

  test('weigh the middle most, every voxel something, both sides the same', () => {
    const weights = windowWeights([16, 8, 24], 'gaussian');
    const at = (x: number, y: number, z: number): number => weights[(x * 8 + y) * 24 + z] ?? NaN;
    expect(Math.max(...weights)).toBe(at(8, 4, 12));
    expect(Math.min(...weights)).toBeCloseTo(1e-3, 9);
    expect(at(3, 2, 20)).toBe(at(12, 5, 3));
    // exp(-(1/2)² / 2σ²) along each axis, σ an eighth of the window.
    expect(at(8, 4, 12)).toBeCloseTo(Math.exp(-(0.125 / 4 + 0.125 / 1 + 0.125 / 9)), 6);
    expect(new Set(windowWeights([4, 4, 4], 'constant'))).toEqual(new Set([1]));
  });
});

describe('sums of windows', () => {
  test('slices that are taken out as soon as they are done are those of all windows together', () => {
    const length = fc.integer({ min: 1, max: 14 });
    const patch = fc.integer({ min: 1, max: 6 });
    check(
      fc.property(
        fc.tuple(length, length, length),
        fc.tuple(patch, patch, patch),
        overlap,
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.integer({ min: -8, max: 8 })),
        (dims, size, share, channels, stream) => {
          const strides: Triple<number> = [size[1] * size[2], size[2], 1];
          const voxels = size[0] * size[1] * size[2];
          // Small whole numbers: sums are exact in whatever order.
          const weights = Float32Array.from({ length: voxels }, () => 1 + Math.abs(draw(stream)));
          const count = dims[0] * dims[1] * dims[2];
          const total = Array.from({ length: channels + 1 }, () => new Float64Array(count));
          const sums = new WindowSums(dims, size[2]);
          const [alongI, alongJ, alongK] = dims.map((each, axis) => {
            const [before] = windowPadding(each, size[axis] ?? 1);
            return windowStarts(each, size[axis] ?? 1, share).map(start => start - before);
          });
          const found: Float32Array[] = [];
          alongK?.forEach((k, n) => {
            for (const j of alongJ ?? []) {
              for (const i of alongI ?? []) {
                const scores = Float32Array.from({ length: channels * voxels }, () => draw(stream));
                sums.add(scores, weights, strides, [i, j, k], size);
                addPlainly(total, scores, weights, [i, j, k], size, dims);
              }
            }
            const end = alongK[n + 1] ?? dims[2];
            for (let slice = Math.max(0, k); slice < end; slice++) found.push(sums.takeOut(slice).slice());
          });
          const plane = dims[0] * dims[1];
          found.forEach((slice, k) => {
            for (let n = 0; n < plane * channels; n++) {
              const [channel, voxel] = [Math.floor(n / plane), k * plane + (n % plane)];
              const mean = (total[channel]?.[voxel] ?? NaN) / (total[channels]?.[voxel] ?? NaN);
              expect(slice[n]).toBe(Math.fround(mean));
            }
          });
          expect(found.length).toBe(dims[2]);
        }
      )
    );
  });
});

function addPlainly(
  total: readonly Float64Array[],
  scores: Float32Array,
  weights: Float32Array,
  start: Triple<number>,
  size: Triple<number>,
  dims: Triple<number>
): void {
  let n = 0;
  for (let x = 0; x < size[0]; x++) {
    for (let y = 0; y < size[1]; y++) {
      for (let z = 0; z < size[2]; z++, n++) {
        const [i, j, k] = [start[0] + x, start[1] + y, start[2] + z];
        if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) continue;
        const voxel = i + dims[0] * (j + dims[1] * k);
        total.forEach((sums, channel) => {
          const value = channel === total.length - 1 ? 1 : (scores[channel * weights.length + n] ?? 0);
          sums[voxel] = (sums[voxel] ?? 0) + value * (weights[n] ?? 0);
        });
      }
    }
  }
}
