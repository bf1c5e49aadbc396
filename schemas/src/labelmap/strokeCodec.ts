import type { Dims } from './grid.js';
import type { LabelRecord, Tool, VisibilityRecord } from './records.js';
import type { PaintedRegion } from './regions.js';

const notReady = (): never => {
  throw new Error('The label-map engine is being built.');
};

export interface StrokeInput {
  readonly lamport: number;
  readonly segment: number;
  readonly tool: Tool;
  readonly continues: boolean;
  readonly region: PaintedRegion;
  readonly dims: Dims;
}

/** One record; throws `stroke.empty`, `stroke.outside-grid`, `stroke.segment`, `record.too-large`. */
export function encodeStroke(_stroke: StrokeInput): Uint8Array {
  return notReady();
}

/**
 * As many records as the region needs (nearly always one), in log order, with lamport, lamport + 1 ...; all but the
 * first continue the gesture. This is what tools should call.
 */
export function encodeStrokes(_stroke: StrokeInput): Uint8Array[] {
  return notReady();
}

export function encodeVisibility(_record: Omit<VisibilityRecord, 'kind'>): Uint8Array {
  return notReady();
}

/** Header only, cheap. */
export function readRecord(_bytes: Uint8Array, _dims: Dims): LabelRecord {
  return notReady();
}

/** Everything, runs included; bounded memory and time. */
export function checkRecord(_bytes: Uint8Array, _dims: Dims): LabelRecord {
  return notReady();
}

/** Visits the runs of a stroke: `length` voxels from grid index `start` on, `stride` apart. */
export function forEachRun(
  _bytes: Uint8Array,
  _dims: Dims,
  _visit: (start: number, length: number, stride: number) => void
): void {
  return notReady();
}

/** The voxels of a stroke as a region. */
export function decodeRegion(_bytes: Uint8Array, _dims: Dims): PaintedRegion {
  return notReady();
}
