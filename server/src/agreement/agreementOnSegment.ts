import type { MeasuringConditions, PairAgreement, ReadLabels, SegmentAgreement } from './caseAgreement.js';
import { totalsOfVotes, voxelKappa } from './agreementOnAll.js';
import { conformity, countOverlap, emptyMasks, mean, overlap, type OverlapCounts } from './overlap.js';
import { boxVolume } from '@voxcord/schemas/labelmap';
import { boxAround, type SegmentExtent } from './segmentBoxes.js';
import { surfacesOfNothing, surfacesOfPairs, type PairSurfaces } from './surfaces/surfacesOfPairs.js';
import { cropMask, maskGrid, wordsOf, type Mask } from './surfaces/mask.js';

/**
 * Every pair of reads on one segment. Only the box around all of them is looked at.
 *
 * @param extents where each read has the segment
 */
export function agreementOnSegment(
  reads: readonly ReadLabels[],
  extents: readonly (SegmentExtent | null)[],
  segment: number,
  conditions: MeasuringConditions
): SegmentAgreement {
  const box = boxAround(extents.flatMap(extent => extent?.box ?? []));
  const grid = box === null ? null : maskGrid(conditions, box);
  const masks = reads.map(({ labels }) =>
    box === null || grid === null ? new Uint8Array() : cropMask(labels, conditions.dims, box, segment, grid)
  );
  const surfaces = grid === null ? null : surfacesOfPairs(masks, grid, conditions);
  const pairs: { counts: OverlapCounts; agreement: PairAgreement }[] = [];
  reads.forEach((a, first) => {
    reads.slice(first + 1).forEach((b, after) => {
      const second = first + 1 + after;
      const counts = countOverlap(masks[first] ?? new Uint8Array(), masks[second] ?? new Uint8Array());
      const figures = surfaces?.(first, second) ?? surfacesOfNothing(conditions.definitions);
      pairs.push({ counts, agreement: pairAgreement(a.name, b.name, counts, figures, conditions) });
    });
  });
  const votes = countVotes(masks, box === null ? 0 : boxVolume(box));
  const dices = pairs.flatMap(({ agreement: { dice } }) => dice ?? []);
  return {
    number: segment,
    pairs: pairs.map(({ agreement }) => agreement),
    conformity: conformity(
      pairs.map(({ counts }) => counts),
      votes
    ),
    meanDice: { value: mean(dices), pairs: dices.length },
    kappa: voxelKappa(totalsOfVotes(votes), box, conditions),
    votes
  };
}

function pairAgreement(
  a: string,
  b: string,
  counts: OverlapCounts,
  surfaces: PairSurfaces,
  { spacing }: MeasuringConditions
): PairAgreement {
  const voxelMl = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const { dice, iou } = overlap(counts);
  const both = counts.a + counts.b;
  return {
    a,
    b,
    noValue: emptyMasks(counts),
    dice,
    iou,
    volumesMl: [counts.a * voxelMl, counts.b * voxelMl],
    volumeDifferenceMl: (counts.b - counts.a) * voxelMl,
    relativeVolumeDifference: both === 0 ? null : (2 * (counts.b - counts.a)) / both,
    surfaces
  };
}

/** How many voxels of the box are in exactly 0, 1, 2 ... masks. */
function countVotes(masks: readonly Mask[], voxels: number): number[] {
  const votes = new Float64Array(masks.length + 1);
  const words = masks.map(wordsOf);
  let inSome = 0;
  for (let index = 0; index < (words[0]?.length ?? 0); index++) {
    // Each of the four bytes counts the votes for its voxel: there are fewer than 256 masks.
    let sum = 0;
    for (const mask of words) sum += mask[index] ?? 0;
    for (; sum !== 0; sum = Math.floor(sum / 256)) {
      const count = sum % 256;
      if (count === 0) continue;
      votes[count] = (votes[count] ?? 0) + 1;
      inSome += 1;
    }
  }
  votes[0] = voxels - inSome;
  return [...votes];
}
