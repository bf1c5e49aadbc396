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

/** Share of the radius at the lightest touch of a pen. */
const LIGHTEST = 0.25;

/** The radius under a pen's pressure (0 to 1): all of it at the highest. Null: no pen. */
export function pressedRadius(radius: number, pressure: number | null): number {
  if (pressure === null) return radius;
  return radius * (LIGHTEST + (1 - LIGHTEST) * Math.min(1, Math.max(0, pressure)));
}

export function clampRadius(radius: number): number {
  return Math.min(LARGEST_RADIUS, Math.max(SMALLEST_RADIUS, radius));
}
