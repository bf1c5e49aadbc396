import type { ConsensusRules, ProtocolSegment } from '@voxcord/schemas/api';
import type { SegmentRule } from '../../consensus/index.js';

/** The protocol's rules for each of its segments, as the engines take them. */
export function segmentRules(segments: readonly ProtocolSegment[], rules: ConsensusRules): SegmentRule[] {
  return segments.map(({ number, kind }) =>
    kind === 'structure'
      ? { kind, segment: number, method: rules.structures }
      : {
          kind,
          segment: number,
          matching: rules.lesions.matching,
          presence: rules.lesions.presence,
          shape: rules.lesions.shape
        }
  );
}
