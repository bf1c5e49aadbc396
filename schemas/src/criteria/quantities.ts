import type { Aggregate } from './expression.js';

/** What a quantity can be asked for. */
export type QuantitySubject =
  /** `volume(tumour)` or, by one reader, `volume(tumour, "A")`: the segment must be named. */
  | 'segment-and-reader'
  | 'segment-and-maybe-reader'
  /** `dice`, `dice(tumour)`, `dice("A", "B")`, `dice(tumour, "A", "B")`. */
  | 'pairs'
  /** `fleissKappa`, `fleissKappa(tumour)`. */
  | 'maybe-segment'
  | 'case';

export interface QuantityDefinition {
  readonly subject: QuantitySubject;
  /** Power of length: 0 plain figures, 1 mm, 3 mm³. */
  readonly power: 0 | 1 | 3;
  /** How several values become one unless the expression says otherwise: the worst of them. */
  readonly worst: Aggregate;
  readonly description: string;
}

const share = { power: 0 } as const;

/** Every quantity, by name. Names never change their meaning: they are stored in protocols and releases. */
export const QUANTITIES = {
  volume: {
    subject: 'segment-and-reader',
    power: 3,
    worst: 'sum',
    description: 'Volume of a segment in the consensus, or in one read'
  },
  dice: { subject: 'pairs', ...share, worst: 'min', description: 'Dice coefficient of two readers' },
  iou: { subject: 'pairs', ...share, worst: 'min', description: 'Intersection over union of two readers' },
  nsd: { subject: 'pairs', ...share, worst: 'min', description: 'Surface Dice at the tolerance of the protocol' },
  hd: { subject: 'pairs', power: 1, worst: 'max', description: 'Hausdorff distance' },
  hd95: { subject: 'pairs', power: 1, worst: 'max', description: '95th percentile of the Hausdorff distance' },
  assd: { subject: 'pairs', power: 1, worst: 'max', description: 'Average symmetric surface distance' },
  volumeDifference: { subject: 'pairs', power: 3, worst: 'max', description: 'Absolute difference of two volumes' },
  fleissKappa: { subject: 'maybe-segment', ...share, worst: 'min', description: "Fleiss' kappa of all readers" },
  sensitivity: {
    subject: 'segment-and-maybe-reader',
    ...share,
    worst: 'min',
    description: 'Estimated sensitivity of a reader against the consensus'
  },
  specificity: {
    subject: 'segment-and-maybe-reader',
    ...share,
    worst: 'min',
    description: 'Estimated specificity of a reader against the consensus'
  },
  lesions: {
    subject: 'segment-and-reader',
    ...share,
    worst: 'sum',
    description: 'Lesions that the consensus accepts, or that one reader has marked'
  },
  lesionRecall: {
    subject: 'segment-and-maybe-reader',
    ...share,
    worst: 'min',
    description: 'Share of the accepted lesions that a reader has marked'
  },
  lesionsDisputed: {
    subject: 'maybe-segment',
    ...share,
    worst: 'sum',
    description: 'Lesions that some readers have marked and others not'
  },
  diameter: {
    subject: 'maybe-segment',
    power: 1,
    worst: 'max',
    description: 'Diameter of an accepted lesion: the largest one'
  },
  undecidedShare: {
    subject: 'maybe-segment',
    ...share,
    worst: 'max',
    description: 'Undecided voxels among the voxels of the consensus and the undecided ones'
  },
  disputes: { subject: 'case', ...share, worst: 'sum', description: 'Regions in which the readers disagree' },
  disputedVolume: { subject: 'case', power: 3, worst: 'sum', description: 'Volume of all disputes together' },
  readers: { subject: 'case', ...share, worst: 'sum', description: 'Readers whose reads are in the consensus' }
} as const satisfies Record<string, QuantityDefinition>;

export type QuantityName = keyof typeof QUANTITIES;

export function isQuantity(name: string): name is QuantityName {
  return Object.hasOwn(QUANTITIES, name);
}

/** Units by name: power of length and how many mm (mm³) one is. */
export const UNITS: Readonly<Record<string, { readonly power: 1 | 3; readonly factor: number }>> = {
  um: { power: 1, factor: 0.001 },
  mm: { power: 1, factor: 1 },
  cm: { power: 1, factor: 10 },
  m: { power: 1, factor: 1000 },
  mm3: { power: 3, factor: 1 },
  cm3: { power: 3, factor: 1000 },
  cc: { power: 3, factor: 1000 },
  ul: { power: 3, factor: 1 },
  ml: { power: 3, factor: 1000 },
  mL: { power: 3, factor: 1000 },
  dl: { power: 3, factor: 100_000 },
  l: { power: 3, factor: 1_000_000 },
  L: { power: 3, factor: 1_000_000 }
};
