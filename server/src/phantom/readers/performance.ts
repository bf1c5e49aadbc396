/** Voxels of a reader's mask counted against the truth, inside a region. */
export interface MeasuredPerformance {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Share of the truth that is marked; null if there is no truth in the region. */
  readonly sensitivity: number | null;
  /** Share of the rest that is not marked; null if all of the region is truth. It depends on the region. */
  readonly specificity: number | null;
}

/** @param region voxels that count (not 0); left out: all */
export function measurePerformance(
  truth: Uint8Array,
  mask: Uint8Array,
  segment: number,
  region?: Uint8Array
): MeasuredPerformance {
  const counts = [0, 0, 0, 0];
  for (let n = 0; n < truth.length; n++) {
    if (region !== undefined && region[n] === 0) continue;
    const cell = (truth[n] === segment ? 2 : 0) + (mask[n] === segment ? 1 : 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const [trueNegatives = 0, falsePositives = 0, falseNegatives = 0, truePositives = 0] = counts;
  const share = (part: number, rest: number): number | null => (part + rest === 0 ? null : part / (part + rest));
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    sensitivity: share(truePositives, falseNegatives),
    specificity: share(trueNegatives, falsePositives)
  };
}
