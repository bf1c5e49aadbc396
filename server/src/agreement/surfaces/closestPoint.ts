/** Numbers of one element of a mesh: three points of a triangle, or two of a line and one that is not looked at. */
export const ELEMENT = 9;

/** Square of the distance from a point to the line between the first two points of an element. */
export function squaredDistanceToLine(mesh: Float64Array, at: number, x: number, y: number, z: number): number {
  const ax = mesh[at] ?? 0;
  const ay = mesh[at + 1] ?? 0;
  const az = mesh[at + 2] ?? 0;
  const bx = (mesh[at + 3] ?? 0) - ax;
  const by = (mesh[at + 4] ?? 0) - ay;
  const bz = (mesh[at + 5] ?? 0) - az;
  const px = x - ax;
  const py = y - ay;
  const pz = z - az;
  const along = px * bx + py * by + pz * bz;
  const whole = bx * bx + by * by + bz * bz;
  const part = whole === 0 ? 0 : Math.min(1, Math.max(0, along / whole));
  return square(px - part * bx, py - part * by, pz - part * bz);
}

/**
 * Square of the distance from a point to a triangle, by the region (corner, edge or face) that the point lies over
 * (Ericson, Real-Time Collision Detection, 2005, 5.1.5).
 */
export function squaredDistanceToTriangle(mesh: Float64Array, at: number, x: number, y: number, z: number): number {
  const ax = mesh[at] ?? 0;
  const ay = mesh[at + 1] ?? 0;
  const az = mesh[at + 2] ?? 0;
  // Everything relative to the first corner.
  const bx = (mesh[at + 3] ?? 0) - ax;
  const by = (mesh[at + 4] ?? 0) - ay;
  const bz = (mesh[at + 5] ?? 0) - az;
  const cx = (mesh[at + 6] ?? 0) - ax;
  const cy = (mesh[at + 7] ?? 0) - ay;
  const cz = (mesh[at + 8] ?? 0) - az;
  const px = x - ax;
  const py = y - ay;
  const pz = z - az;

  const d1 = bx * px + by * py + bz * pz;
  const d2 = cx * px + cy * py + cz * pz;
  if (d1 <= 0 && d2 <= 0) return square(px, py, pz);
  const qx = px - bx;
  const qy = py - by;
  const qz = pz - bz;
  const d3 = bx * qx + by * qy + bz * qz;
  const d4 = cx * qx + cy * qy + cz * qz;
  if (d3 >= 0 && d4 <= d3) return square(qx, qy, qz);
  const vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) {
    const part = d1 === d3 ? 0 : d1 / (d1 - d3);
    return square(px - part * bx, py - part * by, pz - part * bz);
  }
  const rx = px - cx;
  const ry = py - cy;
  const rz = pz - cz;
  const d5 = bx * rx + by * ry + bz * rz;
  const d6 = cx * rx + cy * ry + cz * rz;
  if (d6 >= 0 && d5 <= d6) return square(rx, ry, rz);
  const vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) {
    const part = d2 === d6 ? 0 : d2 / (d2 - d6);
    return square(px - part * cx, py - part * cy, pz - part * cz);
  }
  const va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 >= d3 && d5 >= d6) {
    const part = (d4 - d3) / (d4 - d3 + (d5 - d6));
    return square(qx - part * (cx - bx), qy - part * (cy - by), qz - part * (cz - bz));
  }
  const whole = va + vb + vc;
  const v = vb / whole;
  const w = vc / whole;
  return square(px - v * bx - w * cx, py - v * by - w * cy, pz - v * bz - w * cz);
}

function square(x: number, y: number, z: number): number {
  return x * x + y * y + z * z;
}
