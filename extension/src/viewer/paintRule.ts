/** Which voxels a stroke may change: all, those of no segment, or those of some segments. */
export type PaintOver = 'everything' | 'background' | { readonly segments: readonly number[] };

/** What a stroke leaves alone. */
export interface PaintRule {
  readonly over: PaintOver;
  /** Only voxels with a value from low to high (both included, in the unit of the volume); null: any value. */
  readonly range: readonly [number, number] | null;
}

export const PAINT_EVERYTHING: PaintRule = { over: 'everything', range: null };

/** What a rule looks at: labels and values by grid index. */
export interface RuledVoxels {
  readonly labels: Uint8Array;
  /** Null while the image is not there: then no voxel is within a range. */
  readonly valueOf: ((index: number) => number) | null;
}

/**
 * Tells whether a stroke may take a voxel; undefined when it may take all. The eraser has nothing to do on
 * background, so it minds "only background" as little as "everything".
 */
export function acceptedBy(
  { over, range }: PaintRule,
  { labels, valueOf }: RuledVoxels,
  erases: boolean
): ((index: number) => boolean) | undefined {
  const allowed = allowedLabels(over, erases);
  if (allowed === null && range === null) return undefined;
  const [low, high] = range ?? [-Infinity, Infinity];
  return index => {
    if (allowed !== null && allowed[labels[index] ?? 0] !== 1) return false;
    if (range === null) return true;
    const value = valueOf?.(index) ?? NaN;
    return value >= low && value <= high;
  };
}

/** 1 for each number that may be changed; null: all may. */
function allowedLabels(over: PaintOver, erases: boolean): Uint8Array | null {
  if (over === 'everything' || (over === 'background' && erases)) return null;
  const allowed = new Uint8Array(256);
  for (const number of over === 'background' ? [0] : over.segments) allowed[number] = 1;
  return allowed;
}
