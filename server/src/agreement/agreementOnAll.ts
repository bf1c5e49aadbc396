import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { MeasuringConditions, ReadLabels, VoxelKappa } from './caseAgreement.js';
import { kappaInRegion, regionVoxels } from './kappaInRegion.js';
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
  const [first = new Uint8Array(), ...others] = reads.map(({ labels }) => labels);
  const agreed = new Float64Array(256);
  const counts = new Int32Array(256);
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = (k * dims[1] + j) * dims[0];
      for (let index = row + min[0]; index <= row + max[0]; index++) {
        const here = first[index] ?? 0;
        let isAgreed = true;
        for (const labels of others) if (labels[index] !== here) isAgreed = false;
        if (isAgreed) {
          agreed[here] = (agreed[here] ?? 0) + 1;
          continue;
        }
        addDisputed(totals, reads, index, category, counts);
      }
    }
  }
  for (const segment of segments) {
    const voxels = agreed[segment] ?? 0;
    totals.subjects += voxels;
    totals.agreeingPairs += (voxels * reads.length * (reads.length - 1)) / 2;
    totals.categories[segment] = (totals.categories[segment] ?? 0) + voxels * reads.length;
  }
}

/** @param counts zeros, for as many as there are categories; left so */
function addDisputed(
  totals: RatingTotals,
  reads: readonly ReadLabels[],
  index: number,
  category: Uint8Array,
  counts: Int32Array
): void {
  let isPainted = false;
  for (const { labels } of reads) if ((category[labels[index] ?? 0] ?? 0) !== 0) isPainted = true;
  if (!isPainted) return;
  totals.subjects += 1;
  for (const { labels } of reads) {
    const segment = category[labels[index] ?? 0] ?? 0;
    const before = counts[segment] ?? 0;
    // As many pairs more as have chosen it before.
    totals.agreeingPairs += before;
    counts[segment] = before + 1;
    totals.categories[segment] = (totals.categories[segment] ?? 0) + 1;
  }
  for (const { labels } of reads) counts[category[labels[index] ?? 0] ?? 0] = 0;
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
