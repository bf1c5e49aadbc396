import { spacing as spacingOf, transformPoint, type Vector } from '@voxcord/schemas/geometry';
import { boxSize, unionBox, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { boxAround, segmentExtents } from '../agreement/segmentBoxes.js';
import { countOverlap, overlap } from '../agreement/overlap.js';
import { cropWanted, maskGrid, type Mask } from '../agreement/surfaces/mask.js';
import { boundaryMovement } from './boundaryMovement.js';
import type { ChangeKind, LabelMapDifference, LesionChange, SegmentChange, VolumeGeometry } from './change.js';
import { findEvents, type ObjectEvent } from './events.js';
import { cropLabels, linkObjects, objectsOf, type Objects } from './objects.js';

/** Of the same grid, and the same part of it. */
interface Compared {
  readonly before: Objects;
  readonly after: Objects;
  readonly dims: Dims;
  /** Where the part begins in the grid. */
  readonly corner: Vector;
  readonly geometry: VolumeGeometry;
  readonly spacing: Vector;
  readonly voxelMl: number;
}

/**
 * What changed between two label maps on one grid: per segment, and per lesion.
 *
 * @param before one segment number per voxel, i fastest; as `after`
 * @param segments which segments are compared; everything else is background
 */
export function differenceOf(
  before: Uint8Array,
  after: Uint8Array,
  geometry: VolumeGeometry,
  segments: readonly number[]
): LabelMapDifference {
  const { dims, affine } = geometry;
  if (before.length !== voxelCount(dims) || after.length !== voxelCount(dims)) {
    throw new RangeError(`Both label maps need the ${voxelCount(dims)} voxels of the ${dims.join(' x ')} grid.`);
  }
  const spacing = spacingOf(affine);
  const voxelMl = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const isWanted = new Uint8Array(256);
  for (const segment of segments) isWanted[segment] = 1;
  const extents = [before, after].map(labels => segmentExtents(labels, dims));
  const box = boxAround(extents.flatMap(each => segments.flatMap(segment => each.get(segment)?.box ?? [])));
  if (box === null) return { identical: true, segments: segments.map(nothing), changes: [] };

  const [old, current] = [before, after].map(labels => cropLabels(labels, dims, box, isWanted));
  if (old === undefined || current === undefined) throw new RangeError('Two label maps are compared.');
  const summary = summarise(old, current, segments, voxelMl);
  const identical = summary.every(({ addedVoxels, removedVoxels }) => addedVoxels === 0 && removedVoxels === 0);
  if (identical) return { identical, segments: summary, changes: [] };

  const size = boxSize(box);
  const compared: Compared = {
    before: objectsOf(old, size),
    after: objectsOf(current, size),
    dims: size,
    corner: box.min,
    geometry,
    spacing,
    voxelMl
  };
  const events = findEvents(compared.before, compared.after, linkObjects(compared.before, compared.after));
  const changes = events.flatMap(event => changeOf(event, compared) ?? []);
  return { identical, segments: summary, changes: changes.sort(byWeight) };
}

function nothing(number: number): SegmentChange {
  return { number, volumeBeforeMl: 0, volumeAfterMl: 0, addedVoxels: 0, removedVoxels: 0, dice: null };
}

function summarise(
  before: Uint8Array,
  after: Uint8Array,
  segments: readonly number[],
  voxelMl: number
): SegmentChange[] {
  const [inBefore, inAfter, inBoth] = [new Float64Array(256), new Float64Array(256), new Float64Array(256)];
  for (let voxel = 0; voxel < before.length; voxel++) {
    const old = before[voxel] ?? 0;
    const current = after[voxel] ?? 0;
    inBefore[old] = (inBefore[old] ?? 0) + 1;
    inAfter[current] = (inAfter[current] ?? 0) + 1;
    if (old === current) inBoth[old] = (inBoth[old] ?? 0) + 1;
  }
  return segments.map(number => {
    const counts = { a: inBefore[number] ?? 0, b: inAfter[number] ?? 0, both: inBoth[number] ?? 0 };
    return {
      number,
      volumeBeforeMl: counts.a * voxelMl,
      volumeAfterMl: counts.b * voxelMl,
      addedVoxels: counts.b - counts.both,
      removedVoxels: counts.a - counts.both,
      dice: overlap(counts).dice
    };
  });
}

/** Null if nothing about the objects changed. */
function changeOf(event: ObjectEvent, compared: Compared): LesionChange | null {
  const { before, after, dims, geometry, spacing, voxelMl } = compared;
  const box = boxOf(event, before, after);
  if (box === null) return null;
  const grid = maskGrid({ dims: geometry.dims, spacing }, box);
  const mask = (objects: Objects, numbers: readonly number[]): Mask =>
    cropWanted(objects.labels, dims, box, tableOf(numbers, objects.count), grid);
  const [was, is] = [mask(before, event.before), mask(after, event.after)];
  const counts = countOverlap(was, is);
  const isMoved = event.kind === 'moved';
  if (isMoved && counts.a === counts.b && counts.a === counts.both) return null;
  const hasBoth = counts.a > 0 && counts.b > 0;
  const movement = hasBoth ? boundaryMovement(was, is, grid) : null;
  const place = placeOf(event, compared, box, isMoved);
  return {
    kind: event.kind,
    segment: event.segment,
    previousSegment: event.previousSegment,
    before: event.before.length,
    after: event.after.length,
    volumeBeforeMl: counts.a * voxelMl,
    volumeAfterMl: counts.b * voxelMl,
    dice: hasBoth ? overlap(counts).dice : null,
    meanMovement: movement?.mean ?? null,
    maximumMovement: movement?.maximum ?? null,
    ...place
  };
}

function boxOf(event: ObjectEvent, before: Objects, after: Objects): VoxelBox | null {
  const boxes = [
    ...event.before.flatMap(number => before.boxes[number] ?? []),
    ...event.after.flatMap(number => after.boxes[number] ?? [])
  ];
  const [first, ...others] = boxes;
  return first === undefined ? null : others.reduce(unionBox, first);
}

function tableOf(numbers: readonly number[], count: number): Uint8Array {
  const table = new Uint8Array(count + 1);
  for (const number of numbers) table[number] = 1;
  return table;
}

/** Centre and box of the voxels of the objects, or only of those that changed. */
function placeOf(
  event: ObjectEvent,
  { before, after, dims, corner, geometry }: Compared,
  box: VoxelBox,
  onlyChanged: boolean
): Pick<LesionChange, 'centre' | 'box'> {
  const [old, current] = [tableOf(event.before, before.count), tableOf(event.after, after.count)];
  const sum: [number, number, number] = [0, 0, 0];
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  let voxels = 0;
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      for (let i = box.min[0]; i <= box.max[0]; i++) {
        const voxel = (k * dims[1] + j) * dims[0] + i;
        const was = old[before.labels[voxel] ?? 0] ?? 0;
        const is = current[after.labels[voxel] ?? 0] ?? 0;
        if (onlyChanged ? was === is : was + is === 0) continue;
        voxels += 1;
        [i, j, k].forEach((place, axis) => {
          const at = place + corner[axis as 0];
          sum[axis as 0] += at;
          if (at < (min[axis] ?? 0)) min[axis as 0] = at;
          if (at > (max[axis] ?? 0)) max[axis as 0] = at;
        });
      }
    }
  }
  const centre = transformPoint(geometry.affine, [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels]);
  return { centre, box: { min, max } };
}

const ORDER: readonly ChangeKind[] = ['added', 'removed', 'relabelled', 'split', 'merged', 'moved'];

function byWeight(a: LesionChange, b: LesionChange): number {
  const volume = ({ volumeBeforeMl, volumeAfterMl }: LesionChange): number => Math.max(volumeBeforeMl, volumeAfterMl);
  return (
    a.segment - b.segment ||
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    Math.abs(b.maximumMovement ?? 0) - Math.abs(a.maximumMovement ?? 0) ||
    volume(b) - volume(a)
  );
}
