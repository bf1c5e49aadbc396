import { boxVolume, LabelMap } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readableBitmap, repaintingsFor } from '../../src/review/acceptance.js';
import { greatestDisagreement } from '../../src/review/greatestDisagreement.js';
import { BoxSource, regionOfRuns } from '../../src/review/regions.js';

const dims = [7, 6, 5] as const;
const size = dims[0] * dims[1] * dims[2];

/** Start and length of each run of voxels, as the service tells them. */
function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  mask.forEach((value, at) => {
    if (value === 0) return;
    const end = (runs.at(-2) ?? -1) + (runs.at(-1) ?? 0);
    if (runs.length > 0 && end === at) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(at, 1);
  });
  return runs;
}

const labels = fc.uint8Array({ minLength: size, maxLength: size, max: 3 });
const masks = fc.uint8Array({ minLength: size, maxLength: size, max: 1 });

describe('the region of a dispute', () => {
  it('is exactly the voxels of its runs, in a tight box, whatever they are', () => {
    fc.assert(
      fc.property(masks, mask => {
        const region = regionOfRuns({ runs: runsOf(mask) }, dims);
        const source = region === null ? null : new BoxSource(dims, region);
        const seen = new Uint8Array(size);
        for (let k = 0; k < dims[2]; k++) {
          const slice = source?.slice('axial', k) ?? null;
          if (slice !== null) seen.set(slice.values, k * dims[0] * dims[1]);
        }
        expect(seen).toEqual(mask);
        if (region !== null) expect(region.mask.length).toBe(boxVolume(region.box));
      }),
      { seed: 3, numRuns: 100 }
    );
  });
});

describe('accepting a candidate', () => {
  it('leaves the labels of the candidate in the dispute and changes nothing else', () => {
    fc.assert(
      fc.property(labels, labels, masks, (now, candidate, mask) => {
        const region = regionOfRuns({ runs: runsOf(mask) }, dims);
        if (region === null) return;
        const after = now.slice();
        const strokes = repaintingsFor(region, readableBitmap(candidate, dims), readableBitmap(now, dims));
        for (const { region: painted, segment } of strokes) {
          const { min, max } = painted.box;
          let at = 0;
          for (let k = min[2]; k <= max[2]; k++) {
            for (let j = min[1]; j <= max[1]; j++) {
              for (let i = min[0]; i <= max[0]; i++, at++) {
                if (painted.mask[at] === 1) after[i + dims[0] * (j + dims[1] * k)] = segment;
              }
            }
          }
        }
        expect(after).toEqual(now.map((label, at) => (mask[at] === 1 ? (candidate[at] ?? 0) : label)));
        expect(new Set(strokes.map(({ segment }) => segment)).size).toBe(strokes.length);
      }),
      { seed: 11, numRuns: 100 }
    );
  });

  it('paints nothing where nothing would change', () => {
    const same = new Uint8Array(size).fill(2);
    const region = { box: { min: [0, 0, 0], max: [6, 5, 4] }, mask: new Uint8Array(size).fill(1) } as const;
    expect(repaintingsFor(region, readableBitmap(same, dims), readableBitmap(same, dims))).toEqual([]);
  });

  it('keeps what a reader had not to read', () => {
    const now = new Uint8Array(size).fill(3);
    const candidate = new Uint8Array(size).fill(1);
    const region = { box: { min: [0, 0, 0], max: [6, 5, 4] }, mask: new Uint8Array(size).fill(1) } as const;
    expect(repaintingsFor(region, readableBitmap(candidate, dims), readableBitmap(now, dims), [1, 2])).toEqual([]);
  });
});

describe('where two readers differ most', () => {
  const grid = [60, 60, 40] as const;
  const whole = { min: [0, 0, 0], max: [59, 59, 39] } as const;
  const voxels = (paint: (bitmap: Uint8Array) => void) => {
    const map = LabelMap.open(grid, { head: null, base: null, records: [] });
    const bitmap = new Uint8Array(map.bitmap.length);
    paint(bitmap);
    return { dims: grid, boxes: [whole], ...readableBitmap(bitmap, grid) };
  };
  const at = (i: number, j: number, k: number): number => i + 60 * (j + 60 * k);
  const ball = (bitmap: Uint8Array, centre: readonly [number, number, number], radius: number, label: number): void => {
    for (let k = 0; k < 40; k++)
      for (let j = 0; j < 60; j++)
        for (let i = 0; i < 60; i++)
          if (Math.hypot(i - centre[0], j - centre[1], k - centre[2]) <= radius) bitmap[at(i, j, k)] = label;
  };

  it('is a voxel that differs, in the larger of two differences', () => {
    const a = voxels(bitmap => ball(bitmap, [15, 15, 15], 5, 1));
    const b = voxels(bitmap => ball(bitmap, [45, 45, 30], 2, 1));
    const place = greatestDisagreement(a, b, 1, [1, 1, 1]);
    expect(place).not.toBeNull();
    if (place !== null) expect(Math.hypot(place[0] - 15, place[1] - 15, place[2] - 15)).toBeLessThanOrEqual(5);
  });

  it('is nowhere if they say the same of the segment, whatever they say of others', () => {
    const a = voxels(bitmap => ball(bitmap, [15, 15, 15], 5, 1));
    const b = voxels(bitmap => {
      ball(bitmap, [15, 15, 15], 5, 1);
      ball(bitmap, [45, 45, 30], 4, 2);
    });
    expect(greatestDisagreement(a, b, 1, [1, 1, 1])).toBeNull();
    expect(greatestDisagreement(a, b, 2, [1, 1, 1])).not.toBeNull();
  });
});
