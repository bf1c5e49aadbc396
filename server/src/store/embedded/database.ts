import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { StoreError } from '../store.js';
import type { Checkpoint, LogEntry, RoomRecord } from '../store.js';
import { AuditTable } from './auditTable.js';
import { BATCH_BYTES, BATCH_ENTRIES } from './batches.js';
import { optionalText, blob, integer, text } from './columns.js';
import { SCHEMA_STEPS } from './schema.js';
import { failureOf } from './sqliteErrors.js';
import type {
  DatabaseAnswer,
  DatabaseOptions,
  DatabaseReply,
  DatabaseRequest,
  DatabaseRequests,
  ScannedDocument
} from './requests.js';

type Ask<Name extends keyof DatabaseRequests> = DatabaseRequests[Name]['ask'];

/** The SQLite file. Synchronous: it lives in a thread of its own. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Newest sequence by room, as the running transaction sees it. */
  readonly #lastSequences = new Map<number, number>();
  readonly #roomKeys = new Map<string, number>();
  /** Rooms whose log refused an entry: they take no more until they are opened anew. */
  readonly #broken = new Set<string>();
  readonly #audit = new AuditTable(sql => this.#statement(sql));

  constructor(options: DatabaseOptions) {
    this.#sqlite = new DatabaseSync(options.file, { timeout: 10_000 });
    this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
    if (options.readOnly) {
      this.#sqlite.exec('PRAGMA query_only = 1');
      this.#checkSchema();
      return;
    }
    this.#sqlite.exec('BEGIN IMMEDIATE');
    for (const step of SCHEMA_STEPS.slice(this.#version())) this.#sqlite.exec(step);
    if (this.#version() < SCHEMA_STEPS.length) this.#sqlite.exec(`PRAGMA user_version = ${SCHEMA_STEPS.length}`);
    this.#sqlite.exec('COMMIT');
    this.#checkSchema();
    if (options.quotaBytes !== null) {
      const pageSize = integer(this.#sqlite.prepare('PRAGMA page_size').get(), 'page_size');
      this.#sqlite.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.quotaBytes / pageSize))}`);
    }
  }

  /**
   * Carries out the requests in one transaction, with one fsync at its end, and answers all of them. Nothing is
   * answered before it is on disk.
   */
  runGroup(requests: readonly DatabaseRequest[]): DatabaseReply[] {
    try {
      this.#sqlite.exec('BEGIN');
      const replies = requests.map(request => this.#reply(request));
      this.#sqlite.exec('COMMIT');
      return replies;
    } catch (error) {
      this.#forget(requests);
      const failure = failureOf(error);
      return requests.map(({ number }) => ({ number, failure }));
    }
  }

  close(): void {
    this.#sqlite.close();
  }

  /** A refused value concerns one request; an error of the disk concerns the whole transaction. */
  #reply(request: DatabaseRequest): DatabaseReply {
    try {
      return { number: request.number, answer: this.#answer(request) };
    } catch (error) {
      if (error instanceof StoreError) return { number: request.number, failure: failureOf(error) };
      throw error;
    }
  }

  #answer(request: DatabaseRequest): DatabaseAnswer {
    switch (request.name) {
      case 'openRoom':
        return this.#openRoom(request.ask);
      case 'findRoom':
        return this.#findRoom(request.ask.room);
      case 'append':
        return this.#append(request.ask);
      case 'readEntries':
        return this.#readEntries(request.ask);
      case 'writeCheckpoint':
        return this.#writeCheckpoint(request.ask);
      case 'readCheckpoint':
        return this.#readCheckpoint(request.ask);
      case 'claimClient':
        return this.#claimClient(request.ask);
      case 'readClients':
        return this.#readClients(request.ask);
      case 'insertDocument':
        return this.#insertDocument(request.ask);
      case 'readDocument':
        return this.#readDocument(request.ask);
      case 'replaceDocument':
        return this.#replaceDocument(request.ask);
      case 'removeDocument':
        return this.#removeDocument(request.ask);
      case 'scanDocuments':
        return this.#scanDocuments(request.ask);
      case 'listDocuments':
        return this.#listDocuments(request.ask);
      case 'appendAudit':
        return this.#audit.append(request.ask);
      case 'lastAudit':
        return this.#audit.last(request.ask);
      case 'scanAudit':
        return this.#audit.scan(request.ask);
    }
  }

  #openRoom({ room }: Ask<'openRoom'>): RoomRecord {
    this.#broken.delete(room);
    this.#statement('INSERT INTO room (name, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING').run(room, randomUUID());
    const record = this.#findRoom(room);
    if (record === null) throw new StoreError('corrupt', 'A room that was just created is not there.');
    return record;
  }

  #findRoom(room: string): RoomRecord | null {
    const row = this.#statement('SELECT key, epoch FROM room WHERE name = ?').get(room);
    if (row === undefined) return null;
    return { epoch: text(row, 'epoch'), lastSequence: this.#lastSequence(integer(row, 'key')) };
  }

  #append({ room, author, update }: Ask<'append'>): number {
    if (this.#broken.has(room)) {
      throw new StoreError('unwritable', 'An earlier entry of this room could not be written: open the room again.');
    }
    const key = this.#roomKey(room);
    const sequence = this.#lastSequence(key) + 1;
    this.#statement(
      'INSERT INTO entry (room, sequence, author, time, checksum, content) VALUES (?, ?, ?, ?, ?, ?)'
    ).run(key, sequence, author, Date.now(), crc32(update), update);
    this.#lastSequences.set(key, sequence);
    return sequence;
  }

  #readEntries({ room, after }: Ask<'readEntries'>): LogEntry[] {
    const key = this.#roomKey(room);
    const entries: LogEntry[] = [];
    let bytes = 0;
    const rows = this.#statement(
      'SELECT sequence, author, time, checksum, content FROM entry WHERE room = ? AND sequence > ? ORDER BY sequence LIMIT ?'
    ).iterate(key, after, BATCH_ENTRIES);
    for (const row of rows) {
      const update = blob(row, 'content');
      const sequence = integer(row, 'sequence');
      if (crc32(update) !== integer(row, 'checksum')) {
        throw new StoreError('corrupt', `Entry ${sequence} of a room is damaged: restore the data from a backup.`);
      }
      entries.push({ sequence, author: optionalText(row, 'author'), time: integer(row, 'time'), update });
      bytes += update.byteLength;
      if (bytes >= BATCH_BYTES) break;
    }
    return entries;
  }

  #writeCheckpoint({ room, checkpoint }: Ask<'writeCheckpoint'>): null {
    this.#statement('INSERT OR REPLACE INTO checkpoint (room, sequence, checksum, state) VALUES (?, ?, ?, ?)').run(
      this.#roomKey(room),
      checkpoint.sequence,
      crc32(checkpoint.state),
      checkpoint.state
    );
    return null;
  }

  /** A damaged checkpoint is no loss: it answers as if there were none. */
  #readCheckpoint({ room }: Ask<'readCheckpoint'>): Checkpoint | null {
    const row = this.#statement('SELECT sequence, checksum, state FROM checkpoint WHERE room = ?').get(
      this.#roomKey(room)
    );
    if (row === undefined) return null;
    const state = blob(row, 'state');
    return crc32(state) === integer(row, 'checksum') ? { sequence: integer(row, 'sequence'), state } : null;
  }

  #claimClient({ room, client, username }: Ask<'claimClient'>): string {
    const key = this.#roomKey(room);
    this.#statement('INSERT INTO client (room, client, username) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
      key,
      client,
      username
    );
    return text(
      this.#statement('SELECT username FROM client WHERE room = ? AND client = ?').get(key, client),
      'username'
    );
  }

  #readClients({ room }: Ask<'readClients'>): Map<number, string> {
    const rows = this.#statement('SELECT client, username FROM client WHERE room = ?').all(this.#roomKey(room));
    return new Map(rows.map(row => [integer(row, 'client'), text(row, 'username')]));
  }

  #insertDocument({ kind, id, parent, value }: Ask<'insertDocument'>): null {
    const inserted = this.#statement(
      'INSERT INTO document (kind, id, parent, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
    ).run(kind, id, parent, value);
    if (inserted.changes === 0) throw new StoreError('exists', `There is a ${kind} with this id.`);
    return null;
  }

  #readDocument({ kind, id }: Ask<'readDocument'>): string | null {
    const row = this.#statement('SELECT value FROM document WHERE kind = ? AND id = ?').get(kind, id);
    return row === undefined ? null : text(row, 'value');
  }

  #replaceDocument({ kind, id, expected, value }: Ask<'replaceDocument'>): boolean {
    const replaced = this.#statement('UPDATE document SET value = ? WHERE kind = ? AND id = ? AND value = ?').run(
      value,
      kind,
      id,
      expected
    );
    return replaced.changes === 1;
  }

  #removeDocument({ kind, id }: Ask<'removeDocument'>): boolean {
    return this.#statement('DELETE FROM document WHERE kind = ? AND id = ?').run(kind, id).changes === 1;
  }

  #scanDocuments({ kind, after }: Ask<'scanDocuments'>): ScannedDocument[] {
    const documents: ScannedDocument[] = [];
    let bytes = 0;
    const rows = this.#statement(
      'SELECT position, value FROM document WHERE kind = ? AND position > ? ORDER BY position LIMIT ?'
    ).iterate(kind, after, BATCH_ENTRIES);
    for (const row of rows) {
      const value = text(row, 'value');
      documents.push({ position: integer(row, 'position'), value });
      bytes += value.length;
      if (bytes >= BATCH_BYTES) break;
    }
    return documents;
  }

  #listDocuments({ kind, parent }: Ask<'listDocuments'>): string[] {
    const rows = this.#statement('SELECT value FROM document WHERE kind = ? AND parent IS ? ORDER BY position').all(
      kind,
      parent
    );
    return rows.map(row => text(row, 'value'));
  }

  #roomKey(room: string): number {
    const known = this.#roomKeys.get(room);
    if (known !== undefined) return known;
    const row = this.#statement('SELECT key FROM room WHERE name = ?').get(room);
    if (row === undefined) throw new StoreError('unwritable', 'Nobody has opened this room yet.');
    const key = integer(row, 'key');
    this.#roomKeys.set(room, key);
    return key;
  }

  #lastSequence(key: number): number {
    const known = this.#lastSequences.get(key);
    if (known !== undefined) return known;
    const row = this.#statement('SELECT coalesce(max(sequence), 0) AS last FROM entry WHERE room = ?').get(key);
    const last = integer(row, 'last');
    this.#lastSequences.set(key, last);
    return last;
  }

  /** The transaction is gone: so is what was learnt in it, and its rooms wait until somebody looks what is stored. */
  #forget(requests: readonly DatabaseRequest[]): void {
    if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK');
    this.#lastSequences.clear();
    this.#roomKeys.clear();
    for (const request of requests) if (request.name === 'append') this.#broken.add(request.ask.room);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #version(): number {
    return integer(this.#sqlite.prepare('PRAGMA user_version').get(), 'user_version');
  }

  #checkSchema(): void {
    const version = this.#version();
    if (version === SCHEMA_STEPS.length) return;
    const advice =
      version > SCHEMA_STEPS.length
        ? 'update this program'
        : version === 0
          ? 'this folder holds no data yet'
          : 'start the service on it once, which brings it up to date';
    throw new StoreError('unwritable', `The data folder has format ${version}, not ${SCHEMA_STEPS.length}: ${advice}.`);
  }
}
