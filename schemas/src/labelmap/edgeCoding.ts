import { BitContexts, BitDecoder, BitEncoder } from './bitCoder.js';
import type { ByteWriter } from './byteWriter.js';
import {
  CONTEXT_COUNT,
  FARTHEST_MOVE,
  LONGEST_PREFIX,
  distanceContext,
  followContext,
  moreContext,
  moveContext,
  passContext,
  stepContext
} from './edgeContexts.js';
import { EdgePredictor } from './edgePredictor.js';
import { LabelMapError } from './errors.js';

/*
 * Codes rows of edges. Each row is a rising list: start of a run, its end (exclusive), start of the next one ... For
 * each edge: does it follow its reference (then by how much it moved), is the reference passed over, or is the edge
 * given by its distance from the one before. A row ends with "no more" once its reference row has nothing left.
 */

const contexts = new BitContexts(CONTEXT_COUNT);
const predictor = new EdgePredictor();

/** The rows of a box: `rows` rows in each of `slices` slices, each `length` voxels long. */
export interface RowShape {
  readonly length: number;
  readonly rows: number;
  readonly slices: number;
}

/** Appends the code of all rows. `edgesOf` fills `edges` with the row's edges and returns how many there are. */
export function encodeEdges(
  shape: RowShape,
  edgesOf: (row: number, slice: number, edges: Int32Array) => number,
  out: ByteWriter
): void {
  contexts.reset();
  predictor.reset();
  const start = out.length;
  const encoder = new BitEncoder(out, contexts);
  const edges = new Int32Array(shape.length + 2);
  for (let slice = 0; slice < shape.slices; slice++) {
    predictor.beginSlice(slice === 0);
    for (let row = 0; row < shape.rows; row++) {
      predictor.beginRow(row);
      encodeRow(encoder, edges, edgesOf(row, slice, edges));
      predictor.endRow();
    }
  }
  encoder.finish(start);
}

function encodeRow(encoder: BitEncoder, edges: Int32Array, count: number): void {
  let next = 0;
  for (;;) {
    predictor.locate();
    const { last, painted, above, position } = predictor;
    const ended = next === count;
    const edge = edges[next] ?? 0;
    if (predictor.hasReference) {
      const passed = ended || predictor.afterExpected < edge;
      const move = edge - predictor.expected;
      const follows = !passed && Math.abs(move) <= FARTHEST_MOVE;
      encoder.bit(followContext(last, painted, above), follows ? 1 : 0);
      if (follows) {
        encodeMove(encoder, moveContext(painted, predictor.slope, above, predictor.partnerMove), move);
        predictor.noteMove(move);
        next++;
        continue;
      }
      encoder.bit(passContext(last, painted), passed ? 1 : 0);
      if (passed) {
        predictor.notePass();
        continue;
      }
    } else if (painted === 0) {
      encoder.bit(moreContext(last, predictor.rowBeforeIsEmpty, above), ended ? 0 : 1);
      if (ended) return;
    }
    encodeDistance(encoder, distanceContext(painted), edge - position - 1);
    predictor.noteFresh(edge);
    next++;
  }
}

function encodeMove(encoder: BitEncoder, context: number, move: number): void {
  encoder.bit(context, move === 0 ? 1 : 0);
  if (move === 0) return;
  const forward = move > 0 ? 1 : 0;
  encoder.bit(context + 1, forward);
  const more = Math.abs(move) - 1;
  for (let step = 0; step < FARTHEST_MOVE - 1; step++) {
    encoder.bit(stepContext(context, forward, step), step < more ? 1 : 0);
    if (step === more) return;
  }
}

function encodeDistance(encoder: BitEncoder, context: number, distance: number): void {
  const value = distance + 1;
  const prefix = 31 - Math.clz32(value);
  for (let bit = 0; bit < prefix; bit++) encoder.bit(context + bit, 1);
  encoder.bit(context + prefix, 0);
  for (let bit = prefix - 1; bit >= 0; bit--) {
    encoder.bit(context + 32 + prefix + (bit === prefix - 1 ? 0 : 1), (value >> bit) & 1);
  }
}

export interface EdgeLimits {
  /** How many runs the rows hold together. */
  readonly runs: number;
}

/**
 * Reads what `encodeEdges` wrote. `onRun` gets each run, `end` exclusive. Takes time and memory for the declared rows
 * and runs and no more; throws `record.malformed`.
 */
export function decodeEdges(
  bytes: Uint8Array,
  shape: RowShape,
  limits: EdgeLimits,
  onRun: (start: number, end: number, row: number, slice: number) => void
): void {
  contexts.reset();
  predictor.reset();
  const decoder = new BitDecoder(bytes, contexts);
  let left = limits.runs;
  for (let slice = 0; slice < shape.slices; slice++) {
    predictor.beginSlice(slice === 0);
    for (let row = 0; row < shape.rows; row++) {
      predictor.beginRow(row);
      left = decodeRow(decoder, shape.length, left, row, slice, onRun);
      predictor.endRow();
    }
  }
  if (left !== 0 || !decoder.isExhausted) throw malformed();
}

function decodeRow(
  decoder: BitDecoder,
  length: number,
  runs: number,
  row: number,
  slice: number,
  onRun: (start: number, end: number, row: number, slice: number) => void
): number {
  let left = runs;
  let runStart = 0;
  for (;;) {
    predictor.locate();
    const { last, painted, above, position } = predictor;
    if (predictor.hasReference) {
      if (decoder.bit(followContext(last, painted, above)) === 1) {
        const move = decodeMove(decoder, moveContext(painted, predictor.slope, above, predictor.partnerMove));
        predictor.noteMove(move);
      } else if (decoder.bit(passContext(last, painted)) === 1) {
        if (predictor.afterExpected === Infinity) {
          // A reference run always has both its edges; only the end of the last one has nothing after it.
          throw malformed();
        }
        predictor.notePass();
        continue;
      } else {
        predictor.noteFresh(position + 1 + decodeDistance(decoder, distanceContext(painted)));
      }
    } else {
      if (painted === 0 && decoder.bit(moreContext(last, predictor.rowBeforeIsEmpty, above)) === 0) return left;
      predictor.noteFresh(position + 1 + decodeDistance(decoder, distanceContext(painted)));
    }
    const edge = predictor.position;
    if (edge <= position || edge > length) throw malformed();
    if (painted === 0) {
      if (edge === length || left === 0) throw malformed();
      runStart = edge;
    } else {
      left--;
      onRun(runStart, edge, row, slice);
    }
  }
}

function decodeMove(decoder: BitDecoder, context: number): number {
  if (decoder.bit(context) === 1) return 0;
  const forward = decoder.bit(context + 1);
  let distance = 1;
  for (let step = 0; step < FARTHEST_MOVE - 1; step++) {
    if (decoder.bit(stepContext(context, forward, step)) === 0) break;
    distance++;
  }
  return forward === 1 ? distance : -distance;
}

function decodeDistance(decoder: BitDecoder, context: number): number {
  let prefix = 0;
  while (decoder.bit(context + prefix) === 1) {
    if (++prefix > LONGEST_PREFIX) throw malformed();
  }
  let value = 1;
  for (let bit = prefix - 1; bit >= 0; bit--) {
    value = value * 2 + decoder.bit(context + 32 + prefix + (bit === prefix - 1 ? 0 : 1));
  }
  return value - 1;
}

function malformed(): LabelMapError {
  return new LabelMapError('record.malformed', 'The runs of this stroke cannot be read. Paint it again.');
}
