/** What a reader or model marked over several images, with its confidence in each. */
export interface ScoredMarks {
  /** Confidence in each mark that is no lesion. */
  readonly falseMarks: readonly number[];
  /** For each lesion, the confidence with which it was marked; 0 if it was not. */
  readonly lesions: readonly number[];
  readonly images: number;
}

export interface FrocPoint {
  readonly falsePositivesPerImage: number;
  readonly sensitivity: number;
}

/** False positives per image at which sensitivity is averaged. */
export const DEFAULT_FALSE_POSITIVES = [0.25, 0.5, 1, 2, 4, 8] as const;

/** From the strictest threshold on, where nothing is marked. The lowest confidence of all marks nothing. */
export function frocCurve({ falseMarks, lesions, images }: ScoredMarks, targets: number): FrocPoint[] {
  const thresholds = [...new Set([...falseMarks, ...lesions])].sort((a, b) => b - a).slice(0, -1);
  const atLeast = (values: readonly number[], threshold: number): number =>
    values.filter(value => value >= threshold).length;
  return [
    { falsePositivesPerImage: 0, sensitivity: 0 },
    ...thresholds.map(threshold => ({
      falsePositivesPerImage: atLeast(falseMarks, threshold) / images,
      sensitivity: atLeast(lesions, threshold) / targets
    }))
  ];
}

/** Mean sensitivity at these numbers of false positives per image, interpolated linearly; after the last point it stays. */
export function frocScore(
  curve: readonly FrocPoint[],
  at: readonly number[] = DEFAULT_FALSE_POSITIVES
): { readonly score: number; readonly sensitivities: readonly number[] } {
  const sensitivities = at.map(wanted => {
    const next = curve.findIndex(point => point.falsePositivesPerImage > wanted);
    const after = next < 0 ? undefined : curve[next];
    const before = next < 0 ? curve.at(-1) : curve[next - 1];
    if (before === undefined || after === undefined) return before?.sensitivity ?? 0;
    const part =
      (wanted - before.falsePositivesPerImage) / (after.falsePositivesPerImage - before.falsePositivesPerImage);
    return before.sensitivity + part * (after.sensitivity - before.sensitivity);
  });
  return { score: sensitivities.reduce((sum, value) => sum + value, 0) / sensitivities.length, sensitivities };
}
