import { ByteReader } from './byteReader.js';
import type { ByteWriter } from './byteWriter.js';
import { LabelMapError } from './errors.js';
import { MAX_EDGE, MAX_VOXELS, boxSize, boxVolume, isInside, type Dims } from './grid.js';
import {
  MAX_CLIENT,
  MAX_LAMPORT,
  MAX_RECORD_BYTES,
  MAX_RECORD_RUNS,
  TOOLS,
  type StrokeRecord,
  type VisibilityRecord
} from './records.js';

/*
 * First byte: bits 0-3 version, bit 4 kind (0 stroke, 1 visibility), bit 5 a flag (stroke: continues; visibility:
 * hidden), bits 6-7 run axis of a stroke. `docs/contributors/label-maps.md` gives the rest.
 */

const VERSION = 1;
const VISIBILITY = 1 << 4;
const FLAG = 1 << 5;
const AXIS_SHIFT = 6;

export type RunAxis = 0 | 1 | 2;

/** Most rows that a stroke's box may have across its run axis: what decoding walks even where nothing is painted. */
export const MAX_RECORD_ROWS = 2 ** 20;

/** The two axes across a run axis: the faster one first. */
export const ACROSS: readonly [readonly [1, 2], readonly [0, 2], readonly [0, 1]] = [
  [1, 2],
  [0, 2],
  [0, 1]
];

export interface ParsedStroke {
  readonly record: StrokeRecord;
  readonly axis: RunAxis;
  /** The coded runs. */
  readonly payload: Uint8Array;
}

export interface ParsedVisibility {
  readonly record: VisibilityRecord;
}

export type ParsedRecord = ParsedStroke | ParsedVisibility;

export function writeStrokeHeader(out: ByteWriter, record: StrokeRecord, axis: RunAxis): void {
  out.byte(VERSION | (record.continues ? FLAG : 0) | (axis << AXIS_SHIFT));
  out.byte(record.segment);
  out.byte(TOOLS.indexOf(record.tool));
  out.varuint(record.lamport);
  for (const low of record.box.min) out.varuint(low);
  for (const size of boxSize(record.box)) out.varuint(size - 1);
  out.varuint(record.voxels);
  out.varuint(record.runs);
}

export function writeVisibility(out: ByteWriter, record: Omit<VisibilityRecord, 'kind'>): void {
  out.byte(VERSION | VISIBILITY | (record.hidden ? FLAG : 0));
  out.varuint(record.lamport);
  out.varuint(record.target.client);
  out.varuint(record.target.clock);
}

/** Reads and checks all that stands before the runs. */
export function parseRecord(bytes: Uint8Array, dims: Dims): ParsedRecord {
  if (bytes.length > MAX_RECORD_BYTES) throw tooLarge(`it has ${bytes.length} bytes, ${MAX_RECORD_BYTES} at most`);
  const reader = new ByteReader(
    bytes,
    'record.malformed',
    'This record cannot be read. Reload the page and try again.'
  );
  const first = reader.byte();
  const version = first & 15;
  if (version !== VERSION) {
    throw new LabelMapError(
      'record.version',
      `This record has format version ${version}; version ${VERSION} is known here. Update Voxcord.`
    );
  }
  if ((first & VISIBILITY) !== 0) {
    if (first >> AXIS_SHIFT !== 0) throw reader.refuse();
    return parseVisibility(reader, (first & FLAG) !== 0);
  }
  const axis = first >> AXIS_SHIFT;
  if (axis !== 0 && axis !== 1 && axis !== 2) throw reader.refuse();
  return { record: parseStroke(reader, (first & FLAG) !== 0, axis, dims), axis, payload: reader.rest() };
}

export function isStroke(parsed: ParsedRecord): parsed is ParsedStroke {
  return parsed.record.kind === 'stroke';
}

function parseVisibility(reader: ByteReader, hidden: boolean): ParsedVisibility {
  const lamport = reader.varuint(MAX_LAMPORT);
  const target = { client: reader.varuint(MAX_CLIENT), clock: reader.varuint(MAX_CLIENT) };
  if (!reader.atEnd) throw reader.refuse();
  return { record: { kind: 'visibility', lamport, target, hidden } };
}

function parseStroke(reader: ByteReader, continues: boolean, axis: RunAxis, dims: Dims): StrokeRecord {
  const segment = reader.byte();
  const tool = TOOLS[reader.byte()];
  if (tool === undefined) throw reader.refuse();
  const lamport = reader.varuint(MAX_LAMPORT);
  const min = [reader.varuint(MAX_EDGE), reader.varuint(MAX_EDGE), reader.varuint(MAX_EDGE)] as const;
  const span = [reader.varuint(MAX_EDGE), reader.varuint(MAX_EDGE), reader.varuint(MAX_EDGE)] as const;
  const box = { min, max: [min[0] + span[0], min[1] + span[1], min[2] + span[2]] as const };
  if (!isInside(box, dims)) {
    throw new LabelMapError(
      'stroke.outside-grid',
      `The stroke's box ${min.join(',')} - ${box.max.join(',')} lies outside the ${dims.join(' x ')} grid.`
    );
  }
  const voxels = reader.varuint(MAX_VOXELS);
  const runs = reader.varuint(MAX_VOXELS);
  if (runs > MAX_RECORD_RUNS) throw tooLarge(`it has ${runs} runs, ${MAX_RECORD_RUNS} at most`);
  const [rowAxis, sliceAxis] = ACROSS[axis];
  const size = boxSize(box);
  if (size[rowAxis] * size[sliceAxis] > MAX_RECORD_ROWS) throw tooLarge('its box has too many rows');
  if (voxels < 1 || runs < 1 || runs > voxels || voxels > boxVolume(box)) throw reader.refuse();
  return { kind: 'stroke', lamport, segment, tool, continues, box, voxels, runs };
}

export function tooLarge(what: string): LabelMapError {
  return new LabelMapError('record.too-large', `This edit is too large for one record: ${what}. Split it.`);
}
