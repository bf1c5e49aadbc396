import { Dims } from '@voxcord/schemas/api';
import { readRecord } from '@voxcord/schemas/labelmap';
import { aboutOf, segmentsOf } from '@voxcord/schemas/rooms';
import type { RoomName } from '@voxcord/schemas/rooms';
import { Compile } from 'typebox/compile';
import * as Y from 'yjs';
import type { RoomRecord, UpdateLog } from '../store/store.js';
import { RecordLedger } from './recordLedger.js';
import { RoomError } from './roomError.js';
import { START_HORIZON, type RoomInitial } from './roomTypes.js';
import { ServerAuthor, serverClientOf } from './serverAuthor.js';
import { UpdateReader } from './updateReader.js';
import { extractClient } from './updateWriter.js';

export const READ_DOCUMENT_VERSION = 1;

const isDims = Compile(Dims);

/** A room as its log has it. */
export interface LoadedRoom {
  readonly epoch: string;
  readonly doc: Y.Doc;
  readonly author: ServerAuthor;
  readonly ledger: RecordLedger;
  /** Of the newest entry. */
  readonly sequence: number;
  /** Updates that had to be applied one by one. */
  readonly replayed: number;
  /** Null for rooms other than those of reads. */
  readonly dims: Dims | null;
}

/** What a document holds, from the log alone. */
export interface StoredDocument {
  readonly record: RoomRecord;
  readonly doc: Y.Doc;
  readonly replayed: number;
}

function unreadable(what: string, cause?: unknown): RoomError {
  return new RoomError('room.load-failed', `The room could not be loaded: ${what}`, { cause });
}

/**
 * Builds a room's document from its log. Rejects with `RoomError` unless everything that the log has is in it: less than
 * that is never served.
 */
export async function loadDocument(log: UpdateLog, room: string, record: RoomRecord): Promise<StoredDocument> {
  const checkpoint = await log.readCheckpoint(room);
  if (checkpoint !== null && checkpoint.sequence > record.lastSequence) {
    throw unreadable('its log ends before its checkpoint. Restore the data from a backup.');
  }
  const fromCheckpoint = checkpoint === null ? null : decodeState(checkpoint.state);
  const doc = fromCheckpoint ?? new Y.Doc();
  const start = fromCheckpoint === null || checkpoint === null ? 0 : checkpoint.sequence;
  let sequence = start;
  for await (const entries of log.read(room, start)) {
    doc.transact(() => {
      for (const entry of entries) {
        if (entry.sequence !== sequence + 1) throw unreadable(`entry ${sequence + 1} of its log is missing.`);
        Y.applyUpdate(doc, entry.update);
        sequence = entry.sequence;
      }
    });
  }
  if (sequence < record.lastSequence) throw unreadable('the end of its log is missing.');
  if (!isComplete(doc)) throw unreadable('its log has a hole.');
  return { record, doc, replayed: sequence - start };
}

/** A checkpoint is a cache: one that cannot be read is passed over. */
function decodeState(state: Uint8Array): Y.Doc | null {
  const doc = new Y.Doc();
  try {
    Y.applyUpdate(doc, state);
  } catch {
    return null;
  }
  return isComplete(doc) ? doc : null;
}

function isComplete(doc: Y.Doc): boolean {
  return doc.store.pendingStructs === null && doc.store.pendingDs === null;
}

/**
 * Loads a room to serve it. A new room is given its start, in the log first; `initial` is asked for that only.
 */
export async function loadRoom(
  log: UpdateLog,
  name: RoomName,
  room: string,
  initial: () => Promise<RoomInitial | null>
): Promise<LoadedRoom> {
  const record = (await log.findRoom(room)) ?? (await openNewRoom(log, name, room, initial));
  // Opening it also ends whatever an earlier failure left behind.
  const opened = await log.openRoom(room);
  if (opened.epoch !== record.epoch) throw unreadable('it has two epochs.');
  const { doc, replayed } = await loadDocument(log, room, opened);
  const state = Y.encodeStateAsUpdate(doc);
  const client = serverClientOf(opened.epoch);
  const author = new ServerAuthor(client, extractClient(state, client));
  let sequence = opened.lastSequence;
  if (name.kind === 'read' && sequence === 0) {
    const start = await initial();
    if (start === null) throw new RoomError('room.unknown', 'This read does not exist.');
    const update = author.change(written => writeStart(written, start));
    if (update === null) throw unreadable('its start is empty.');
    sequence = await log.append(room, null, update);
    Y.applyUpdate(doc, update);
  }
  const dims = name.kind === 'read' ? readDims(doc) : null;
  const ledger = new RecordLedger();
  for (const [known, username] of await log.readClients(room)) ledger.claim(known, username);
  if (dims !== null) fillLedger(ledger, state, author.client, dims);
  ledger.raiseLamport(aboutOf(doc).has('base') ? horizonOf(doc) : 0);
  return { epoch: opened.epoch, doc, author, ledger, sequence, replayed, dims };
}

/** A room must not come to be because somebody asked for it: only if there is something to start it with. */
async function openNewRoom(
  log: UpdateLog,
  name: RoomName,
  room: string,
  initial: () => Promise<RoomInitial | null>
): Promise<RoomRecord> {
  if (name.kind === 'read' && (await initial()) === null) {
    throw new RoomError('room.unknown', 'This read does not exist.');
  }
  return log.openRoom(room);
}

function writeStart(doc: Y.Doc, { volume, dims, segments, base }: RoomInitial): void {
  const about = aboutOf(doc);
  about.set('schemaVersion', READ_DOCUMENT_VERSION);
  about.set('volume', volume);
  about.set('dims', [dims[0], dims[1], dims[2]]);
  if (base !== undefined) about.set('base', { snapshot: base, horizon: START_HORIZON });
  for (const segment of segments) segmentsOf(doc).set(String(segment.number), segment);
}

/** The grid of a read's label map. Throws `RoomError` if the document does not say it in a way known here. */
export function readDims(doc: Y.Doc): Dims {
  const { schemaVersion, dims } = aboutOf(doc).toJSON();
  if (schemaVersion !== READ_DOCUMENT_VERSION) throw unreadable('it has another format: update this program.');
  if (!isDims.Check(dims)) throw unreadable('it does not say what grid it is on.');
  return dims;
}

function horizonOf(doc: Y.Doc): number {
  const base = aboutOf(doc).get('base');
  return typeof base === 'object' && 'horizon' in base ? base.horizon : 0;
}

function fillLedger(ledger: RecordLedger, state: Uint8Array, serverClient: number, dims: Dims): void {
  const logs = new Map<number, { length: number; lastLamport: number; compacted: number }>();
  for (const { client, clock, length, content, bytes } of new UpdateReader(state).structs()) {
    if (client === serverClient) continue;
    if (ledger.ownerOf(client) === undefined) throw unreadable('a record log belongs to nobody.');
    const log = logs.get(client) ?? { length: 0, lastLamport: 0, compacted: 0 };
    log.length = clock + length;
    if (bytes !== null) {
      const record = readRecord(bytes, dims);
      log.lastLamport = record.lamport;
      ledger.note(record);
    } else if (content === 'deleted' || content === 'gc') log.compacted = clock + length;
    logs.set(client, log);
  }
  for (const [client, log] of logs) ledger.restore(client, log);
}
