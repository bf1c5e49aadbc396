import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelMapError, StrokePainter, type Brush, type Dims, type PaintedRegion } from '../../src/labelmap/index.js';
import { SeededRandom } from './seededRandom.js';

const DIMS: Dims = [70, 45, 40];
const SPACING = [0.7, 1.1, 2.5] as const;
const SEED = 314;

type Point = readonly [number, number, number];

function voxelsOf(region: PaintedRegion | null): Set<string> {
  const voxels = new Set<string>();
  if (region === null) return voxels;
  const { min, max } = region.box;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) if (region.mask[at++] !== 0) voxels.add(`${i},${j},${k}`);
    }
  }
  return voxels;
}

function distanceToSegment(point: Point, a: Point, b: Point): number {
  const d = [0, 1, 2].map(axis => (b[axis] ?? 0) - (a[axis] ?? 0));
  const w = [0, 1, 2].map(axis => (point[axis] ?? 0) - (a[axis] ?? 0));
  const length = d.reduce((sum, value) => sum + value * value, 0);
  const along = length === 0 ? 0 : d.reduce((sum, value, axis) => sum + value * (w[axis] ?? 0), 0) / length;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(...w.map((value, axis) => value - at * (d[axis] ?? 0)));
}

/** All voxels whose centre is within the radius of the path, in mm, found one by one. */
function expectedVoxels(path: readonly Point[], brush: Brush): Set<string> {
  const voxels = new Set<string>();
  const mm = (point: Point): Point => [point[0] * SPACING[0], point[1] * SPACING[1], point[2] * SPACING[2]];
  for (let k = 0; k < DIMS[2]; k++) {
    for (let j = 0; j < DIMS[1]; j++) {
      for (let i = 0; i < DIMS[0]; i++) {
        const near = path.some(
          (point, index) =>
            distanceToSegment(mm([i, j, k]), mm(path[Math.max(0, index - 1)] ?? point), mm(point)) <= brush.radius
        );
        const plane = brush.shape === 'sphere' || [i, j, k][brush.axis] === path[0]?.[brush.axis];
        if (near && plane) voxels.add(`${i},${j},${k}`);
      }
    }
  }
  return voxels;
}

function randomPath(random: SeededRandom, axis: 0 | 1 | 2 | null): Point[] {
  const start = DIMS.map(edge => random.integer(0, edge - 1));
  return Array.from({ length: random.integer(1, 5) }, (_, step) => {
    const at = start.map((value, index) => (index === axis || step === 0 ? value : value + (random.next() - 0.5) * 24));
    return [at[0] ?? 0, at[1] ?? 0, at[2] ?? 0] as const;
  });
}

function paintPath(
  painter: StrokePainter,
  brush: Brush,
  path: readonly Point[],
  accept?: (index: number) => boolean
): PaintedRegion | null {
  painter.begin(brush, accept);
  for (const point of path) painter.moveTo(point);
  return painter.end();
}

describe('a brush', () => {
  const painter = new StrokePainter({ dims: DIMS, spacing: SPACING });

  it.each(['sphere', 'disc'] as const)(
    '%s covers the voxels within its radius in mm of the whole path, without gaps',
    shape => {
      fc.assert(
        fc.property(fc.integer(), fc.constantFrom(0, 1, 2), (seed, axis) => {
          const random = new SeededRandom(seed);
          // Wider than a voxel's diagonal, so that the voxels on the path are within it anyway.
          const brush: Brush = { shape, radius: 1.5 + random.next() * 5, axis: axis };
          const path = randomPath(random, shape === 'disc' ? brush.axis : null);
          expect(voxelsOf(paintPath(painter, brush, path))).toEqual(expectedVoxels(path, brush));
        }),
        { seed: SEED, numRuns: 25 }
      );
    }
  );

  it('thinner than a voxel paints an unbroken line', () => {
    const region = paintPath(painter, { shape: 'sphere', radius: 0.01, axis: 2 }, [
      [3, 3, 3],
      [33, 13, 23]
    ]);
    const voxels = [...voxelsOf(region)]
      .map(text => text.split(',').map(Number))
      .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    expect(voxels.length).toBe(31);
    voxels.slice(1).forEach((voxel, index) => {
      expect(Math.max(...voxel.map((value, axis) => Math.abs(value - (voxels[index]?.[axis] ?? 0))))).toBe(1);
    });
  });

  it('tells with each move what is newly covered, each voxel once', () => {
    const random = new SeededRandom(SEED);
    const brush: Brush = { shape: 'sphere', radius: 6, axis: 2 };
    painter.begin(brush);
    const seen = new Set<string>();
    for (const point of randomPath(random, null)) {
      const box = painter.moveTo(point);
      const fresh = painter.newlyCovered();
      expect(fresh?.box ?? null).toEqual(box);
      for (const voxel of voxelsOf(fresh)) {
        expect(seen.has(voxel)).toBe(false);
        seen.add(voxel);
      }
    }
    expect(voxelsOf(painter.region())).toEqual(seen);
    expect(painter.moveTo([NaN, 0, 0])).toBeNull();
    expect(voxelsOf(painter.end())).toEqual(seen);
  });

  it('paints only what is accepted, and asks once for each voxel', () => {
    const brush: Brush = { shape: 'disc', radius: 5, axis: 2 };
    const path: Point[] = [
      [20, 20, 10],
      [24, 22, 10],
      [20, 20, 10]
    ];
    const asked: number[] = [];
    const isEven = (index: number): boolean => {
      asked.push(index);
      return index % 2 === 0;
    };
    const all = voxelsOf(paintPath(painter, brush, path));
    const accepted = voxelsOf(paintPath(painter, brush, path, isEven));
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBe(all.size);
    expect(accepted.size).toBe(asked.filter(index => index % 2 === 0).length);
    expect([...accepted].every(voxel => all.has(voxel))).toBe(true);
  });

  it('is cut at the border of the grid', () => {
    const region = paintPath(painter, { shape: 'sphere', radius: 8, axis: 2 }, [
      [-3, -3, -1],
      [-1e9, 1e9, 5]
    ]);
    expect(region?.box.min.every(value => value >= 0)).toBe(true);
    expect(paintPath(painter, { shape: 'disc', radius: 4, axis: 2 }, [[10, 10, -4]])).toBeNull();
    expect(paintPath(painter, { shape: 'sphere', radius: 2, axis: 2 }, [[200, 10, 10]])).toBeNull();
  });

  it('paints no planes between the planes of a disc', () => {
    const region = paintPath(painter, { shape: 'disc', radius: 2, axis: 2 }, [
      [10, 10, 5],
      [12, 10, 9]
    ]);
    expect(new Set([...voxelsOf(region)].map(voxel => voxel.split(',')[2]))).toEqual(new Set(['5', '9']));
  });

  it('needs a spacing', () => {
    expect(() => new StrokePainter({ dims: DIMS, spacing: [1, 0, 1] })).toThrow(LabelMapError);
  });
});
