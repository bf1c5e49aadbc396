import type { ConsensusResult, LesionConsensus } from '@voxcord/schemas/api';

type World = readonly [number, number, number];

/** A point of a figure that stands for a place in the image. */
export interface PlacedPoint {
  readonly letter: string;
  readonly lesion: number;
  readonly centre: World;
  readonly x: number;
  readonly y: number;
}

/** Differences against means, with the limits within which 95 of 100 differences are expected. */
export interface BlandAltman {
  readonly points: readonly PlacedPoint[];
  /** Mean difference; null: there are fewer than two points. */
  readonly bias: number | null;
  /** bias ± 1.96 standard deviations (Bland and Altman, Lancet 1986). */
  readonly limits: readonly [number, number] | null;
}

export type LesionMeasure = 'volumeMl' | 'diameter';

/** Of each lesion that a reader marked: reader minus consensus, against the mean of the two. */
export function blandAltman(
  lesions: readonly LesionConsensus[],
  measure: LesionMeasure,
  segment: number | null
): BlandAltman {
  const points = lesions
    .filter(lesion => lesion.accepted && (segment === null || lesion.segment === segment))
    .flatMap(lesion =>
      lesion.readers
        .filter(({ present }) => present === true)
        .map(reader => ({
          letter: reader.letter,
          lesion: lesion.id,
          centre: lesion.centre,
          x: (reader[measure] + lesion[measure]) / 2,
          y: reader[measure] - lesion[measure]
        }))
    );
  if (points.length < 2) return { points, bias: null, limits: null };
  const bias = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const variance = points.reduce((sum, { y }) => sum + (y - bias) ** 2, 0) / (points.length - 1);
  const reach = 1.96 * Math.sqrt(variance);
  return { points, bias, limits: [bias - reach, bias + reach] };
}

/** Sensitivity and specificity of one reader about one segment. */
export interface PerformancePoint {
  readonly letter: string;
  readonly sensitivity: number;
  readonly specificity: number;
}

export function performanceOf(result: ConsensusResult, segment: number | null): PerformancePoint[] {
  const performance = result.segments.find(({ number }) => number === segment)?.performance ?? [];
  return performance.flatMap(({ letter, sensitivity, specificity }) =>
    sensitivity === null || specificity === null ? [] : [{ letter, sensitivity, specificity }]
  );
}

/** Of lesions of one size: how often a reader who looked for them saw them. */
export interface SizeStratum {
  /** Diameter in mm: from (included) and to. */
  readonly from: number;
  readonly to: number;
  readonly seen: number;
  readonly asked: number;
  readonly share: number | null;
  /** 95 % interval of the share (Wilson, JASA 1927). */
  readonly interval: readonly [number, number] | null;
}

/** Bounds of the sizes in mm; those of 10 and 20 are in common use for nodules and metastases. */
export const SIZE_BOUNDS: readonly number[] = [0, 5, 10, 20, Infinity];

export function sizeStrata(lesions: readonly LesionConsensus[], segment: number | null): SizeStratum[] {
  return SIZE_BOUNDS.slice(0, -1).map((from, n) => {
    const to = SIZE_BOUNDS[n + 1] ?? Infinity;
    const readings = lesions
      .filter(lesion => segment === null || lesion.segment === segment)
      .filter(({ diameter }) => diameter >= from && diameter < to)
      .flatMap(({ readers }) => readers.map(({ present }) => present))
      .filter(present => present !== null);
    const seen = readings.filter(present => present).length;
    const asked = readings.length;
    return { from, to, seen, asked, share: asked === 0 ? null : seen / asked, interval: wilson(seen, asked) };
  });
}

/** 95 % interval of a share: Wilson's score interval, which stays between 0 and 1. Null for nothing. */
export function wilson(successes: number, trials: number): readonly [number, number] | null {
  if (trials === 0) return null;
  const z = 1.959963984540054;
  const share = successes / trials;
  const middle = share + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
