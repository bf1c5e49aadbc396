/** Contrast phases of a liver CT. */
export const PHASES = ['native', 'arterial', 'portal', 'delayed'] as const;
export type Phase = (typeof PHASES)[number];

/** The phase in which nothing is displaced: other phases are deformed against it. */
export const REFERENCE_PHASE: Phase = 'portal';

export interface Tissue {
  /** CT numbers per phase: native, late arterial, portal venous, delayed. */
  readonly hu: readonly [number, number, number, number];
  /** Standard deviation of its own structure, HU, without noise. */
  readonly texture: number;
}

/**
 * CT numbers of a late arterial, portal venous and delayed phase as radiology textbooks give them; single patients vary
 * by some ten percent (see `enhancementOf`).
 */
export const TISSUES = {
  air: { hu: [-1000, -1000, -1000, -1000], texture: 0 },
  couch: { hu: [-650, -650, -650, -650], texture: 5 },
  skin: { hu: [15, 20, 25, 25], texture: 5 },
  fat: { hu: [-102, -102, -101, -101], texture: 6 },
  fatStrand: { hu: [-75, -72, -68, -70], texture: 12 },
  muscle: { hu: [52, 56, 62, 60], texture: 7 },
  fascia: { hu: [35, 40, 45, 45], texture: 5 },
  corticalBone: { hu: [520, 525, 530, 530], texture: 60 },
  marrow: { hu: [165, 175, 185, 180], texture: 38 },
  disc: { hu: [85, 88, 90, 90], texture: 10 },
  spinalCanal: { hu: [22, 24, 26, 26], texture: 5 },
  cartilage: { hu: [95, 95, 97, 97], texture: 12 },
  lung: { hu: [-860, -850, -848, -850], texture: 28 },
  lungVessel: { hu: [30, 180, 140, 100], texture: 0 },
  myocardium: { hu: [45, 105, 110, 95], texture: 5 },
  heartBlood: { hu: [42, 260, 160, 112], texture: 8 },
  liver: { hu: [50, 70, 115, 95], texture: 3.5 },
  spleen: { hu: [45, 125, 120, 95], texture: 4 },
  renalCortex: { hu: [35, 190, 190, 150], texture: 6 },
  renalMedulla: { hu: [32, 75, 150, 160], texture: 6 },
  urine: { hu: [5, 5, 8, 180], texture: 2 },
  adrenal: { hu: [22, 85, 80, 60], texture: 4 },
  pancreas: { hu: [40, 105, 90, 75], texture: 10 },
  stomachWall: { hu: [40, 75, 85, 80], texture: 6 },
  gastricFluid: { hu: [14, 14, 14, 14], texture: 8 },
  bowelWall: { hu: [40, 85, 95, 80], texture: 8 },
  bowelFluid: { hu: [18, 18, 20, 20], texture: 10 },
  stool: { hu: [10, 10, 10, 10], texture: 55 },
  gas: { hu: [-960, -960, -960, -960], texture: 8 },
  bile: { hu: [9, 9, 9, 10], texture: 2 },
  gallbladderWall: { hu: [40, 65, 80, 75], texture: 3 },
  aorta: { hu: [40, 320, 160, 110], texture: 4 },
  artery: { hu: [40, 300, 155, 108], texture: 3 },
  venaCava: { hu: [40, 85, 135, 112], texture: 6 },
  hepaticVein: { hu: [41, 68, 165, 115], texture: 3 },
  portalVein: { hu: [42, 110, 170, 115], texture: 3 },
  hcc: { hu: [45, 115, 95, 72], texture: 6 },
  cyst: { hu: [5, 5, 5, 5], texture: 1 },
  haemangiomaRim: { hu: [36, 190, 160, 120], texture: 12 },
  haemangiomaCore: { hu: [36, 48, 75, 112], texture: 4 },
  perfusionWedge: { hu: [50, 100, 118, 96], texture: 4 },
  metastasis: { hu: [38, 55, 68, 70], texture: 5 },
  metastasisRim: { hu: [42, 82, 92, 82], texture: 5 }
} as const satisfies Record<string, Tissue>;

export type TissueName = keyof typeof TISSUES;

export const TISSUE_NAMES = Object.keys(TISSUES) as TissueName[];

export function phaseIndex(phase: Phase): 0 | 1 | 2 | 3 {
  switch (phase) {
    case 'native':
      return 0;
    case 'arterial':
      return 1;
    case 'portal':
      return 2;
    case 'delayed':
      return 3;
  }
}
