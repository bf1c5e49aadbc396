import type { Dispute, LesionConsensus, SegmentConsensus } from '@voxcord/schemas/api';
import { transformPoint, type Vector } from '@voxcord/schemas/geometry';
import type { CaseConsensus, DisputedRegion, LesionConsensus as LesionOutcome } from '../../consensus/index.js';
import type { ConsensusTask } from './consensusTask.js';

/* What the engine answers, as the REST API tells it: letters in place of reads, world in place of grid coordinates. */

export function presentSegments({ segments }: ConsensusTask, consensus: CaseConsensus): SegmentConsensus[] {
  return segments.flatMap(({ number }) => {
    const found = consensus.segments.find(({ segment }) => segment === number);
    if (found === undefined) return [];
    const { method, voxels, volumeMl, undecidedVoxels, iterations, performance, region } = found;
    return [
      {
        number,
        method,
        voxels,
        volumeMl,
        undecidedVoxels,
        iterations,
        performance: performance
          .map(({ read, sensitivity, specificity }) => ({ letter: read, sensitivity, specificity }))
          .sort(byLetter),
        region: { depends: region.depends, answers: region.answers.map(answer => ({ ...answer })) }
      }
    ];
  });
}

export function presentLesion(task: ConsensusTask, lesion: LesionOutcome): LesionConsensus {
  const { id, segment, accepted, existence, volumeMl, diameter, centre, readers } = lesion;
  return {
    id,
    segment,
    accepted,
    existence,
    volumeMl,
    diameter,
    centre: toWorld(task, centre),
    readers: readers
      .map(({ read, present, volumeMl: volume, diameter: length }) => ({
        letter: read,
        present,
        volumeMl: volume,
        diameter: length
      }))
      .sort(byLetter)
  };
}

export function presentDispute(task: ConsensusTask, dispute: DisputedRegion): Dispute {
  const { number, kind, segments, lesion, voxels, volumeMl, severity, centre, box, candidates, consensus } = dispute;
  return {
    number,
    kind,
    segments: [...segments],
    lesion,
    voxels,
    volumeMl,
    severity,
    centre: toWorld(task, centre),
    box: { min: [...box.min], max: [...box.max] },
    candidates: candidates
      .map(({ read, present, volumeMl: volume }) => ({ letter: read, present, volumeMl: volume }))
      .sort(byLetter),
    consensus: { volumeMl: consensus.volumeMl, probability: Math.min(1, Math.max(0, consensus.probability)) },
    asked: false,
    decision: null
  };
}

function toWorld({ affine }: ConsensusTask, centre: Vector): [number, number, number] {
  const [x, y, z] = transformPoint(affine, centre);
  return [x, y, z];
}

/** A before B before AA. */
function byLetter(a: { readonly letter: string }, b: { readonly letter: string }): number {
  return a.letter.length - b.letter.length || (a.letter < b.letter ? -1 : a.letter > b.letter ? 1 : 0);
}
