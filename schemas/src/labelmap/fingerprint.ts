import { BRICK_EDGE, tileBox, type Dims } from './grid.js';

/**
 * 64-bit fingerprint of a brick's labels as 16 hex digits; null for a brick without a label. Integers only, so equal
 * on every machine. It tells replicas that have drifted apart; it is no protection against forgery.
 */
export function fingerprintBrick(bitmap: Uint8Array, dims: Dims, brick: number): string | null {
  const { min, max } = tileBox(brick, dims, BRICK_EDGE);
  let a = 0x9e3779b9 | 0;
  let b = 0x85ebca6b | 0;
  let labelled = false;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = (k * dims[1] + j) * dims[0];
      const end = row + max[0] + 1;
      for (let at = row + min[0]; at < end;) {
        const label = bitmap[at] ?? 0;
        const start = at++;
        while (at < end && bitmap[at] === label) at++;
        if (label === 0) continue;
        labelled = true;
        // Row, first voxel, length and label of each run, in brick coordinates: 12 + 6 + 7 + 8 bits in two words.
        const place = ((k - min[2]) << 12) | ((j - min[1]) << 6) | (start - row - min[0]) | 0;
        const what = ((at - start) << 8) | label;
        a = mix(a ^ place, b);
        b = mix(b ^ what, a);
      }
    }
  }
  if (!labelled) return null;
  a = finish(a);
  b = finish(b ^ a);
  return hex(a) + hex(b);
}

function mix(value: number, other: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51 | 0);
  mixed = (mixed << 15) | (mixed >>> 17);
  return (Math.imul(mixed ^ other, 5) + 0x561ccd1b) | 0;
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d | 0);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b | 0);
  return mixed ^ (mixed >>> 16);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
