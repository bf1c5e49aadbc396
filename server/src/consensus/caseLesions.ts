import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, boxVolume, unionBox, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { cutOut, forEachRow } from '../morphology/boxes.js';
import type { CaseInput, LesionRule } from './caseConsensus.js';
import type { CaseReaders } from './caseReaders.js';
import { greatestDistance } from './extent.js';
import { findInstances, surfaceOf, type Instance, type Instances } from './lesionInstances.js';
import { matchLesions, type LesionGroup, type SplitEvent } from './matchLesions.js';
import { agreeOnObject, type ObjectConsensus } from './objectConsensus.js';
import { shapeBox } from './shapeAverage.js';

/** Sums of weights that differ by less are equal. */
const TOLERANCE = 1e-9;

/** The consensus on one lesion, before lesions are numbered over all segments. */
export interface LesionAgreement {
  readonly segment: number;
  readonly group: LesionGroup;
  /** Indices of the readers who saw it, ascending. */
  readonly seenBy: readonly number[];
  readonly asked: number;
  readonly accepted: boolean;
  readonly existence: number;
  /** Box of the union of all masks, in the grid. */
  readonly box: VoxelBox;
  /** On the masks of those who saw it and count. */
  readonly object: ObjectConsensus;
  /** Box in which `decisions` and `soft` are given: of the union, and a little more. */
  readonly shape: VoxelBox;
  /** A decision per voxel of `shape`; none is foreground if the lesion is not accepted. */
  readonly decisions: Uint8Array;
  /**
   * Probability per voxel of `shape`: of an accepted lesion that of its shape, of another one the share of those asked
   * who marked the voxel.
   */
  readonly soft: Float32Array;
  /** Voxels and greatest diameter in mm per reader of the case. */
  readonly drawn: readonly { readonly voxels: number; readonly diameter: number }[];
}

export interface SegmentLesions {
  readonly lesions: readonly LesionAgreement[];
  readonly splits: readonly SplitEvent[];
  readonly instances: Instances | null;
  /** Box in which instances were looked for. */
  readonly box: VoxelBox | null;
  /** Readers of the case, in the order of the instances' readers. */
  readonly readers: readonly number[];
}

/**
 * Matches what readers drew, votes on presence, and agrees on the shape of each lesion among those who saw it.
 *
 * @param union box of all marks of the segment by readers who count; null if there are none
 */
export function agreeOnLesions(
  input: CaseInput,
  rule: LesionRule,
  union: VoxelBox | null,
  readers: CaseReaders
): SegmentLesions {
  const counted = readers.counted(rule.segment);
  if (union === null) return { lesions: [], splits: [], instances: null, box: null, readers: counted };
  const masks = counted.map(reader =>
    cutOut(input.reads[reader]?.labels ?? new Uint8Array(0), input.dims, union).map(label =>
      label === rule.segment ? 1 : 0
    )
  );
  const instances = findInstances(masks, boxSize(union));
  const { groups, splits } = matchLesions(instances, rule.matching, input.spacing);
  const lesions = groups.map(group =>
    agreeOnLesion(input, rule, readers, { counted, instances, union, group, needed: rule.presence })
  );
  return { lesions, splits, instances, box: union, readers: counted };
}

interface Found {
  readonly counted: readonly number[];
  readonly instances: Instances;
  readonly union: VoxelBox;
  readonly group: LesionGroup;
  /** Null: more than half. */
  readonly needed: number | null;
}

function agreeOnLesion(
  { dims, spacing, reads }: CaseInput,
  rule: LesionRule,
  readers: CaseReaders,
  { counted, instances, union, group, needed }: Found
): LesionAgreement {
  const places = [...new Set(group.parts.map(({ reader }) => reader))].sort((a, b) => a - b);
  const seenBy = places.map(place => counted[place] ?? 0);
  const box = group.parts.map(part => shifted(part.box, union.min)).reduce(unionBox);
  const shape = shapeBox(box, dims);
  const masks = places.map(place => maskOf(instances, group, place, union, shape, dims));
  const { rows, marks, counts } = rowsOf(masks);
  const marked = counts.reduce((sum, count, row) => sum + (row === 0 ? 0 : count), 0);
  // Voxels that nobody marked, in the whole image.
  counts[0] = dims[0] * dims[1] * dims[2] - marked;
  const object = agreeOnObject(
    {
      readers: seenBy.map(reader => readers.ids[reader] ?? ''),
      weights: seenBy.map(reader => readers.weights[reader] ?? 1),
      votes: { readers: places.length, marks, counts },
      union: box,
      dims,
      spacing,
      beyond: 'background',
      masks: () => ({ box: shape, dims: boxSize(shape), masks, rows })
    },
    rule.shape
  );
  const weightOf = (reader: number): number => readers.weights[reader] ?? 1;
  const seen = sumOf(seenBy.map(weightOf));
  const asked = sumOf(counted.map(weightOf));
  const accepted = isMost(seen, needed, asked);
  const { decisions } = object;
  const byRow = decisions.by === 'row' ? decisions.rows : null;
  const byVoxel = decisions.by === 'voxel' ? decisions.voxels : null;
  const decided = new Uint8Array(rows.length);
  const soft = new Float32Array(rows.length);
  const shares = Float64Array.from(marks, row => weightIn(row, seenBy.map(weightOf)) / asked);
  for (let voxel = 0; voxel < rows.length; voxel++) {
    const row = rows[voxel] ?? 0;
    if (accepted) decided[voxel] = byVoxel?.[voxel] ?? byRow?.[row] ?? 0;
    soft[voxel] = accepted ? (object.soft[row] ?? 0) : (shares[row] ?? 0);
  }
  return {
    segment: rule.segment,
    group,
    seenBy,
    asked: counted.length,
    accepted,
    existence: (seen + 1) / (asked + 2),
    box,
    object,
    shape,
    decisions: decided,
    soft,
    drawn: reads.map((_, reader) => drawnBy(instances, group, counted.indexOf(reader), spacing))
  };
}

/** Of readers with other weights than 1, `needed` of them are as many as weigh so much together. */
function isMost(seen: number, needed: number | null, asked: number): boolean {
  return needed === null ? seen > asked / 2 + TOLERANCE : seen >= needed - TOLERANCE;
}

/** Weight of the readers who marked the voxels of a row. */
function weightIn(row: number, weights: readonly number[]): number {
  return sumOf(weights.filter((_, place) => ((row >>> place) & 1) === 1));
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function shifted({ min, max }: VoxelBox, by: Vector): VoxelBox {
  return {
    min: [min[0] + by[0], min[1] + by[1], min[2] + by[2]],
    max: [max[0] + by[0], max[1] + by[1], max[2] + by[2]]
  };
}

/** What one reader drew of the lesion, in the box `shape` of the grid. */
function maskOf(
  { components, dims: size }: Instances,
  { parts }: LesionGroup,
  place: number,
  union: VoxelBox,
  shape: VoxelBox,
  dims: Dims
): Uint8Array {
  const mask = new Uint8Array(boxVolume(shape));
  const labels = components[place] ?? new Uint32Array(0);
  const own = new Set(parts.filter(({ reader }) => reader === place).map(({ component }) => component));
  forEachRow(dims, shape, (start, position, length) => {
    const row = Math.floor(start / dims[0]);
    const j = (row % dims[1]) - union.min[1];
    const k = Math.floor(row / dims[1]) - union.min[2];
    if (j < 0 || k < 0 || j >= size[1] || k >= size[2]) return;
    const first = shape.min[0] - union.min[0];
    for (let x = Math.max(0, -first); x < length && first + x < size[0]; x++) {
      const component = labels[first + x + size[0] * (j + size[1] * k)] ?? 0;
      if (component !== 0 && own.has(component)) mask[position + x] = 1;
    }
  });
  return mask;
}

/** Counts which readers marked the voxels together. Row 0 is nobody. */
function rowsOf(masks: readonly Uint8Array[]): { rows: Uint16Array; marks: Uint32Array; counts: Float64Array } {
  const voxels = masks[0]?.length ?? 0;
  const bits = new Uint32Array(voxels);
  masks.forEach((mask, reader) => {
    for (let voxel = 0; voxel < voxels; voxel++)
      if (mask[voxel] === 1) bits[voxel] = (bits[voxel] ?? 0) | (1 << reader);
  });
  const numbers = new Map<number, number>([[0, 0]]);
  const counts: number[] = [0];
  const rows = new Uint16Array(voxels);
  for (let voxel = 0; voxel < voxels; voxel++) {
    const here = bits[voxel] ?? 0;
    let row = here === 0 ? 0 : numbers.get(here);
    if (row === undefined) {
      row = counts.length;
      numbers.set(here, row);
      counts.push(0);
    }
    rows[voxel] = row;
    counts[row] = (counts[row] ?? 0) + 1;
  }
  return { rows, marks: Uint32Array.from(numbers.keys()), counts: Float64Array.from(counts) };
}

function drawnBy(
  instances: Instances,
  { parts }: LesionGroup,
  place: number,
  spacing: Vector
): { voxels: number; diameter: number } {
  const own: Instance[] = parts.filter(({ reader }) => reader === place);
  if (own.length === 0) return { voxels: 0, diameter: 0 };
  const surface = own.flatMap(part => [...surfaceOf(instances, part)]);
  return { voxels: own.reduce((sum, { voxels }) => sum + voxels, 0), diameter: greatestDistance(surface, spacing) };
}
