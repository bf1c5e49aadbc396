import type { MeasuredConsensus } from '../../src/criteria/index.js';

const pair = (a: string, b: string, dice: number | null, hd95: number | null) => ({
  a,
  b,
  dice,
  iou: dice === null ? null : dice / (2 - dice),
  volumeDifferenceMl: -1.5,
  hd: hd95 === null ? null : hd95 + 1,
  hd95,
  assd: hd95 === null ? null : hd95 / 2,
  nsd: dice
});

const lesion = (id: number, present: readonly (boolean | null)[], accepted: boolean, diameter: number) => ({
  id,
  segment: 2,
  accepted,
  existence: 0.5,
  volumeMl: 1,
  diameter,
  centre: [0, 0, 0] as [number, number, number],
  readers: present.map((seen, index) => ({
    letter: ['A', 'B', 'C'][index] ?? 'Z',
    present: seen,
    volumeMl: seen === true ? 1 : 0,
    diameter: seen === true ? diameter : 0
  }))
});

/** Three readers, a liver and three lesions, of which one is seen by A alone. */
export const CONSENSUS: MeasuredConsensus = {
  readers: ['A', 'B', 'C'].map(letter => ({ letter })),
  segments: [
    {
      number: 1,
      method: 'vote.kofn',
      voxels: 1_000_000,
      volumeMl: 1000,
      undecidedVoxels: 0,
      iterations: null,
      performance: [],
      region: { depends: false, answers: [] }
    },
    {
      number: 2,
      method: 'staple.binary.itk',
      voxels: 9000,
      volumeMl: 9,
      undecidedVoxels: 1000,
      iterations: 12,
      performance: [
        { letter: 'A', sensitivity: 0.95, specificity: 0.999 },
        { letter: 'B', sensitivity: 0.8, specificity: null },
        { letter: 'C', sensitivity: null, specificity: null }
      ],
      region: { depends: true, answers: [] }
    }
  ],
  agreement: [
    { number: 1, pairs: [pair('A', 'B', 0.96, 2), pair('A', 'C', 0.95, 3), pair('B', 'C', 0.94, 4)], fleissKappa: 0.9 },
    { number: 2, pairs: [pair('A', 'B', 0.8, 5), pair('A', 'C', 0.7, 6), pair('B', 'C', 0.9, 1)], fleissKappa: 0.7 },
    {
      number: 3,
      pairs: [pair('A', 'B', null, null), pair('A', 'C', 0, null), pair('B', 'C', 0, null)],
      fleissKappa: null
    }
  ],
  lesions: [
    lesion(1, [true, true, true], true, 24),
    lesion(2, [true, false, true], true, 8),
    lesion(3, [true, false, null], false, 12)
  ],
  disputes: [],
  volumesMl: { A: { 1: 1010, 2: 10 }, B: { 1: 990, 2: 8 }, C: { 1: 1000 } }
};

export const SEGMENTS = [
  { number: 1, name: 'liver' },
  { number: 2, name: 'tumour' },
  { number: 3, name: 'portal vein' },
  { number: 4, name: 'B' }
];
