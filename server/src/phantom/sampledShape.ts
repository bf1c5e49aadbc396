import type { Point, Shape } from './shapes.js';

/**
 * A shape that is cheap to evaluate in a box: its distances on a lattice, interpolated trilinearly and scaled so that
 * they stay underestimates. Details much finer than `step` mm are rounded; outside the box the shape itself is asked.
 */
export function sampledShape(shape: Shape, low: Point, high: Point, step: number): Shape {
  const count = (axis: 0 | 1 | 2): number => Math.ceil((high[axis] - low[axis]) / step) + 1;
  const [nx, ny, nz] = [count(0), count(1), count(2)];
  const plane = nx * ny;
  const nodes = new Float64Array(plane * nz);
  let node = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) nodes[node++] = shape(low[0] + i * step, low[1] + j * step, low[2] + k * step);
    }
  }
  const scale = 1 / Math.max(1, steepest(nodes, [nx, ny, nz]) / step);
  for (let n = 0; n < nodes.length; n++) nodes[n] = (nodes[n] ?? 0) * scale;
  const [lx, ly, lz] = low;
  const perMm = 1 / step;
  return (x, y, z) => {
    const u = (x - lx) * perMm;
    const v = (y - ly) * perMm;
    const w = (z - lz) * perMm;
    if (!(u >= 0 && v >= 0 && w >= 0 && u < nx - 1 && v < ny - 1 && w < nz - 1)) return shape(x, y, z);
    const i = u | 0;
    const j = v | 0;
    const k = w | 0;
    const a = u - i;
    const b = v - j;
    const c = w - k;
    const n = i + nx * j + plane * k;
    const d00 = mix(nodes[n], nodes[n + 1], a);
    const d10 = mix(nodes[n + nx], nodes[n + nx + 1], a);
    const d01 = mix(nodes[n + plane], nodes[n + plane + 1], a);
    const d11 = mix(nodes[n + plane + nx], nodes[n + plane + nx + 1], a);
    const d0 = d00 + (d10 - d00) * b;
    return d0 + (d01 + (d11 - d01) * b - d0) * c;
  };
}

/** Makes a value when it is first asked for. */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Bound of the slope of the interpolation, per lattice step. */
function steepest(nodes: Float64Array, [nx, ny, nz]: Point): number {
  const plane = nx * ny;
  let largest = 0;
  const edge = (from: number, to: number): number => Math.abs((nodes[from] ?? 0) - (nodes[to] ?? 0));
  for (let k = 0; k + 1 < nz; k++) {
    for (let j = 0; j + 1 < ny; j++) {
      for (let i = 0; i + 1 < nx; i++) {
        const n = i + nx * j + plane * k;
        // Far from the surface the bounds of shapes may jump; nobody looks closely there.
        if (Math.abs(nodes[n] ?? 0) > NEAR_MM) continue;
        const along = (step: number, second: number, third: number): number =>
          Math.max(
            edge(n, n + step),
            edge(n + second, n + second + step),
            edge(n + third, n + third + step),
            edge(n + second + third, n + second + third + step)
          );
        largest = Math.max(largest, Math.hypot(along(1, nx, plane), along(nx, 1, plane), along(plane, 1, nx)));
      }
    }
  }
  return largest;
}

const NEAR_MM = 8;

function mix(a: number | undefined, b: number | undefined, t: number): number {
  const from = a ?? 0;
  return from + ((b ?? 0) - from) * t;
}
