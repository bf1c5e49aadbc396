import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import type { CaseInput, LesionConsensus } from './caseConsensus.js';
import type { LesionAgreement, SegmentLesions } from './caseLesions.js';
import type { CaseReaders } from './caseReaders.js';
import { greatestDistance } from './extent.js';
import { Decision } from './votes.js';

/** Lesions of all segments, numbered, with what is told of them. */
export function presentLesions(
  { dims, spacing, reads }: CaseInput,
  readers: CaseReaders,
  lesions: ReadonlyMap<number, SegmentLesions>,
  labels: Uint8Array
): LesionConsensus[] {
  const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const all = [...lesions].sort(([a], [b]) => a - b).flatMap(([, { lesions: list }]) => list);
  return all.map((lesion, n): LesionConsensus => {
    const { segment, object, box, shape, seenBy } = lesion;
    const hard = measure(dims, spacing, shape, hardVoxels(lesion, labels));
    const drawn = measure(dims, spacing, shape, (_, position) => (lesion.soft[position] ?? 0) > 0);
    const shown = lesion.accepted && hard.voxels > 0 ? hard : drawn;
    const voxels = lesion.accepted ? hard.voxels : drawn.voxels;
    return {
      id: n + 1,
      segment,
      votes: seenBy.length,
      asked: lesion.asked,
      accepted: lesion.accepted,
      existence: lesion.existence,
      voxels,
      volumeMl: voxels * ml,
      diameter: shown.diameter,
      centre: shown.centre,
      box,
      method: object.method,
      iterations: object.iterations,
      performance: reads.map(({ id }, reader) => {
        const place = seenBy.indexOf(reader);
        return {
          read: id,
          sensitivity: object.sensitivity[place] ?? null,
          specificity: object.specificity[place] ?? null,
          reason: place < 0 ? 'Not seen by this reader.' : object.reason
        };
      }),
      readers: reads.map(({ id }, reader) => ({
        read: id,
        present: readers.notRead(reader, segment) ? null : seenBy.includes(reader),
        voxels: lesion.drawn[reader]?.voxels ?? 0,
        volumeMl: (lesion.drawn[reader]?.voxels ?? 0) * ml,
        diameter: lesion.drawn[reader]?.diameter ?? 0
      }))
    };
  });
}

type IsInside = (voxel: number, position: number) => boolean;

function hardVoxels({ decisions, segment }: LesionAgreement, labels: Uint8Array): IsInside {
  return (voxel, position) => decisions[position] === Decision.foreground && labels[voxel] === segment;
}

interface Measured {
  readonly voxels: number;
  readonly centre: Vector;
  readonly diameter: number;
}

/** Size, centre of mass and greatest diameter of the voxels of a box that are inside. */
function measure(dims: Dims, spacing: Vector, box: VoxelBox, isInside: IsInside): Measured {
  const [ni, nj, nk] = boxSize(box);
  const sums: [number, number, number] = [0, 0, 0];
  // The ends of each row hold the two voxels that are farthest apart.
  const ends: number[] = [];
  let voxels = 0;
  let position = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = box.min[0] + dims[0] * (box.min[1] + j + dims[1] * (box.min[2] + k));
      let first = -1;
      let last = -1;
      for (let i = 0; i < ni; i++, position++) {
        if (!isInside(row + i, position)) continue;
        if (first < 0) first = i;
        last = i;
        voxels += 1;
        sums[0] += i;
        sums[1] += j;
        sums[2] += k;
      }
      if (first >= 0) ends.push(first, j, k);
      if (last > first) ends.push(last, j, k);
    }
  }
  const centre = (axis: 0 | 1 | 2): number => box.min[axis] + (voxels === 0 ? 0 : sums[axis] / voxels);
  return { voxels, centre: [centre(0), centre(1), centre(2)], diameter: greatestDistance(ends, spacing) };
}
