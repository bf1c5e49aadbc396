import { closestCanonical, orientationOf, walkToCanonical, copySlices, type Affine } from '@voxcord/schemas/geometry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flipSlice } from '../../src/inference/flips.js';
import { networkGridOf } from '../../src/inference/networkGrid.js';
import { alongTensor, alongVolume, tensorStrides, turnTo, type Triple } from '../../src/inference/orientation.js';
import { cleanSpacing, resampledSize } from '../../src/inference/resampling.js';
import { boxFrom, copyBox, volumeBox } from '../../src/inference/tensors.js';

const SEED = 20261123;
const check = <Values>(property: fc.IProperty<Values>): void => fc.assert(property, { seed: SEED });

/** All 48 orders and directions of the axes. */
const CODES = ['RL', 'AP', 'SI'].flatMap((pair, n, pairs) => {
  const [second = '', third = ''] = pairs.filter((_, m) => m !== n);
  const all = (word: string): string[] => Array.from(word);
  return all(pair).flatMap(a => all(second).flatMap(b => all(third).flatMap(c => [a + b + c, a + c + b])));
});
const letters = fc.constantFrom(...CODES);
const dims = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));

/** Voxel axes of 1 mm that point as the letters say. */
function affineOf(axes: string): Affine {
  const rows = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  Array.from(axes).forEach((letter, axis) => {
    const world = 'RL'.includes(letter) ? 0 : 'AP'.includes(letter) ? 1 : 2;
    rows[4 * world + axis] = 'RAS'.includes(letter) ? 1 : -1;
  });
  return rows as unknown as Affine;
}

/** 0, 1, 2 ... */
function counted(size: Triple<number>): Float32Array {
  return Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => n);
}

/** The volume as the tensor of a network sees it, last axis fastest. */
function asTensor(values: Float32Array, size: Triple<number>, affine: Affine, orientation: string): Float32Array {
  const turn = turnTo(orientation, affine);
  const [alongI, alongJ, alongK] = turn.flipped;
  const plane = size[0] * size[1];
  const turned = new Float32Array(values.length);
  for (let k = 0; k < size[2]; k++) {
    const slice = values.slice(k * plane, (k + 1) * plane);
    flipSlice(slice, size[0], size[1], alongI, alongJ);
    turned.set(slice, (alongK ? size[2] - 1 - k : k) * plane);
  }
  const tensor = new Float32Array(values.length);
  const strides = tensorStrides(turn, alongTensor(turn, size));
  copyBox(volumeBox(turned, size), { values: tensor, at: 0, strides }, size);
  return tensor;
}

describe('orientation', () => {
  test('has 48 names', () => {
    expect(new Set(CODES).size).toBe(48);
  });

  test('a tensor does not depend on the axes of the file, only on where its voxels lie in the world', () => {
    check(
      fc.property(letters, letters, dims, (axes, orientation, size) => {
        const affine = affineOf(axes);
        const grid = closestCanonical({ dims: size, affine });
        const values = counted(size);
        const canonical = new Float32Array(values.length);
        copySlices(values, canonical, walkToCanonical(orientationOf(affine), size), 0, grid.dims[2]);
        expect(asTensor(values, size, affine, orientation)).toEqual(
          asTensor(canonical, grid.dims, grid.affine, orientation)
        );
      })
    );
  });

  test('RAS with the last axis fastest is a volume on its canonical grid with its axes in the other order', () => {
    const tensor = asTensor(counted([2, 3, 4]), [2, 3, 4], affineOf('RAS'), 'RAS');
    expect([...tensor.subarray(0, 5)]).toEqual([0, 6, 12, 18, 2]);
  });

  test('LIA begins at the right, superior, posterior voxel and walks to the front first', () => {
    const tensor = asTensor(counted([2, 3, 4]), [2, 3, 4], affineOf('RAS'), 'LIA');
    const at = (i: number, j: number, k: number): number => i + 2 * (j + 3 * k);
    expect([...tensor.subarray(0, 4)]).toEqual([at(1, 0, 3), at(1, 1, 3), at(1, 2, 3), at(1, 0, 2)]);
  });

  test('values along the tensor and along the volume are each the way back of the other', () => {
    check(
      fc.property(letters, letters, (axes, orientation) => {
        const turn = turnTo(orientation, affineOf(axes));
        expect(alongVolume(turn, alongTensor(turn, ['i', 'j', 'k']))).toEqual(['i', 'j', 'k']);
      })
    );
  });

  test.each(['RAR', 'RA', 'XYZ', ''])('%s is no orientation', text => {
    expect(() => turnTo(text, affineOf('RAS'))).toThrow(RangeError);
  });
});

describe('boxes', () => {
  test('a box keeps its voxels in whatever order both sides have their axes', () => {
    check(
      fc.property(letters, letters, dims, (from, to, size) => {
        const [source, target] = [from, to].map(axes => {
          const turn = turnTo('RAS', affineOf(axes));
          return tensorStrides(turn, alongTensor(turn, size));
        });
        if (source === undefined || target === undefined) throw new Error('Two orders are needed.');
        const values = counted(size);
        const copied = new Float32Array(values.length);
        copyBox({ values, at: 0, strides: source }, { values: copied, at: 0, strides: target }, size);
        for (let i = 0; i < size[0]; i++) {
          for (let j = 0; j < size[1]; j++) {
            for (let k = 0; k < size[2]; k++) {
              const read = (box: Float32Array, strides: Triple<number>): unknown =>
                box[boxFrom({ values: box, at: 0, strides }, [i, j, k]).at];
              expect(read(copied, target)).toBe(read(values, source));
            }
          }
        }
      })
    );
  });

  test('boxes of many tiles are copied whole', () => {
    const size = [33, 17, 40] as const;
    const values = counted(size);
    const copied = new Float32Array(values.length);
    copyBox(volumeBox(values, size), { values: copied, at: 0, strides: [17 * 40, 40, 1] }, size);
    expect(copied[5 * 680 + 16 * 40 + 39]).toBe(5 + 33 * (16 + 17 * 39));
    expect(copied.toSorted()).toEqual(values);
  });
});

describe('the grid of a network', () => {
  const input = {
    tensor: 'image',
    modalities: ['CT' as const],
    orientation: 'SRA',
    spacing: [1, 2, 0.5] as [number, number, number],
    acceptedSpacing: { smallest: 0.1, largest: 10 },
    interpolation: 'linear' as const,
    intensity: { kind: 'none' as const },
    multipleOf: [1, 1, 1] as [number, number, number]
  };

  test('spacings of the tensor come to the axes of the volume', () => {
    const grid = networkGridOf({ input }, { dims: [11, 21, 31], affine: affineOf('RAS') });
    // The tensor's axes are S, R and A: 2 mm along R, 0.5 mm along A, 1 mm along S.
    expect(grid.scale).toEqual([2, 0.5, 1]);
    expect(grid.dims).toEqual([6, 41, 31]);
  });

  test('a volume without a spacing of the model keeps its grid', () => {
    const grid = networkGridOf({ input: { ...input, spacing: null } }, { dims: [7, 8, 9], affine: affineOf('LPI') });
    expect([grid.dims, grid.scale]).toEqual([
      [7, 8, 9],
      [1, 1, 1]
    ]);
  });

  test('noise of single precision does not decide about a voxel more or less', () => {
    expect(resampledSize(512, cleanSpacing(Math.fround(0.8)), 1.6)).toBe(resampledSize(512, 0.8, 1.6));
  });

  test('the last voxel after resampling is the nearest to the last one before', () => {
    check(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 10, max: 500 }),
        fc.integer({ min: 10, max: 500 }),
        (size, had, wanted) => {
          const last = (resampledSize(size, had / 100, wanted / 100) - 1) * (wanted / 100);
          expect(Math.abs(last - (size - 1) * (had / 100))).toBeLessThanOrEqual(wanted / 200 + 1e-9);
        }
      )
    );
  });
});
