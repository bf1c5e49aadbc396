import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@voxcord/schemas/files';
import { StoreError } from '../store.js';
import type { AuditLog, BlobStore, Catalogue, LogEntry, Store, UpdateLog } from '../store.js';
import { BlobFolder } from './blobFolder.js';
import { DatabaseThread } from './databaseThread.js';
import type { ScannedDocument } from './requests.js';
import { storeErrorOf } from './sqliteErrors.js';

export interface EmbeddedStoreOptions {
  /** Reads a folder that a service may be using at the same time; every write is refused. */
  readonly readOnly?: boolean;
  /** Most bytes that the database file may take. */
  readonly quotaBytes?: number;
}

/**
 * Opens (and creates, if need be) the store in `folder`: one SQLite file and a folder of blobs. Only one service at a
 * time can open a folder for writing; rejects with `StoreError` code `unwritable` otherwise.
 */
export async function openEmbeddedStore(folder: string, options: EmbeddedStoreOptions = {}): Promise<Store> {
  const readOnly = options.readOnly ?? false;
  const file = join(folder, 'voxcord.sqlite');
  if (readOnly) await checkPresent(file);
  else await makeFolder(folder);
  const database = await DatabaseThread.start({
    file,
    lockFile: join(folder, 'service.lock'),
    readOnly,
    quotaBytes: options.quotaBytes ?? null
  });
  try {
    const blobs = await BlobFolder.open(join(folder, 'blobs'), join(folder, 'scratch'), readOnly);
    return new EmbeddedStore(database, blobs);
  } catch (error) {
    await database.close();
    throw storeErrorOf(error, 'The data folder could not be opened');
  }
}

class EmbeddedStore implements Store {
  readonly log: UpdateLog;
  readonly catalogue: Catalogue;
  readonly audit: AuditLog;

  constructor(
    private readonly database: DatabaseThread,
    readonly blobs: BlobStore
  ) {
    this.log = updateLog(database);
    this.catalogue = catalogue(database);
    this.audit = auditLog(database);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

function updateLog(database: DatabaseThread): UpdateLog {
  return {
    openRoom: room => database.ask('openRoom', { room }),
    findRoom: room => database.ask('findRoom', { room }),
    append: (room, author, update) => database.ask('append', { room, author, update: tight(update) }),
    read: (room, afterSequence) => readLog(database, room, afterSequence),
    writeCheckpoint: async (room, checkpoint) => {
      await database.ask('writeCheckpoint', {
        room,
        checkpoint: { sequence: checkpoint.sequence, state: tight(checkpoint.state) }
      });
    },
    readCheckpoint: room => database.ask('readCheckpoint', { room }),
    claimClient: (room, client, username) => database.ask('claimClient', { room, client, username }),
    readClients: room => database.ask('readClients', { room })
  };
}

function catalogue(database: DatabaseThread): Catalogue {
  return {
    insert: async (kind, id, parent, value) => {
      await database.ask('insertDocument', { kind, id, parent, value: canonicalJson(value) });
    },
    get: async (kind, id) => {
      const text = await database.ask('readDocument', { kind, id });
      return text === null ? null : parse(text);
    },
    replace: (kind, id, expected, value) =>
      database.ask('replaceDocument', { kind, id, expected: canonicalJson(expected), value: canonicalJson(value) }),
    remove: (kind, id) => database.ask('removeDocument', { kind, id }),
    all: kind => scan(after => database.ask('scanDocuments', { kind, after }), 0),
    list: async (kind, parent) => (await database.ask('listDocuments', { kind, parent })).map(parse)
  };
}

function auditLog(database: DatabaseThread): AuditLog {
  return {
    append: async (chain, entry) => {
      const { sequence, previous, hash } = entry;
      const content = canonicalJson(entry);
      await database.ask('appendAudit', { chain, entry: { sequence, previous, hash }, content });
    },
    last: async chain => {
      const text = await database.ask('lastAudit', { chain });
      return text === null ? null : parse(text);
    },
    read: (chain, afterSequence) => scan(after => database.ask('scanAudit', { chain, after }), afterSequence)
  };
}

async function* readLog(database: DatabaseThread, room: string, afterSequence: number): AsyncIterable<LogEntry[]> {
  let after = afterSequence;
  for (;;) {
    const entries = await database.ask('readEntries', { room, after });
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries;
    after = last.sequence;
  }
}

/** All batches that `ask` answers, one after the other. */
async function* scan(
  ask: (after: number) => Promise<ScannedDocument[]>,
  afterPosition: number
): AsyncIterable<unknown[]> {
  let after = afterPosition;
  for (;;) {
    const documents = await ask(after);
    const last = documents.at(-1);
    if (last === undefined) return;
    yield documents.map(({ value }) => parse(value));
    after = last.position;
  }
}

/** A view into a larger buffer would drag the whole buffer to the other thread. */
function tight(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function parse(text: string): unknown {
  return JSON.parse(text);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeErrorOf(error, 'The data folder could not be made');
  }
}

async function checkPresent(file: string): Promise<void> {
  try {
    await stat(file);
  } catch (cause) {
    throw new StoreError('unwritable', 'This folder holds no data: check its path.', { cause });
  }
}
