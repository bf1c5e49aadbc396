/** Radii in mm that the keys step through. */
const RADII = [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50];
export const SMALLEST_RADIUS = 0.5;
export const LARGEST_RADIUS = 50;

/** The radius that is `steps` further on the scale; between two of its values the next one counts as a step. */
export function steppedRadius(radius: number, steps: number): number {
  if (steps === 0) return radius;
  const candidates =
    steps > 0 ? RADII.filter(value => value > radius + 1e-6) : RADII.filter(value => value < radius - 1e-6).reverse();
  const index = Math.min(Math.abs(steps), candidates.length) - 1;
  return candidates[index] ?? radius;
}

export function clampRadius(radius: number): number {
  return Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, radius));
}
