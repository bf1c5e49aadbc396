/** Lesions by their long axis, as radiologists' guidelines part them: mm, `from` included, `below` not. */
export interface SizeBin {
  readonly from: number;
  readonly below: number | null;
}

export const SIZE_BINS: readonly SizeBin[] = [
  { from: 0, below: 10 },
  { from: 10, below: 20 },
  { from: 20, below: 30 },
  { from: 30, below: null }
];

/** The greatest distance between the centres of two voxels of the object, in three dimensions; 0 of a single voxel. */
export const DIAMETER = 'diameter.greatest-voxel-distance';

/** mm. A diameter of 10 mm but for the rounding of voxel sizes is 10 mm. */
const ROUNDING = 1e-6;

export function isIn({ from, below }: SizeBin, diameter: number): boolean {
  return diameter + ROUNDING >= from && (below === null || diameter + ROUNDING < below);
}

/** `below 10 mm`, `10 to below 20 mm`, `30 mm and more`. */
export function binText({ from, below }: SizeBin): string {
  if (below === null) return `${from} mm and more`;
  return from === 0 ? `below ${below} mm` : `${from} to below ${below} mm`;
}
