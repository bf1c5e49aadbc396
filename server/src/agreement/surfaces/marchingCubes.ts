import { cross, dot, length, subtract, type Vector } from '@voxcord/schemas/geometry';

/** Three points of a unit cell, whose corners are the centres of eight voxels. */
export type Triangle = readonly [Vector, Vector, Vector];

/**
 * Which corners are kept apart on a face whose corners alternate.
 * - `inside`: those of the mask. Neighbouring cells agree on it: the surface has no holes.
 * - `fewer`: those of which the whole cell has fewer (of the mask, if they are as many). So in the surface elements of
 *   DeepMind's surface-distance.
 */
export type Apart = 'inside' | 'fewer';

/** Neighbouring corners round each of the six faces. Bits 0, 1, 2 of a corner are its offsets along i, j, k. */
const FACES: readonly (readonly [number, number, number, number])[] = [1, 2, 4].flatMap(axis => {
  const [u, v] = [1, 2, 4].filter(other => other !== axis);
  if (u === undefined || v === undefined) return [];
  return [0, axis].map(side => [side, side | u, side | u | v, side | v] as const);
});

const ALL_CORNERS = 255;

/**
 * The surface within a cell between the corners of `code` (bit c: corner c is in the mask) and the others. Its vertices
 * lie half-way between neighbouring corners. Loops are cut into the triangles that have the largest area of all ways to
 * cut them, as in DeepMind's surface-distance; if corners of the mask are kept apart, long ones are cut from their middle.
 */
export function cellSurface(code: number, apart: Apart): readonly Triangle[] {
  return cellPatches(code, apart).flat();
}

/** The triangles of each loop. */
function cellPatches(code: number, apart: Apart): Triangle[][] {
  if (apart === 'inside')
    return loopsAround(code).map(loop => (loop.length > 5 ? cutFromMiddle(loop) : widestCut(loop)));
  return loopsAround(cornersIn(code) > 4 ? ALL_CORNERS ^ code : code).map(widestCut);
}

function loopsAround(code: number): Vector[][] {
  return surfaceLoops(code).map(loop => loop.map(middle));
}

/** The same however the loop is flipped, which no cut of a bent loop of six into triangles of its own corners is. */
function cutFromMiddle(polygon: readonly Vector[]): Triangle[] {
  const mean = (axis: 0 | 1 | 2): number => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length;
  const centre: Vector = [mean(0), mean(1), mean(2)];
  return polygon.map((point, at) => [centre, point, polygon[(at + 1) % polygon.length] ?? point]);
}

/** A flat part of the surface within a cell. */
export interface Facet {
  /** Its centre of mass, which lies on it. */
  readonly centre: Vector;
  /** Along its normal, as long as its area. */
  readonly area: Vector;
}

/** The flat parts that `cellSurface` consists of. Unlike its triangles, they are the same however a cell is turned. */
export function cellFacets(code: number, apart: Apart): readonly Facet[] {
  return cellPatches(code, apart).flatMap(patch => {
    const facets: Facet[] = [];
    for (const triangle of patch) {
      const one = { centre: centreOf(triangle), area: areaVector(triangle) };
      const same = facets.findIndex(facet => areOnePlane(facet, one));
      const other = facets[same];
      if (other === undefined) facets.push(one);
      else facets[same] = merged(other, one);
    }
    return facets;
  });
}

function centreOf([a, b, c]: Triangle): Vector {
  return [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3];
}

function areOnePlane(a: Facet, b: Facet): boolean {
  return length(cross(a.area, b.area)) < 1e-9 && Math.abs(dot(a.area, subtract(a.centre, b.centre))) < 1e-9;
}

function merged(a: Facet, b: Facet): Facet {
  const [ofA, ofB] = [length(a.area), length(b.area)];
  const mean = (axis: 0 | 1 | 2): number => (ofA * a.centre[axis] + ofB * b.centre[axis]) / (ofA + ofB);
  return {
    centre: [mean(0), mean(1), mean(2)],
    area: [a.area[0] + b.area[0], a.area[1] + b.area[1], a.area[2] + b.area[2]]
  };
}

function cornersIn(code: number): number {
  let count = 0;
  for (let rest = code; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

/** Closed loops of cut edges; an edge is named by its two corners: 8·lower + upper. */
function surfaceLoops(code: number): number[][] {
  const links = new Map<number, number[]>();
  const link = (a: number, b: number): void => {
    links.set(a, [...(links.get(a) ?? []), b]);
    links.set(b, [...(links.get(b) ?? []), a]);
  };
  const isInside = (corner: number): boolean => (code & (1 << corner)) !== 0;
  for (const face of FACES) {
    const edges = face.map((corner, at) => edge(corner, face[(at + 1) % 4] ?? 0));
    const inside = face.map(isInside);
    const cut = edges.filter((_, at) => inside[at] !== inside[(at + 1) % 4]);
    const [first, second] = cut;
    if (cut.length === 2 && first !== undefined && second !== undefined) link(first, second);
    if (cut.length < 4) continue;
    face.forEach((corner, at) => {
      if (isInside(corner)) link(edges[(at + 3) % 4] ?? 0, edges[at] ?? 0);
    });
  }
  return loopsOf(links);
}

function edge(a: number, b: number): number {
  return 8 * Math.min(a, b) + Math.max(a, b);
}

/** Each edge has two links: one for each face it lies on. */
function loopsOf(links: ReadonlyMap<number, readonly number[]>): number[][] {
  const left = new Set(links.keys());
  const loops: number[][] = [];
  for (const start of links.keys()) {
    if (!left.delete(start)) continue;
    const loop = [start];
    for (let at: number | undefined = start; at !== undefined;) {
      const next: number | undefined = links.get(at)?.find(edgeThere => left.has(edgeThere));
      if (next !== undefined) {
        left.delete(next);
        loop.push(next);
      }
      at = next;
    }
    loops.push(loop);
  }
  return loops;
}

function middle(name: number): Vector {
  const [a, b] = [name >> 3, name & 7];
  const along = (bit: number): number => (Math.sign(a & bit) + Math.sign(b & bit)) / 2;
  return [along(1), along(2), along(4)];
}

function widestCut(polygon: readonly Vector[]): Triangle[] {
  let best: Triangle[] = [];
  let bestArea = -1;
  for (const triangles of cuts(polygon)) {
    const area = triangles.reduce((sum, triangle) => sum + length(areaVector(triangle)), 0);
    // Equally wide ways lie in the same planes: the first one is as good.
    if (area > bestArea + 1e-9) [best, bestArea] = [triangles, area];
  }
  return best;
}

/** All ways to cut a polygon into triangles. */
function cuts(polygon: readonly Vector[]): Triangle[][] {
  const first = polygon[0];
  const last = polygon.at(-1);
  if (polygon.length < 3 || first === undefined || last === undefined) return [[]];
  return polygon
    .slice(1, -1)
    .flatMap((tip, at) =>
      cuts(polygon.slice(0, at + 2)).flatMap(before =>
        cuts(polygon.slice(at + 1)).map((after): Triangle[] => [...before, [first, tip, last], ...after])
      )
    );
}

/** Along the normal, as long as the triangle's area. */
function areaVector([a, b, c]: Triangle): Vector {
  const [x, y, z] = cross(subtract(b, a), subtract(c, a));
  return [x / 2, y / 2, z / 2];
}

const known = new Map<Apart, readonly (readonly Facet[])[]>();

function facetsOfCodes(apart: Apart): readonly (readonly Facet[])[] {
  const facets = known.get(apart) ?? Array.from({ length: ALL_CORNERS + 1 }, (_, code) => cellFacets(code, apart));
  known.set(apart, facets);
  return facets;
}

/** All segments of a case have the same voxels. */
const lastAreas = new Map<Apart, { readonly spacing: Vector; readonly areas: Float64Array }>();

/** Area (mm²) of the surface in a cell, for each of the 256 codes. */
export function surfaceAreas(apart: Apart, spacing: Vector): Float64Array {
  const last = lastAreas.get(apart);
  if (last?.spacing.every((size, axis) => size === spacing[axis]) === true) return last.areas;
  const [si, sj, sk] = spacing;
  const areas = Float64Array.from(facetsOfCodes(apart), facets =>
    facets.reduce((sum, { area: [x, y, z] }) => sum + length([x * sj * sk, y * si * sk, z * si * sj]), 0)
  );
  lastAreas.set(apart, { spacing, areas });
  return areas;
}
