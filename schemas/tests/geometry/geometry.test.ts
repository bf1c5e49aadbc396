import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affineFromColumns,
  affineFromRows,
  axisCodes,
  closestCanonical,
  compose,
  copySlices,
  cross,
  determinant,
  dot,
  fromCanonicalIndex,
  GeometryError,
  IDENTITY,
  invert,
  length,
  nearestRotation,
  orientationOf,
  spacing,
  toCanonicalIndex,
  transformPoint,
  walkFromCanonical,
  walkToCanonical,
  type Affine,
  type Vector
} from '../../src/geometry/index.js';

const SEED = 20261002;

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const vector = fc.tuple(coordinate, coordinate, coordinate);
const axes = fc.tuple(
  fc.tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true })
  ),
  fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
  fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.2, max: 6, noNaN: true }))),
  fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(-1, 1))),
  fc.shuffledSubarray([0, 1, 2], { minLength: 3 })
);

/** Rotated, flipped, permuted and anisotropic voxel grids. */
const affine = fc.tuple(axes, vector).map(([[axis, angle, sizes, signs, order], at]): Affine => {
  const turned = order.map(n => rotate(axis, angle, n).map(x => x * (sizes[n] ?? 1) * (signs[n] ?? 1)));
  const column = (n: number): Vector => [turned[n]?.[0] ?? 0, turned[n]?.[1] ?? 0, turned[n]?.[2] ?? 0];
  return affineFromColumns(column(0), column(1), column(2), at);
});
const dims = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));

/** World axis `n` turned about `axis` (Rodrigues). */
function rotate(axis: Vector, angle: number, n: number): number[] {
  const size = length(axis);
  const unit: Vector = size < 1e-3 ? [0, 0, 1] : [axis[0] / size, axis[1] / size, axis[2] / size];
  const v: Vector = [n === 0 ? 1 : 0, n === 1 ? 1 : 0, n === 2 ? 1 : 0];
  const c = cross(unit, v);
  const d = dot(unit, v);
  return [0, 1, 2].map(m => {
    const [vm, cm, um] = [v[m] ?? 0, c[m] ?? 0, unit[m] ?? 0];
    return vm * Math.cos(angle) + cm * Math.sin(angle) + um * d * (1 - Math.cos(angle));
  });
}

function expectNear(a: readonly number[], b: readonly number[], tolerance: number): void {
  expect(a.length).toBe(b.length);
  a.forEach((x, n) => expect(Math.abs(x - (b[n] ?? NaN))).toBeLessThan(tolerance));
}

describe('affines', () => {
  test('are undone by their inverse', () => {
    fc.assert(
      fc.property(affine, vector, (a, p) => {
        expectNear(transformPoint(invert(a), transformPoint(a, p)), p, 1e-6);
        expectNear(compose(a, invert(a)), IDENTITY, 1e-6);
      }),
      { seed: SEED }
    );
  });

  test('apply one after the other as their composition', () => {
    fc.assert(
      fc.property(affine, affine, vector, (a, b, p) => {
        expectNear(transformPoint(compose(a, b), p), transformPoint(a, transformPoint(b, p)), 1e-6);
      }),
      { seed: SEED }
    );
  });

  test('have twelve finite numbers', () => {
    expect(affineFromRows([1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7])).toEqual([1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7]);
    expect(() => affineFromRows(IDENTITY.slice(1))).toThrow(GeometryError);
    expect(() => affineFromRows([...IDENTITY, 1])).toThrow(GeometryError);
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(() => affineFromRows([bad, ...IDENTITY.slice(1)])).toThrow(
        expect.objectContaining({ code: 'affine.not-finite' })
      );
    }
  });

  test('that are flat have neither inverse nor orientation', () => {
    const flat: Affine = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0];
    expect(() => invert(flat)).toThrow(expect.objectContaining({ code: 'affine.singular' }));
    expect(() => orientationOf(flat)).toThrow(expect.objectContaining({ code: 'affine.singular' }));
    expect(() => orientationOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toThrow(GeometryError);
  });

  test('say the size of a voxel', () => {
    expectNear(spacing([0, 0, 3, 0, -0.8, 0, 0, 0, 0, 1.25, 0, 0]), [0.8, 1.25, 3], 1e-12);
  });
});

describe('orientation', () => {
  test.each<[string, readonly number[]]>([
    ['RAS', [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]],
    ['LPS', [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0]],
    ['LIA', [-1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0]],
    ['PSR', [0, 0, 2, 0, -0.5, 0, 0, 0, 0, 1, 0, 0]],
    ['RAS', [0.9, -0.4, 0, 0, 0.4, 0.9, 0, 0, 0, 0, 1, 0]]
  ])('%s', (letters, rows) => expect(axisCodes(affineFromRows(rows))).toBe(letters));

  test('uses each world axis once, however oblique the grid is', () => {
    fc.assert(
      fc.property(affine, a => {
        expect(
          orientationOf(a)
            .map(({ axis }) => axis)
            .sort()
        ).toEqual([0, 1, 2]);
      }),
      { seed: SEED }
    );
  });

  test('the nearest rotation is orthogonal and keeps handedness', () => {
    fc.assert(
      fc.property(affine, a => {
        const rotation = nearestRotation(a);
        for (const m of [0, 1, 2] as const) {
          for (const n of [0, 1, 2] as const) {
            expect(Math.abs(dot(rotation[m], rotation[n]) - (m === n ? 1 : 0))).toBeLessThan(1e-9);
          }
        }
        const turned = determinant(affineFromColumns(...rotation, [0, 0, 0]));
        expect(Math.sign(turned)).toBe(Math.sign(determinant(a)));
      }),
      { seed: SEED }
    );
  });
});

describe('the canonical grid', () => {
  test('is a grid that is canonical already', () => {
    fc.assert(
      fc.property(affine, dims, (a, size) => {
        const canonical = closestCanonical({ dims: size, affine: a });
        expect(axisCodes(canonical.affine)).toBe('RAS');
        const again = closestCanonical(canonical);
        expect([again.dims, again.affine]).toEqual([canonical.dims, canonical.affine]);
      }),
      { seed: SEED }
    );
  });

  test('has every voxel at its place in the world', () => {
    fc.assert(
      fc.property(affine, dims, (a, size) => {
        const canonical = closestCanonical({ dims: size, affine: a });
        forEachVoxel(size, index => {
          const moved = toCanonicalIndex(canonical.from, size, index);
          expectNear(transformPoint(canonical.affine, moved), transformPoint(a, index), 1e-6);
          expect(fromCanonicalIndex(canonical.from, size, moved)).toEqual(index);
        });
        expectNear([...spacing(canonical.affine)].sort(), [...spacing(a)].sort(), 1e-9);
      }),
      { seed: SEED, numRuns: 50 }
    );
  });

  test('holds the voxels that were there, and gives them back in their order', () => {
    fc.assert(
      fc.property(affine, dims, (a, size) => {
        const canonical = closestCanonical({ dims: size, affine: a });
        const voxels = Uint16Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => n + 1);
        const moved = new Uint16Array(voxels.length);
        copySlices(voxels, moved, walkToCanonical(canonical.from, size), 0, canonical.dims[2]);
        forEachVoxel(size, index => {
          const to = toCanonicalIndex(canonical.from, size, index);
          expect(moved[offset(canonical.dims, to)]).toBe(voxels[offset(size, index)]);
        });
        const back = new Uint16Array(voxels.length);
        copySlices(moved, back, walkFromCanonical(canonical.from, size), 0, size[2]);
        expect(back).toEqual(voxels);
      }),
      { seed: SEED, numRuns: 50 }
    );
  });

  test('is the same slab by slab', () => {
    const size = [4, 5, 6] as const;
    const { from, dims: canonical } = closestCanonical({ dims: size, affine: [0, 0, -1, 0, 1, 0, 0, 0, 0, -1, 0, 0] });
    const voxels = Uint8Array.from({ length: 120 }, (_, n) => n);
    const walk = walkToCanonical(from, size);
    const whole = new Uint8Array(120);
    copySlices(voxels, whole, walk, 0, canonical[2]);
    for (let z = 0; z < canonical[2]; z++) {
      const slab = new Uint8Array(canonical[0] * canonical[1]);
      copySlices(voxels, slab, walk, z, z + 1);
      expect(slab).toEqual(whole.subarray(z * slab.length, (z + 1) * slab.length));
    }
  });
});

function offset(size: Vector, index: Vector): number {
  return index[0] + size[0] * (index[1] + size[1] * index[2]);
}

function forEachVoxel(size: readonly [number, number, number], visit: (index: Vector) => void): void {
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++) visit([i, j, k]);
  }
}
