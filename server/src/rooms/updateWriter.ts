import { strokeLogName } from '@voxcord/schemas/rooms';
import * as encoding from 'lib0/encoding';
import { UpdateReader } from './updateReader.js';
import type { DeletedRange } from './updateReader.js';

const BINARY = 3;
const HAS_ORIGIN = 0b1000_0000;

/** New records of one log, from `clock` on. */
export interface LogAddition {
  readonly client: number;
  readonly clock: number;
  readonly records: readonly Uint8Array[];
}

/**
 * A Yjs update (format 1) that appends the records. Made from the records alone, so that nothing else that a sender put
 * into a message can reach a document.
 */
export function encodeRecords(additions: readonly LogAddition[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, additions.length);
  for (const { client, clock, records } of additions) {
    encoding.writeVarUint(encoder, records.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    records.forEach((record, index) => {
      const at = clock + index;
      if (at === 0) {
        encoding.writeUint8(encoder, BINARY);
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarString(encoder, strokeLogName(client));
      } else {
        encoding.writeUint8(encoder, BINARY | HAS_ORIGIN);
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, at - 1);
      }
      encoding.writeVarUint8Array(encoder, record);
    });
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** A Yjs update that deletes the ranges and does nothing else. */
export function encodeDeletions(ranges: readonly DeletedRange[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  writeDeletions(encoder, ranges);
  return encoding.toUint8Array(encoder);
}

/** The part of `update` that `client` wrote or that deletes what it wrote. */
export function extractClient(update: Uint8Array, client: number): Uint8Array {
  const reader = new UpdateReader(update);
  const pieces = new PieceWriter(update);
  for (const struct of reader.structs()) if (struct.client === client) pieces.add(struct);
  const deletions = [...reader.deletions()].filter(range => range.client === client);
  return pieces.finish(deletions);
}

/**
 * The same as several updates of at most `maxBytes` each (more only if one struct alone is larger). Deletions come last,
 * in the last update.
 */
export function splitUpdate(update: Uint8Array, maxBytes: number): Uint8Array[] {
  if (update.length <= maxBytes) return [update];
  const parts: Uint8Array[] = [];
  const reader = new UpdateReader(update);
  let pieces = new PieceWriter(update);
  for (const struct of reader.structs()) {
    if (pieces.bytes > 0 && pieces.bytes + (struct.end - struct.start) > maxBytes) {
      parts.push(pieces.finish([]));
      pieces = new PieceWriter(update);
    }
    pieces.add(struct);
  }
  const deletions = [...reader.deletions()];
  const room = maxBytes - pieces.bytes;
  if (deletions.length * LONGEST_RANGE > room && pieces.bytes > 0) {
    parts.push(pieces.finish([]));
    pieces = new PieceWriter(update);
  }
  const perPart = Math.max(1, Math.floor(maxBytes / LONGEST_RANGE));
  while (deletions.length > perPart) {
    parts.push(pieces.finish(deletions.splice(0, perPart)));
    pieces = new PieceWriter(update);
  }
  parts.push(pieces.finish(deletions));
  return parts;
}

/** Bytes that a client's header, or a range with one, takes at most. */
const LONGEST_HEADER = 24;
const LONGEST_RANGE = 32;

interface Section {
  readonly client: number;
  readonly clock: number;
  readonly pieces: Uint8Array[];
}

/** Puts structs of one update together anew, byte by byte as they were. */
class PieceWriter {
  bytes = 0;
  readonly #sections: Section[] = [];
  #nextClock = 0;

  constructor(private readonly update: Uint8Array) {}

  add(struct: { client: number; clock: number; length: number; start: number; end: number }): void {
    let section = this.#sections.at(-1);
    if (section?.client !== struct.client || struct.clock !== this.#nextClock) {
      section = { client: struct.client, clock: struct.clock, pieces: [] };
      this.#sections.push(section);
      this.bytes += LONGEST_HEADER;
    }
    section.pieces.push(this.update.subarray(struct.start, struct.end));
    this.bytes += struct.end - struct.start;
    this.#nextClock = struct.clock + struct.length;
  }

  finish(deletions: readonly DeletedRange[]): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, this.#sections.length);
    for (const { client, clock, pieces } of this.#sections) {
      encoding.writeVarUint(encoder, pieces.length);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      for (const piece of pieces) encoding.writeUint8Array(encoder, piece);
    }
    writeDeletions(encoder, deletions);
    return encoding.toUint8Array(encoder);
  }
}

function writeDeletions(encoder: encoding.Encoder, ranges: readonly DeletedRange[]): void {
  const byClient = Map.groupBy(ranges, range => range.client);
  encoding.writeVarUint(encoder, byClient.size);
  for (const [client, own] of byClient) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, own.length);
    for (const { clock, length } of own) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, length);
    }
  }
}
