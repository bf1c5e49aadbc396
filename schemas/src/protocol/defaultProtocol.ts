import type { ProtocolContent, ProtocolSegment, RegionRule, Segment } from '../api/index.js';

/** Around what somebody has painted, so that specificity does not depend on how large the image is. */
const NEIGHBOURHOOD: RegionRule = { rule: 'margin', millimetres: 10 };

/** Names that speak of separate objects, however they are written. */
const LESION =
  /lesion|tumou?r|nodule|metasta|cyst|hcc|mass|focus|foci|polyp|aneurysm|h[ae]morrhage|microbleed|plaque/iu;

/**
 * A protocol to begin with, from the segments that a project has: three blind readers, all structures at once by
 * multi-label STAPLE, lesions matched and voted on before their shape, disputes decided by somebody who has not read the
 * case. What only people can know (purpose, origin, limits, licence) is left empty.
 */
export function defaultProtocol(title: string, segments: readonly Segment[]): ProtocolContent {
  return {
    title,
    segments: segments.filter(({ retired }) => !retired).map(segmentOf),
    readers: { perCase: 3, blind: true, qualification: '', repeat: null },
    consensus: {
      structures: { id: 'staple.multilabel.f64', region: NEIGHBOURHOOD },
      lesions: {
        matching: { minimumIou: 0.1, centroidInMask: true, maximumDistance: 0 },
        presence: null,
        shape: { id: 'staple.binary.itk', confidenceWeight: 1, region: NEIGHBOURHOOD }
      },
      modelWeight: 0
    },
    agreement: { surface: 'deepmind', tolerance: 2, kappaRegion: { rule: 'union' } },
    adjudication: { rule: '2+1', triggers: ['dice < 0.8', 'lesionsDisputed > 0'], minimumVolume: 0.05 },
    acceptance: [
      { id: 'agreement', expression: 'dice >= 0.7', description: 'Every two readers agree on every segment' }
    ],
    signatures: { release: 1 },
    dataset: { purpose: '', origin: '', deidentification: '', limitations: '', licence: '' }
  };
}

function segmentOf({ number, name, colour, codes }: Segment): ProtocolSegment {
  return { number, name, colour, codes, kind: LESION.test(name) ? 'lesion' : 'structure', instructions: '' };
}
