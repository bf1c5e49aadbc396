import { encodeBricks } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISAGREEMENT_COLOURS, categoryColours } from '../../src/viewer/colourMaps.js';
import { type Contour, contoursOf } from '../../src/viewer/contours.js';
import { FixedVoxels } from '../../src/viewer/fixedVoxels.js';
import { PLANE_AXES, PLANES } from '../../src/viewer/planes.js';

/** Twice the area that a closed line encloses, positive counterclockwise. */
function twiceArea(points: Contour): number {
  let sum = 0;
  for (let n = 0; n < points.length; n += 2) {
    const m = (n + 2) % points.length;
    sum += (points[n] ?? 0) * (points[m + 1] ?? 0) - (points[m] ?? 0) * (points[n + 1] ?? 0);
  }
  return sum;
}

function slice(rows: readonly string[]) {
  const height = rows.length;
  const width = rows[0]?.length ?? 0;
  const values = new Uint8Array(width * height);
  rows.forEach((row, y) => {
    for (let x = 0; x < width; x++) values[y * width + x] = row[x] === '.' ? 0 : Number(row[x]);
  });
  return { width, height, values };
}

describe('outlines of a label map', () => {
  it('runs around a voxel halfway to its neighbours', () => {
    const [line, ...others] = contoursOf(slice(['...', '.1.', '...']));
    expect(others).toEqual([]);
    const points = new Set<string>();
    for (let n = 0; n < (line?.length ?? 0); n += 2) points.add(`${line?.[n]},${line?.[n + 1]}`);
    expect(points).toEqual(new Set(['0.5,1', '1,0.5', '1.5,1', '1,1.5']));
  });

  it('closes what touches the edge of the slice and goes around holes the other way', () => {
    const lines = contoursOf(slice(['111', '1.1', '111']));
    expect(lines.map(points => Math.sign(twiceArea(points))).sort()).toEqual([-1, 1]);
  });

  it('keeps voxels that touch at a corner apart, and segments too', () => {
    expect(contoursOf(slice(['1.', '.1']))).toHaveLength(2);
    expect(contoursOf(slice(['12', '12']))).toHaveLength(2);
  });

  it('encloses half of what is inside and touches the outside, whatever the mask', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 72, maxLength: 72, max: 1 }), values => {
        const width = 9;
        const height = 8;
        let expected = 0;
        // Each square between four voxels adds what the line leaves of it.
        for (let y = -1; y < height; y++) {
          for (let x = -1; x < width; x++) {
            const inside = (i: number, j: number): number =>
              i >= 0 && j >= 0 && i < width && j < height ? (values[j * width + i] ?? 0) : 0;
            const corners = [inside(x, y), inside(x + 1, y), inside(x + 1, y + 1), inside(x, y + 1)];
            const count = corners.reduce((sum, corner) => sum + corner, 0);
            const diagonal = count === 2 && corners[0] === corners[2];
            expected += [0, 0.125, diagonal ? 0.25 : 0.5, 0.875, 1][count] ?? 0;
          }
        }
        const area = contoursOf({ width, height, values }).reduce((sum, points) => sum + twiceArea(points) / 2, 0);
        expect(area).toBeCloseTo(expected, 4);
      }),
      { seed: 20261012, numRuns: 200 }
    );
  });
});

describe('voxels that never change', () => {
  const dims = [70, 66, 5] as const;

  it('are the same voxel by voxel, in boxes and in slices of every plane as the map they were made from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), seed => {
        const bitmap = new Uint8Array(dims[0] * dims[1] * dims[2]);
        let state = seed;
        for (let n = 0; n < 400; n++) {
          state = Math.imul(state, 1664525) + 1013904223;
          bitmap[(state >>> 0) % bitmap.length] = 1 + (n % 250);
        }
        const voxels = new FixedVoxels(dims, encodeBricks(bitmap, dims));
        const valueAt = (i: number, j: number, k: number): number => bitmap[i + dims[0] * (j + dims[1] * k)] ?? 0;
        const whole = { min: [0, 0, 0], max: [69, 65, 4] } as const;
        expect(voxels.read(whole)).toEqual(bitmap);
        expect(voxels.at(65, 64, 3)).toBe(valueAt(65, 64, 3));
        for (const plane of PLANES) {
          const { across, up, normal } = PLANE_AXES[plane];
          const index = (state >>> 3) % dims[normal];
          const seen = voxels.slice(plane, index);
          const place: [number, number, number] = [0, 0, 0];
          place[normal] = index;
          const expected = new Uint8Array(dims[across] * dims[up]);
          for (let y = 0; y < dims[up]; y++) {
            for (let x = 0; x < dims[across]; x++) {
              place[across] = x;
              place[up] = y;
              expected[y * dims[across] + x] = valueAt(...place);
            }
          }
          expect(seen?.values ?? new Uint8Array(expected.length)).toEqual(expected);
        }
      }),
      { seed: 7, numRuns: 20 }
    );
  });

  it('are 0 outside the grid, and a slice of nothing is none', () => {
    const bitmap = new Uint8Array(dims[0] * dims[1] * dims[2]);
    bitmap[0] = 3;
    const voxels = new FixedVoxels(dims, encodeBricks(bitmap, dims));
    expect([voxels.at(0, 0, 0), voxels.at(-1, 0, 0), voxels.at(70, 0, 0)]).toEqual([3, 0, 0]);
    expect(new FixedVoxels(dims, new Map()).slice('axial', 0)).toBeNull();
  });
});

describe('colours of overlays', () => {
  it('begin transparent and only ever get stronger and lighter', () => {
    const lightness = (value: number): number => {
      const [red, green, blue] = DISAGREEMENT_COLOURS.slice(value * 4, value * 4 + 3);
      return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
    };
    expect(DISAGREEMENT_COLOURS[3]).toBe(0);
    for (let value = 1; value < 256; value++) {
      expect(DISAGREEMENT_COLOURS[value * 4 + 3]).toBeGreaterThanOrEqual(DISAGREEMENT_COLOURS[value * 4 - 1] ?? 0);
      expect(lightness(value)).toBeGreaterThanOrEqual(lightness(value - 1) - 0.5);
    }
  });

  it('name what they name and nothing else', () => {
    const colours = categoryColours({ 2: '#ff8000' }, 0.5);
    expect([...colours.slice(8, 12)]).toEqual([255, 128, 0, 128]);
    expect(colours.filter((_, at) => at < 8 || at >= 12).every(part => part === 0)).toBe(true);
  });
});
