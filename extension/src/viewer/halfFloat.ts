/*
 * Intensities live on the graphics card as half floats: half the memory of floats and, unlike integers,
 * smoothed by the hardware. Half floats hold 11 significant bits, so values are centred first: 12-bit
 * data (CT) then stays exact.
 */

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** Bits of the half float nearest to `value`; beyond its range, the largest finite one. */
export function halfBits(value: number): number {
  floats[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0;
  if (magnitude >= 0x477ff000) return sign | 0x7bff;
  if (magnitude < 0x33000000) return sign;
  const exponent = magnitude >>> 23;
  const subnormal = exponent < 113;
  const significand = subnormal ? (magnitude & 0x7fffff) | 0x800000 : magnitude - 0x38000000;
  const shift = subnormal ? 126 - exponent : 13;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  let result = significand >>> shift;
  if (rest > half || (rest === half && (result & 1) === 1)) result++;
  return sign | result;
}

/** How values become half floats: (value - centre) * scale. */
export interface Packing {
  readonly centre: number;
  readonly scale: number;
}

/** Packs a range of values into what half floats hold well. */
export function packingFor(range: readonly [number, number]): Packing {
  const middle = (range[0] + range[1]) / 2;
  const reach = range[1] - middle;
  // An even image, or one that is too flat for any scale.
  if (!(1024 / reach < Number.MAX_VALUE)) return { centre: middle, scale: 1 };
  const whole = reach >= 64 && reach <= 32768;
  return { centre: whole ? Math.round(middle) : middle, scale: whole ? 1 : 1024 / reach };
}

/** A value as the half float on the graphics card stands for it. */
export function packed(packing: Packing, value: number): number {
  return (value - packing.centre) * packing.scale;
}
