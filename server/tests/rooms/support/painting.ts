import {
  encodeStroke,
  LabelMap,
  RecordLog,
  type Dims,
  type PaintedRegion,
  type RecordEntry,
  type VoxelIndex
} from '@voxcord/schemas/labelmap';
import type * as Y from 'yjs';
import { DIMS } from './roomService.js';

/** A filled box. */
export function boxRegion(min: VoxelIndex, size: VoxelIndex): PaintedRegion {
  const max: VoxelIndex = [min[0] + size[0] - 1, min[1] + size[1] - 1, min[2] + size[2] - 1];
  return { box: { min, max }, mask: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

export function strokeBytes(lamport: number, segment: number, region: PaintedRegion, dims: Dims = DIMS): Uint8Array {
  return encodeStroke({ lamport, segment, tool: 'brush', continues: false, region, dims });
}

/** A box that follows from `seed`, inside the grid. */
export function someRegion(seed: number, dims: Dims = DIMS): PaintedRegion {
  const at = (axis: 0 | 1 | 2, factor: number): number => Math.abs(seed * factor) % (dims[axis] - 6);
  return boxRegion([at(0, 7), at(1, 13), at(2, 5)], [6, 5, 1 + (Math.abs(seed) % 4)]);
}

export function entriesOf(doc: Y.Doc): RecordEntry[] {
  return new RecordLog(doc).entries();
}

/** The records of a document as text, in log order: what "exactly once" is checked on. */
export function recordKeys(doc: Y.Doc): string[] {
  return entriesOf(doc)
    .map(({ id, bytes }) => `${id.client}:${id.clock}:${Buffer.from(bytes).toString('hex')}`)
    .sort();
}

/** The label map that the records of a document give, folded at once. */
export function foldedLabels(doc: Y.Doc, dims: Dims = DIMS): Uint8Array {
  return LabelMap.open(dims, { records: entriesOf(doc) }).bitmap;
}
