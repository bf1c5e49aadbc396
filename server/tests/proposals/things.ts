import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { boundingBox, clippedBox, cutOut } from '../../src/morphology/boxes.js';
import { squaredDistanceTransform } from '../../src/morphology/distanceTransform.js';
import { Random } from '../../src/phantom/index.js';
import type { Crop, Place } from '../../src/proposals/prompts.js';

/** A bright ball in something darker, with noise. */
export interface Ball {
  readonly crop: Crop;
  readonly truth: Uint8Array;
  readonly middle: Vector;
}

export interface BallRecipe {
  readonly dims: Dims;
  readonly spacing: Vector;
  /** Index. */
  readonly middle: Vector;
  /** mm */
  readonly radius: number;
  readonly contrast: number;
  readonly noise: number;
  readonly seed?: number;
}

export function makeBall({ dims, spacing, middle, radius, contrast, noise, seed = 1 }: BallRecipe): Ball {
  const random = new Random(seed);
  const values = new Float32Array(dims[0] * dims[1] * dims[2]);
  const truth = new Uint8Array(values.length);
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, index++) {
        const away = Math.hypot(
          (i - middle[0]) * spacing[0],
          (j - middle[1]) * spacing[1],
          (k - middle[2]) * spacing[2]
        );
        truth[index] = away <= radius ? 1 : 0;
        values[index] = 100 + (away <= radius ? contrast : 0) + noise * random.normal();
      }
    }
  }
  return { crop: { values, dims, spacing }, truth, middle };
}

export function dice(a: Uint8Array, b: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    both += (a[n] ?? 0) & (b[n] ?? 0);
    sum += (a[n] ?? 0) + (b[n] ?? 0);
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** Where a person would click next: the deepest point of what is missing or too much; null: nothing is wrong. */
export function nextClick(truth: Uint8Array, found: Uint8Array, { dims, spacing }: Crop): Place | null {
  const wrong = truth.map((value, n) => (value === found[n] ? 0 : 1));
  const tight = boundingBox([wrong], dims);
  if (tight === null) return null;
  const { min, max } = tight;
  const box = clippedBox(
    { min: [min[0] - 1, min[1] - 1, min[2] - 1], max: [max[0] + 1, max[1] + 1, max[2] + 1] },
    dims
  );
  const size: Dims = [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1, box.max[2] - box.min[2] + 1];
  const [wrongPart, truthPart] = [cutOut(wrong, dims, box), cutOut(truth, dims, box)];
  let best = { depth: 0, at: 0, on: true };
  for (const on of [true, false]) {
    const rest = wrongPart.map((value, n) => (value === 1 && (truthPart[n] === 1) === on ? 0 : 1));
    squaredDistanceTransform(rest, size, spacing).forEach((depth, at) => {
      if (Number.isFinite(depth) && depth > best.depth) best = { depth, at, on };
    });
  }
  const i = best.at % size[0];
  const j = Math.floor(best.at / size[0]) % size[1];
  const k = Math.floor(best.at / (size[0] * size[1]));
  return { at: [box.min[0] + i, box.min[1] + j, box.min[2] + k], on: best.on };
}
