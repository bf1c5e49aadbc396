import { describe, expect, it } from 'vitest';
import { squaredDistanceToTriangle } from '../../src/agreement/surfaces/closestPoint.js';
import { cellFacets, cellSurface, surfaceAreas, type Triangle } from '../../src/agreement/surfaces/marchingCubes.js';
import { cellContour, contourLengths } from '../../src/agreement/surfaces/marchingSquares.js';

const CODES = Array.from({ length: 256 }, (_, code) => code);

/** The code of the same cell, its corners renamed. */
function turned(code: number, rename: (corner: number) => number): number {
  return CODES.slice(0, 8).reduce((turn, corner) => ((code >> corner) & 1 ? turn | (1 << rename(corner)) : turn), 0);
}

describe('the surface in a cell', () => {
  it('has the area of the shape that its corners make', () => {
    const areas = surfaceAreas('fewer', [1, 1, 1]);
    const corner = Math.sqrt(3) / 8;
    expect(areas[0]).toBe(0);
    expect(areas[255]).toBe(0);
    // One corner; an edge; a face; two corners across a face, and across the cell; four that touch nowhere.
    expect(areas[0b1]).toBeCloseTo(corner, 12);
    expect(areas[0b11]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(areas[0b1111]).toBeCloseTo(1, 12);
    expect(areas[0b1001]).toBeCloseTo(2 * corner, 12);
    expect(areas[0b10000001]).toBeCloseTo(2 * corner, 12);
    expect(areas[0b01101001]).toBeCloseTo(4 * corner, 12);
    // Three corners of a face: a pentagon; a corner and its neighbours: a regular hexagon; four in a row: a bent one.
    expect(areas[0b111]).toBeCloseTo(1.149519052838, 12);
    expect(areas[0b10111]).toBeCloseTo((3 * Math.sqrt(3)) / 4, 12);
    expect(areas[0b100111]).toBeCloseTo(1.573132184971, 12);
  });

  it('has the same area for a mask and for what is not the mask', () => {
    const areas = surfaceAreas('fewer', [0.7, 1.3, 2.5]);
    for (const code of CODES) expect(areas[code]).toBeCloseTo(areas[255 - code] ?? NaN, 12);
  });

  it('has the same area however the cell is flipped or its axes are exchanged', () => {
    const areas = surfaceAreas('fewer', [1, 1, 1]);
    const exchange = (corner: number): number => (corner & 4) | ((corner & 1) << 1) | ((corner & 2) >> 1);
    const rotate = (corner: number): number => ((corner << 1) & 7) | (corner >> 2);
    for (const code of CODES) {
      for (const rename of [(corner: number) => corner ^ 1, exchange, rotate]) {
        expect(areas[turned(code, rename)]).toBeCloseTo(areas[code] ?? NaN, 12);
      }
    }
  });

  it('is closed where cells meet, if corners of the mask are kept apart', () => {
    for (const code of CODES) {
      // Each edge inside the cell belongs to two triangles; each edge on a face of the cell to one.
      const counts = new Map<string, { count: number; isOnFace: boolean }>();
      for (const triangle of cellSurface(code, 'inside')) {
        triangle.forEach((from, at) => {
          const to = triangle[(at + 1) % 3] ?? from;
          const isOnFace = [0, 1, 2].some(axis => from[axis] === to[axis] && (from[axis] === 0 || from[axis] === 1));
          const name = [from.join(), to.join()].sort().join(' ');
          counts.set(name, { count: (counts.get(name)?.count ?? 0) + 1, isOnFace });
        });
      }
      for (const { count, isOnFace } of counts.values()) {
        if (!isOnFace) expect(count).toBe(2);
      }
    }
  });

  it('is measured at points that lie on it, which stand for all of its area', () => {
    const areas = surfaceAreas('inside', [1, 1, 1]);
    for (const code of CODES) {
      const surface = cellSurface(code, 'inside');
      const mesh = Float64Array.from(surface.flat(2));
      const facets = cellFacets(code, 'inside');
      for (const {
        centre: [x, y, z]
      } of facets) {
        const squared = surface.map((_, at) => squaredDistanceToTriangle(mesh, at * 9, x, y, z));
        expect(Math.min(...squared)).toBeLessThan(1e-24);
      }
      const area = surface.reduce((sum, triangle) => sum + areaOf(triangle), 0);
      expect(areas[code]).toBeCloseTo(area, 12);
    }
  });
});

function areaOf([a, b, c]: Triangle): number {
  const [u, v] = [b, c].map(([x, y, z]) => [x - a[0], y - a[1], z - a[2]] as const);
  if (u === undefined || v === undefined) return NaN;
  return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
}

describe('the contour in a cell', () => {
  it('has the length of the line that its corners make', () => {
    const slant = Math.hypot(3, 4) / 2;
    expect([...contourLengths([3, 4])]).toEqual([
      ...[0, slant, slant, 3, slant, 4, 2 * slant, slant],
      ...[slant, 2 * slant, 4, slant, 3, slant, slant, 0]
    ]);
  });

  it('keeps corners of the mask apart that touch only across', () => {
    for (const code of [0b0110, 0b1001]) expect(cellContour(code)).toHaveLength(2);
  });
});

describe('the points at which a surface is measured', () => {
  it('are the same however the cell is flipped or its axes are exchanged', () => {
    const named = (facets: readonly { centre: readonly number[]; area: readonly number[] }[]): string[] =>
      facets
        .map(({ centre, area }) =>
          [...centre.map(value => value.toFixed(9)), ...area.map(value => Math.abs(value).toFixed(9))].join(' ')
        )
        .sort();
    for (const code of CODES) {
      const facets = cellFacets(code, 'inside');
      const flipped = facets.map(({ centre: [x, y, z], area }) => ({ centre: [1 - x, y, z], area }));
      expect(
        named(
          cellFacets(
            turned(code, corner => corner ^ 1),
            'inside'
          )
        ),
        `${code}`
      ).toEqual(named(flipped));
      const rotated = facets.map(({ centre: [x, y, z], area: [a, b, c] }) => ({ centre: [z, x, y], area: [c, a, b] }));
      const rotate = (corner: number): number => ((corner << 1) & 7) | (corner >> 2);
      expect(named(cellFacets(turned(code, rotate), 'inside')), `${code}`).toEqual(named(rotated));
    }
  });
});
