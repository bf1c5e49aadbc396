import type { VectorField } from './lattice.js';
import { Random } from './random.js';
import type { Point } from './shapes.js';
import { REFERENCE_PHASE, type Phase } from './tissues.js';

/** How a phase lies against the reference phase, so that it can be told in a file. */
export interface PhaseMotion {
  /** mm by which the viscera lie higher (+) or lower than in the reference phase, because of breathing. */
  readonly breathing: number;
  /** Amplitude of the smooth deformation, mm. */
  readonly warp: number;
}

/** A still phase is the reference itself. */
const STILL: PhaseMotion = { breathing: 0, warp: 0 };

export function drawMotion(seed: number, phase: Phase): PhaseMotion {
  if (phase === REFERENCE_PHASE) return STILL;
  const random = Random.for(seed, `motion ${phase}`);
  return {
    breathing: random.between(2, 15) * (random.chance(0.5) ? 1 : -1),
    warp: random.between(1, 5)
  };
}

/**
 * Where the tissue at a point of a phase lies in the reference phase, as the displacement to it (a pull field, mm).
 * The viscera move up or down with the diaphragm and half a sixth as much forwards; spine and skin stay.
 */
export function phaseDisplacement(seed: number, phase: Phase, motion: PhaseMotion, halfSizes: Point): VectorField {
  if (motion.breathing === 0 && motion.warp === 0) return () => [0, 0, 0];
  const wave = waves(Random.for(seed, `warp ${phase}`), motion.warp, [110, 170]);
  const [a, b] = halfSizes;
  return (x, y, z) => {
    const edge = Math.sqrt((x / a) ** 2 + (y / b) ** 2);
    const spine = Math.sqrt((x / 40) ** 2 + ((y + 50) / 36) ** 2);
    const weight = (1 - smoothStep(0.62, 0.98, edge)) * smoothStep(0.8, 2.2, spine);
    const [u, v, w] = wave(x, y, z);
    return [weight * u, weight * (v - motion.breathing / 12), weight * (w - motion.breathing)];
  };
}

/** What makes one subject's anatomy differ from another's: a smooth deformation of the common one, mm. */
export function anatomyVariation(seed: number): VectorField {
  const coarse = waves(Random.for(seed, 'anatomy'), 6, [120, 190]);
  const fine = waves(Random.for(seed, 'lobulation'), 1.2, [34, 56]);
  return (x, y, z) => {
    const [a, b, c] = coarse(x, y, z);
    const [u, v, w] = fine(x, y, z);
    return [a + u, b + v, c + w];
  };
}

/** Each component is a sum of three plane waves; their amplitudes add up to `amplitude`. */
function waves(random: Random, amplitude: number, [shortest, longest]: readonly [number, number]): VectorField {
  const terms = [0, 1, 2].map(() =>
    [0, 1, 2].map(() => {
      const [x, y, z] = random.direction();
      const k = (2 * Math.PI) / random.between(shortest, longest);
      return { x: k * x, y: k * y, z: k * z, phase: random.between(0, 2 * Math.PI) };
    })
  );
  const component = (axis: number, x: number, y: number, z: number): number => {
    let sum = 0;
    for (const term of terms[axis] ?? []) sum += Math.sin(term.x * x + term.y * y + term.z * z + term.phase);
    return (amplitude * sum) / 3;
  };
  return (x, y, z) => [component(0, x, y, z), component(1, x, y, z), component(2, x, y, z)];
}

function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
