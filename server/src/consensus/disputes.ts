import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { connectedComponents } from '../morphology/connectedComponents.js';
import type { DisputedRegion, DisputeKind } from './caseConsensus.js';

/** What a disputed voxel is about; voxels of one region are about the same. */
export interface Subject {
  readonly kind: DisputeKind;
  readonly segments: readonly number[];
  readonly lesion: number | null;
}

/** What a region is described from. Arrays have a value per voxel of `box`. */
export interface DisputeMaps {
  readonly dims: Dims;
  readonly spacing: Vector;
  readonly box: VoxelBox;
  /** Number of the subject from 1; 0 where the readers agree. */
  readonly subjectOf: Uint16Array | Uint32Array;
  readonly subjects: readonly Subject[];
  readonly disagreement: Uint8Array;
  readonly reads: readonly { readonly id: string; readonly labels: Uint8Array }[];
  /** Of the consensus, on the whole grid. */
  readonly labels: Uint8Array;
  /** Whether a reader marked the subject anywhere; null: not read. */
  readonly isPresent: (subject: Subject, reader: number) => boolean | null;
  /** Probability that a voxel of the box belongs to one of the segments. */
  readonly probability: (subject: Subject, voxel: number) => number;
  readonly isUndecided: (voxel: number) => boolean;
}

interface Gathered {
  readonly subject: Subject;
  readonly box: VoxelBox;
  readonly runs: number[];
  readonly sums: [number, number, number];
  readonly marked: Float64Array;
  readonly isSegment: Uint8Array;
  voxels: number;
  disagreement: number;
  decided: number;
  undecided: number;
  probability: number;
}

const ORDER: Readonly<Record<DisputeKind, number>> = { presence: 0, label: 1, boundary: 2 };

/** Finds the connected regions of disputed voxels that are about the same, and what there is to say about each. */
export function describeDisputes(maps: DisputeMaps): DisputedRegion[] {
  const { spacing, reads, box } = maps;
  const regions = gather(maps);
  const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const first = (region: Gathered): number => region.runs[0] ?? 0;
  return regions
    .sort((a, b) => ORDER[a.subject.kind] - ORDER[b.subject.kind] || b.voxels - a.voxels || first(a) - first(b))
    .map((region, n): DisputedRegion => {
      const { subject, voxels } = region;
      const centre = (axis: 0 | 1 | 2): number => box.min[axis] + region.sums[axis] / voxels;
      return {
        number: n + 1,
        kind: subject.kind,
        segments: subject.segments,
        lesion: subject.lesion,
        runs: Uint32Array.from(region.runs),
        voxels,
        volumeMl: voxels * ml,
        box: region.box,
        centre: [centre(0), centre(1), centre(2)],
        severity: region.disagreement / (255 * voxels),
        candidates: reads.map(({ id }, reader) => ({
          read: id,
          present: maps.isPresent(subject, reader),
          voxels: region.marked[reader] ?? 0,
          volumeMl: (region.marked[reader] ?? 0) * ml
        })),
        consensus: {
          voxels: region.decided,
          volumeMl: region.decided * ml,
          probability: region.probability / voxels,
          undecidedVoxels: region.undecided
        }
      };
    });
}

function gather(maps: DisputeMaps): Gathered[] {
  const { box, dims, subjectOf, subjects, reads, labels } = maps;
  const size = boxSize(box);
  const components = connectedComponents(subjectOf, size, 26);
  const regions: (Gathered | null)[] = components.boxes.map(() => null);
  let voxel = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      let open: Gathered | null = null;
      const row = box.min[0] + dims[0] * (box.min[1] + j + dims[1] * (box.min[2] + k));
      for (let i = 0; i < size[0]; i++, voxel++) {
        const component = components.labels[voxel] ?? 0;
        if (component === 0) {
          open = null;
          continue;
        }
        const subject = subjects[(subjectOf[voxel] ?? 0) - 1];
        if (subject === undefined) continue;
        const region = (regions[component] ??= startRegion(
          subject,
          shifted(components.boxes[component], box),
          reads.length
        ));
        if (open === region) region.runs[region.runs.length - 1] = (region.runs.at(-1) ?? 0) + 1;
        else region.runs.push(row + i, 1);
        open = region;
        region.voxels += 1;
        region.sums[0] += i;
        region.sums[1] += j;
        region.sums[2] += k;
        region.disagreement += maps.disagreement[voxel] ?? 0;
        region.probability += maps.probability(subject, voxel);
        if (maps.isUndecided(voxel)) region.undecided += 1;
        if (region.isSegment[labels[row + i] ?? 0] === 1) region.decided += 1;
        for (let reader = 0; reader < reads.length; reader++) {
          const label = reads[reader]?.labels[row + i] ?? 0;
          if (region.isSegment[label] === 1) region.marked[reader] = (region.marked[reader] ?? 0) + 1;
        }
      }
    }
  }
  return regions.filter(region => region !== null);
}

function startRegion(subject: Subject, box: VoxelBox, readers: number): Gathered {
  const isSegment = new Uint8Array(256);
  for (const segment of subject.segments) isSegment[segment] = 1;
  return {
    subject,
    box,
    runs: [],
    sums: [0, 0, 0],
    marked: new Float64Array(readers),
    isSegment,
    voxels: 0,
    disagreement: 0,
    decided: 0,
    undecided: 0,
    probability: 0
  };
}

function shifted(box: VoxelBox | undefined, by: VoxelBox): VoxelBox {
  const { min, max } = box ?? { min: [0, 0, 0], max: [0, 0, 0] };
  return {
    min: [min[0] + by.min[0], min[1] + by.min[1], min[2] + by.min[2]],
    max: [max[0] + by.min[0], max[1] + by.min[1], max[2] + by.min[2]]
  };
}
