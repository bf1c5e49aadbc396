import { ByteWriter } from './byteWriter.js';
import { decodeEdges, encodeEdges, type RowShape } from './edgeCoding.js';
import { LabelMapError } from './errors.js';
import { boxSize, boxVolume, type Dims } from './grid.js';
import {
  ACROSS,
  MAX_RECORD_ROWS,
  isStroke,
  parseRecord,
  tooLarge,
  writeStrokeHeader,
  writeVisibility,
  type ParsedStroke,
  type RunAxis
} from './recordHeader.js';
import {
  MAX_LAMPORT,
  MAX_RECORD_BYTES,
  MAX_RECORD_RUNS,
  type LabelRecord,
  type Tool,
  type VisibilityRecord
} from './records.js';
import { checkRegion, halve, tighten, type PaintedRegion } from './regions.js';

export interface StrokeInput {
  /** From `LabelMap.nextLamport`. */
  readonly lamport: number;
  /** Segment number, 0 erases. */
  readonly segment: number;
  readonly tool: Tool;
  /** Part of the same gesture as the previous stroke of this log. */
  readonly continues: boolean;
  readonly region: PaintedRegion;
  readonly dims: Dims;
}

/** Boxes beyond this size are coded along the axis with the fewest runs, without trying the others. */
const TRY_ALL_AXES_UP_TO = 1 << 21;

/**
 * One record. Throws `stroke.empty`, `stroke.outside-grid`, `stroke.segment`, `grid.mismatch`, `record.malformed` (bad
 * lamport) and `record.too-large`: then `encodeStrokes` splits it.
 */
export function encodeStroke(stroke: StrokeInput): Uint8Array {
  checkInput(stroke);
  const tight = tighten(stroke.region);
  if (tight === null) throw emptyStroke();
  const bytes = encodeTight(stroke, tight);
  if (bytes === null) throw tooLarge(`it does not fit ${MAX_RECORD_BYTES} bytes and ${MAX_RECORD_RUNS} runs`);
  return bytes;
}

/**
 * As many records as the region needs (nearly always one), in the order in which they go into the log, with lamport,
 * lamport + 1 ...; all but the first continue the gesture. Throws as `encodeStroke`, but never `record.too-large`.
 */
export function encodeStrokes(stroke: StrokeInput): Uint8Array[] {
  checkInput(stroke);
  const records: Uint8Array[] = [];
  const pending = [stroke.region];
  for (let region = pending.pop(); region !== undefined; region = pending.pop()) {
    const tight = tighten(region);
    if (tight === null) continue;
    const part = {
      ...stroke,
      lamport: stroke.lamport + records.length,
      continues: stroke.continues || records.length > 0
    };
    const bytes = encodeTight(part, tight);
    if (bytes !== null) {
      records.push(bytes);
    } else {
      const [first, second] = halve(tight);
      pending.push(second, first);
    }
  }
  if (records.length === 0) throw emptyStroke();
  return records;
}

/** A record that hides (undo) or shows (redo) a stroke. */
export function encodeVisibility(record: Omit<VisibilityRecord, 'kind'>): Uint8Array {
  checkLamport(record.lamport);
  const out = new ByteWriter(24);
  writeVisibility(out, record);
  return out.toBytes();
}

/** Reads and checks a record but not the runs of a stroke: microseconds, whatever its size. Throws `LabelMapError`. */
export function readRecord(bytes: Uint8Array, dims: Dims): LabelRecord {
  return parseRecord(bytes, dims).record;
}

/**
 * Checks all of a record: what a server does before it accepts one. Takes memory and time for what the record may
 * declare at most (150,000 runs, 1 M rows). Throws `LabelMapError`.
 */
export function checkRecord(bytes: Uint8Array, dims: Dims): LabelRecord {
  const parsed = parseRecord(bytes, dims);
  if (isStroke(parsed)) decodeRuns(parsed, () => undefined);
  return parsed.record;
}

/**
 * Visits the runs of a stroke: `length` voxels from grid index `start` on, `stride` grid indices apart. Throws
 * `LabelMapError`, also after some runs were visited.
 */
export function forEachRun(
  bytes: Uint8Array,
  dims: Dims,
  visit: (start: number, length: number, stride: number) => void
): void {
  const parsed = parseStrokeRecord(bytes, dims);
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const [rowAxis, sliceAxis] = ACROSS[parsed.axis];
  const stride = strides[parsed.axis];
  const { min } = parsed.record.box;
  const origin = (min[2] * dims[1] + min[1]) * dims[0] + min[0];
  decodeRuns(parsed, (start, end, row, slice) => {
    visit(origin + start * stride + row * strides[rowAxis] + slice * strides[sliceAxis], end - start, stride);
  });
}

/** The voxels of a stroke as a region. Throws `LabelMapError`. */
export function decodeRegion(bytes: Uint8Array, dims: Dims): PaintedRegion {
  const parsed = parseStrokeRecord(bytes, dims);
  const { box } = parsed.record;
  const size = boxSize(box);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [rowAxis, sliceAxis] = ACROSS[parsed.axis];
  const stride = strides[parsed.axis];
  const mask = new Uint8Array(boxVolume(box));
  decodeRuns(parsed, (start, end, row, slice) => {
    const base = row * strides[rowAxis] + slice * strides[sliceAxis];
    for (let at = start; at < end; at++) mask[base + at * stride] = 1;
  });
  return { box, mask };
}

/**
 * Visits the runs of a parsed stroke in box coordinates and checks that they are what its header declares: tight box,
 * number of voxels. Throws `record.malformed`.
 */
export function decodeRuns(
  stroke: ParsedStroke,
  onRun: (start: number, end: number, row: number, slice: number) => void
): void {
  const shape = rowShape(stroke.record.box, stroke.axis);
  let voxels = 0;
  let [first, last, firstRow, lastRow, firstSlice, lastSlice] = [shape.length, 0, shape.rows, -1, shape.slices, -1];
  decodeEdges(stroke.payload, shape, { runs: stroke.record.runs }, (start, end, row, slice) => {
    voxels += end - start;
    if (start < first) first = start;
    if (end > last) last = end;
    if (row < firstRow) firstRow = row;
    if (row > lastRow) lastRow = row;
    if (slice < firstSlice) firstSlice = slice;
    lastSlice = slice;
    onRun(start, end, row, slice);
  });
  const isTight =
    first === 0 &&
    last === shape.length &&
    firstRow === 0 &&
    lastRow === shape.rows - 1 &&
    firstSlice === 0 &&
    lastSlice === shape.slices - 1;
  if (!isTight || voxels !== stroke.record.voxels) {
    throw new LabelMapError('record.malformed', 'The runs of this stroke do not fit its header. Paint it again.');
  }
}

function rowShape(box: PaintedRegion['box'], axis: RunAxis): RowShape {
  const size = boxSize(box);
  const [rowAxis, sliceAxis] = ACROSS[axis];
  return { length: size[axis], rows: size[rowAxis], slices: size[sliceAxis] };
}

function parseStrokeRecord(bytes: Uint8Array, dims: Dims): ParsedStroke {
  const parsed = parseRecord(bytes, dims);
  if (!isStroke(parsed)) throw new LabelMapError('record.malformed', 'A visibility record has no runs; read a stroke.');
  return parsed;
}

/** Null if the record would be too large. */
function encodeTight(stroke: StrokeInput, tight: PaintedRegion & { readonly voxels: number }): Uint8Array | null {
  const size = boxSize(tight.box);
  const candidates: { axis: RunAxis; runs: number }[] = [];
  for (const axis of [0, 1, 2] as const) {
    const [rowAxis, sliceAxis] = ACROSS[axis];
    if (size[rowAxis] * size[sliceAxis] > MAX_RECORD_ROWS) continue;
    const runs = countRuns(tight, axis);
    if (runs <= MAX_RECORD_RUNS) candidates.push({ axis, runs });
  }
  candidates.sort((a, b) => a.runs - b.runs);
  // An axis that needs many more runs never gives the shorter record: discs along their normal.
  const enough = 3 * (candidates[0]?.runs ?? 0);
  while ((candidates.at(-1)?.runs ?? 0) > enough) candidates.pop();
  if (tight.mask.length > TRY_ALL_AXES_UP_TO) candidates.length = Math.min(candidates.length, 1);
  let best: Uint8Array | null = null;
  for (const { axis, runs } of candidates) {
    const out = new ByteWriter(1024);
    const { lamport, segment, tool, continues } = stroke;
    const header = {
      kind: 'stroke',
      lamport,
      segment,
      tool,
      continues,
      box: tight.box,
      voxels: tight.voxels,
      runs
    } as const;
    writeStrokeHeader(out, header, axis);
    encodeEdges(rowShape(tight.box, axis), edgeReader(tight, axis), out);
    if (out.length <= MAX_RECORD_BYTES && (best === null || out.length < best.length)) best = out.toBytes();
  }
  return best;
}

/** Runs along `axis`: painted voxels whose predecessor on the axis is not painted. */
function countRuns({ box, mask }: PaintedRegion, axis: RunAxis): number {
  const size = boxSize(box);
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  let runs = 0;
  if (axis === 0) {
    for (let row = 0; row < mask.length; row += size[0]) {
      let before = 0;
      for (let at = row; at < row + size[0]; at++) {
        const painted = mask[at] === 0 ? 0 : 1;
        runs += painted & (before ^ 1);
        before = painted;
      }
    }
    return runs;
  }
  const block = stride * size[axis];
  for (let start = 0; start < mask.length; start += block) {
    for (let at = start; at < start + stride; at++) runs += mask[at] === 0 ? 0 : 1;
    for (let at = start + stride; at < start + block; at++) runs += mask[at] !== 0 && mask[at - stride] === 0 ? 1 : 0;
  }
  return runs;
}

function edgeReader(
  { box, mask }: PaintedRegion,
  axis: RunAxis
): (row: number, slice: number, edges: Int32Array) => number {
  const size = boxSize(box);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [rowAxis, sliceAxis] = ACROSS[axis];
  const stride = strides[axis];
  const length = size[axis];
  return (row, slice, edges) => {
    let count = 0;
    let before = false;
    let at = row * strides[rowAxis] + slice * strides[sliceAxis];
    for (let position = 0; position < length; position++, at += stride) {
      const painted = mask[at] !== 0;
      if (painted !== before) {
        edges[count++] = position;
        before = painted;
      }
    }
    if (before) edges[count++] = length;
    return count;
  };
}

function checkInput(stroke: StrokeInput): void {
  const { segment } = stroke;
  if (!Number.isInteger(segment) || segment < 0 || segment > 255) {
    throw new LabelMapError('stroke.segment', `A segment number is 0 (erase) to 255; got ${segment}.`);
  }
  checkLamport(stroke.lamport);
  checkRegion(stroke.region, stroke.dims);
}

function checkLamport(lamport: number): void {
  if (!Number.isInteger(lamport) || lamport < 0 || lamport > MAX_LAMPORT) {
    throw new LabelMapError('record.malformed', `A lamport clock is 0 to 2^40; got ${lamport}. Use nextLamport().`);
  }
}

function emptyStroke(): LabelMapError {
  return new LabelMapError('stroke.empty', 'The stroke paints nothing. Do not record it.');
}
