import type { VoxelBox } from './grid.js';

/** Names a record: the Yjs client that wrote it and its Yjs clock, which is its index in that client's log. */
export interface RecordId {
  readonly client: number;
  readonly clock: number;
}

/** What made a stroke. Kept for the record's history; it changes nothing in the fold. */
export const TOOLS = [
  'other',
  'brush',
  'eraser',
  'fill',
  'threshold',
  'grow',
  'interpolation',
  'islands',
  'model',
  'notebook',
  'import',
  /** Proposed by a method or a model from places that a person pointed at, and accepted by them. */
  'proposal'
] as const;
export type Tool = (typeof TOOLS)[number];

/** One atomic edit of a label map: the voxels it changed and the segment they got. */
export interface StrokeRecord {
  readonly kind: 'stroke';
  /** Logical time: higher than that of every record its painter had seen. */
  readonly lamport: number;
  /** Segment number; 0 erases. */
  readonly segment: number;
  readonly tool: Tool;
  /** Part of the same gesture as the previous stroke of this log: undone together with it. */
  readonly continues: boolean;
  /** Tight box of the painted voxels. */
  readonly box: VoxelBox;
  /** How many voxels the stroke paints. */
  readonly voxels: number;
  /** How many runs the voxels are coded as. */
  readonly runs: number;
}

/** Undo or redo: hides or shows one stroke. Of several on one stroke the one of highest order counts. */
export interface VisibilityRecord {
  readonly kind: 'visibility';
  readonly lamport: number;
  readonly target: RecordId;
  readonly hidden: boolean;
}

export type LabelRecord = StrokeRecord | VisibilityRecord;

/** A record as it lies in a log. */
export interface RecordEntry {
  readonly id: RecordId;
  readonly bytes: Uint8Array;
}

/** Longest record in bytes: with its envelope it stays below the longest frame. */
export const MAX_RECORD_BYTES = 768 * 1024;

/** Most runs of one record, which bounds what decoding takes. */
export const MAX_RECORD_RUNS = 150_000;

/** Highest lamport clock that a record may carry. */
export const MAX_LAMPORT = 2 ** 40;

/** Highest Yjs client id and clock that a record may name. */
export const MAX_CLIENT = 2 ** 53 - 1;

export function sameRecord(a: RecordId, b: RecordId): boolean {
  return a.client === b.client && a.clock === b.clock;
}
