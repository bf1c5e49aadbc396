import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundingBox, clippedBox, cutOut, grownBox } from '../../src/morphology/boxes.js';
import { connectedComponents, type Connectivity } from '../../src/morphology/connectedComponents.js';

const SEED = 20261026;
const DIMS = [6, 5, 4] as const;
const [NI, NJ, NK] = DIMS;

/** By the definition: spread from each voxel to its neighbours of the same value. */
function spread(values: Uint8Array, connectivity: Connectivity): number[] {
  const steps = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3;
  const labels = new Array<number>(values.length).fill(0);
  let count = 0;
  for (let seed = 0; seed < values.length; seed++) {
    if (values[seed] === 0 || labels[seed] !== 0) continue;
    count++;
    const queue = [seed];
    labels[seed] = count;
    for (let voxel = queue.pop(); voxel !== undefined; voxel = queue.pop()) {
      const [i, j, k] = [voxel % NI, Math.floor(voxel / NI) % NJ, Math.floor(voxel / (NI * NJ))];
      for (let n = 0; n < 27; n++) {
        const [a, b, c] = [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1];
        if (Math.abs(a) + Math.abs(b) + Math.abs(c) > steps) continue;
        if (i + a < 0 || j + b < 0 || k + c < 0 || i + a >= NI || j + b >= NJ || k + c >= NK) continue;
        const other = voxel + a + NI * (b + NJ * c);
        if (values[other] !== values[seed] || labels[other] !== 0) continue;
        labels[other] = count;
        queue.push(other);
      }
    }
  }
  return labels;
}

const array = fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: NI * NJ * NK, maxLength: NI * NJ * NK });

test.each([6, 18, 26] as const)('components are what can be reached over %i neighbours', connectivity => {
  fc.assert(
    fc.property(array, numbers => {
      const values = Uint8Array.from(numbers);
      const { labels, count, sizes, boxes } = connectedComponents(values, DIMS, connectivity);
      const expected = spread(values, connectivity);
      expect([...labels]).toEqual(expected);
      expect(count).toBe(Math.max(...expected));
      for (let component = 1; component <= count; component++) {
        const mask = Uint8Array.from(labels, label => (label === component ? 1 : 0));
        expect(sizes[component]).toBe(mask.reduce((sum, value) => sum + value, 0));
        expect(boxes[component]).toEqual(boundingBox([mask], DIMS));
      }
    }),
    { seed: SEED, numRuns: 200 }
  );
});

test('the box around masks holds all of their voxels, and nothing lies outside', () => {
  fc.assert(
    fc.property(array, array, (one, other) => {
      const masks = [Uint8Array.from(one), Uint8Array.from(other)];
      const box = boundingBox(masks, DIMS);
      const total = masks.map(mask => mask.filter(value => value !== 0).length);
      if (box === null) expect(total).toEqual([0, 0]);
      else expect(masks.map(mask => cutOut(mask, DIMS, box).filter(value => value !== 0).length)).toEqual(total);
    }),
    { seed: SEED, numRuns: 200 }
  );
});

test.each([1, 2, 3, 5, 6, 7])('the box around masks is found in rows of %i voxels', width => {
  const dims = [width, 3, 3] as const;
  for (let marked = 0; marked < 9 * width; marked++) {
    const mask = new Uint8Array(9 * width);
    mask[marked] = 1;
    const place = [marked % width, Math.floor(marked / width) % 3, Math.floor(marked / width / 3)];
    expect(boundingBox([mask], dims)).toEqual({ min: place, max: place });
  }
  expect(boundingBox([new Uint8Array(9 * width)], dims)).toBeNull();
});

test('a margin is at least as wide as it says, in whole voxels, and ends at the border of the image', () => {
  const box = { min: [2, 2, 2], max: [3, 3, 3] } as const;
  expect(grownBox(box, 1, [0.5, 1, 2])).toEqual({ min: [0, 1, 1], max: [5, 4, 4] });
  // As voxel sizes come out of a header of 32-bit numbers.
  expect(grownBox(box, 7, [Math.fround(0.7), 7, 7]).max[0]).toBe(13);
  expect(clippedBox(grownBox(box, 10, [1, 1, 1]), DIMS)).toEqual({ min: [0, 0, 0], max: [5, 4, 3] });
});
