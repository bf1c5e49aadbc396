import { SIZE_BINS, type MimicKind } from '../lesions.js';

/** How a simulated reader draws. */
export interface ReaderProfile {
  /** Standard deviation of the boundary's departure from the truth, mm; correlated over `correlationMm`. */
  readonly boundarySd: number;
  readonly correlationMm: number;
  /** Mean departure, mm: positive draws too large. */
  readonly bias: number;
  /** Standard deviation of a slice's own departure, and of its shift in the plane, mm. */
  readonly sliceJitter: number;
  /** Probability of not seeing a nodule, by size: 5-10, 10-20, 20 mm and more. */
  readonly missed: readonly [number, number, number];
  /** Probability of drawing something as a nodule that is none. */
  readonly falseMarks: Readonly<Record<MimicKind, number>>;
}

export const READER_PROFILES = {
  /** Knows the liver and takes time. */
  expert: {
    boundarySd: 0.5,
    correlationMm: 8,
    bias: 0,
    sliceJitter: 0.15,
    missed: [0.15, 0.03, 0],
    falseMarks: { cyst: 0, haemangioma: 0.05, 'perfusion-wedge': 0.03, metastasis: 0.4, vessel: 0.02 }
  },
  /** Draws well inside the border. */
  tight: {
    boundarySd: 0.8,
    correlationMm: 8,
    bias: -0.6,
    sliceJitter: 0.25,
    missed: [0.3, 0.08, 0.01],
    falseMarks: { cyst: 0.01, haemangioma: 0.08, 'perfusion-wedge': 0.05, metastasis: 0.4, vessel: 0.03 }
  },
  /** Draws well outside the border and marks much. */
  generous: {
    boundarySd: 0.8,
    correlationMm: 8,
    bias: 0.7,
    sliceJitter: 0.25,
    missed: [0.2, 0.05, 0],
    falseMarks: { cyst: 0.05, haemangioma: 0.3, 'perfusion-wedge': 0.25, metastasis: 0.7, vessel: 0.12 }
  },
  /** Hurried: irregular from place to place and from slice to slice. */
  hasty: {
    boundarySd: 1.5,
    correlationMm: 8,
    bias: 0.1,
    sliceJitter: 0.6,
    missed: [0.45, 0.15, 0.03],
    falseMarks: { cyst: 0.08, haemangioma: 0.2, 'perfusion-wedge': 0.15, metastasis: 0.5, vessel: 0.15 }
  }
} as const satisfies Record<string, ReaderProfile>;

export type ReaderProfileName = keyof typeof READER_PROFILES;

export const READER_PROFILE_NAMES = Object.keys(READER_PROFILES) as ReaderProfileName[];

export function missProbability(profile: ReaderProfile, longAxisMm: number): number {
  const bin = longAxisMm < SIZE_BINS[1][0] ? 0 : longAxisMm < SIZE_BINS[2][0] ? 1 : 2;
  return profile.missed[bin];
}
