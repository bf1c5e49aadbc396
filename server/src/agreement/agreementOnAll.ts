import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { MeasuringConditions, ReadLabels, VoxelKappa } from './caseAgreement.js';
import { kappaInRegion, regionVoxels } from './kappaRegion.js';
import { addSubjects, ratingTotals, type RatingTotals } from './raters/fleissKappa.js';
import { boxAround, type SegmentExtent } from './segmentBoxes.js';

/** Kappa of all segments as categories of one choice per voxel; what is not of `segments` is background. */
export function agreementOnAll(
  reads: readonly ReadLabels[],
  extents: readonly ReadonlyMap<number, SegmentExtent>[],
  segments: readonly number[],
  conditions: MeasuringConditions
): VoxelKappa {
  const boxes = extents.flatMap(ofRead => segments.flatMap(segment => ofRead.get(segment)?.box ?? []));
  const box = boxAround(boxes);
  const painted = ratingTotals(reads.length, 256);
  if (box !== null) addPainted(painted, reads, segments, box, conditions);
  return voxelKappa(painted, box, conditions);
}

/** @param painted of the voxels that anybody has painted; the first category is background */
export function voxelKappa(painted: RatingTotals, box: VoxelBox | null, conditions: MeasuringConditions): VoxelKappa {
  const extent = { box, voxels: painted.subjects };
  const roi = conditions.kappaRoi;
  const inRegion = (kind: 'union' | 'union-box' | 'whole'): ReturnType<typeof kappaInRegion> =>
    kappaInRegion(painted, regionVoxels({ kind }, extent, conditions));
  return {
    roi,
    chosen: kappaInRegion(painted, regionVoxels(roi, extent, conditions)),
    inRegion: { union: inRegion('union'), 'union-box': inRegion('union-box'), whole: inRegion('whole') }
  };
}

function addPainted(
  totals: RatingTotals,
  reads: readonly ReadLabels[],
  segments: readonly number[],
  { min, max }: VoxelBox,
  { dims }: MeasuringConditions
): void {
  const category = new Uint8Array(256);
  for (const segment of segments) category[segment] = segment;
  const arrays = reads.map(({ labels }) => labels);
  const chosen = new Uint8Array(reads.length);
  const counts = new Int32Array(256);
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = (k * dims[1] + j) * dims[0];
      for (let index = row + min[0]; index <= row + max[0]; index++) {
        let any = 0;
        for (let read = 0; read < arrays.length; read++) {
          const segment = category[arrays[read]?.[index] ?? 0] ?? 0;
          chosen[read] = segment;
          any |= segment;
        }
        if (any === 0) continue;
        totals.subjects += 1;
        for (const segment of chosen) {
          const before = counts[segment] ?? 0;
          // As many pairs more as have chosen it before.
          totals.agreeingPairs += before;
          counts[segment] = before + 1;
          totals.categories[segment] = (totals.categories[segment] ?? 0) + 1;
        }
        for (const segment of chosen) counts[segment] = 0;
      }
    }
  }
}

/** Of one segment against everything else, from how many voxels have 0, 1, 2 ... votes. */
export function totalsOfVotes(votes: readonly number[]): RatingTotals {
  const raters = votes.length - 1;
  const totals = ratingTotals(raters, 2);
  votes.forEach((voxels, count) => {
    if (count > 0) addSubjects(totals, [raters - count, count], voxels);
  });
  return totals;
}
