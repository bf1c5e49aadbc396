/**
 * What the service keeps. One contract suite (`tests/store/contract.ts`) holds for every implementation; nothing outside
 * `store/` knows which one runs.
 */
export interface Store {
  readonly log: UpdateLog;
  readonly blobs: BlobStore;
  readonly catalogue: Catalogue;
  readonly audit: AuditLog;
  /** Writes what is pending and releases files. */
  close(): Promise<void>;
}

/** One accepted update of a room. */
export interface LogEntry {
  /** Grows by one per room, from 1. */
  readonly sequence: number;
  /** Verified username, or null for the service itself. */
  readonly author: string | null;
  /** Milliseconds since 1970, by the server's clock. */
  readonly time: number;
  readonly update: Uint8Array;
}

export interface RoomRecord {
  /** Permanent, random. */
  readonly epoch: string;
  /** Sequence of the newest entry; 0 if there is none. */
  readonly lastSequence: number;
}

export interface Checkpoint {
  /** Entries up to and with this sequence are in `state`. */
  readonly sequence: number;
  readonly state: Uint8Array;
}

/** The append-only log of all rooms. */
export interface UpdateLog {
  /** Creates the room with a new epoch if it is unknown. */
  openRoom(room: string): Promise<RoomRecord>;
  /** Null if the room has never been opened. */
  findRoom(room: string): Promise<RoomRecord | null>;
  /**
   * Resolves with the entry's sequence once it is on disk (fsync). Appends to one room are stored in call order; many
   * calls share one fsync. Rejects with `StoreError` if it could not be written: then it is not in the log, and the room
   * takes no more entries until it is opened again, so that nothing can follow what is missing.
   */
  append(room: string, author: string | null, update: Uint8Array): Promise<number>;
  /** Entries after `sequence`, in order, in batches of bounded size. */
  read(room: string, afterSequence: number): AsyncIterable<LogEntry[]>;
  /** A cache: may be dropped at any time without loss. */
  writeCheckpoint(room: string, checkpoint: Checkpoint): Promise<void>;
  readCheckpoint(room: string): Promise<Checkpoint | null>;
  /** Binds a Yjs client id to a person; answers the person it is bound to (the first one wins). */
  claimClient(room: string, client: number, username: string): Promise<string>;
  readClients(room: string): Promise<Map<number, string>>;
}

/** Content-addressed bytes, named by their SHA-256. */
export interface BlobStore {
  /** Atomic: after a crash the blob is either whole or absent. Answers its SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  /** Takes over a finished file (same file system), hashing it if `sha256` is not known. */
  putFile(path: string, sha256?: string): Promise<string>;
  has(sha256: string): Promise<boolean>;
  size(sha256: string): Promise<number | null>;
  /** Whole, checked against its name. Null if absent. */
  get(sha256: string): Promise<Uint8Array | null>;
  /** Bytes `start` to `end` (exclusive). */
  stream(sha256: string, start: number, end: number): Promise<NodeJS.ReadableStream>;
  /**
   * A file at `path`, on the blobs' file system, that holds the blob for reading: whoever writes to it destroys the blob.
   * Nothing is copied where the file system can give one file two names. Rejects with `StoreError` if it cannot be made.
   */
  link(sha256: string, path: string): Promise<void>;
  /**
   * Removes blobs that are not needed; answers how many. One that was put, or asked for with `has`, since the sweep
   * before this one stays: what will need it may not be written yet.
   */
  sweep(isNeeded: (sha256: string) => boolean): Promise<number>;
  /** A folder on the blobs' file system for files being written; emptied at start. */
  readonly scratch: string;
}

/** Small documents (projects, cases, reads, volumes ...) by kind and id; JSON values. */
export interface Catalogue {
  /** Fails with `StoreError` code `exists` if it is there. */
  insert(kind: CatalogueKind, id: string, parent: string | null, value: unknown): Promise<void>;
  get(kind: CatalogueKind, id: string): Promise<unknown>;
  /** Replaces the value if it still is `expected` (compared as JSON); answers whether it did. */
  replace(kind: CatalogueKind, id: string, expected: unknown, value: unknown): Promise<boolean>;
  /** Answers whether it was there. */
  remove(kind: CatalogueKind, id: string): Promise<boolean>;
  /** Those with this parent (null: those without one), in order of insertion. */
  list(kind: CatalogueKind, parent: string | null): Promise<unknown[]>;
  /** All of a kind, in order of insertion, in batches of bounded size. */
  all(kind: CatalogueKind): AsyncIterable<unknown[]>;
}

/** What the store itself looks at in an entry of an audit chain; the rest is kept as it is. JSON values. */
export interface AuditRecord {
  /** Grows by one per chain, from 1. */
  readonly sequence: number;
  /** Hash of the entry before; null for the first one. */
  readonly previous: string | null;
  readonly hash: string;
}

/** Append-only, hash-chained logs. No entry can be changed or removed through the store. */
export interface AuditLog {
  /**
   * Resolves once the entry is on disk (fsync). Rejects with `StoreError` code `exists` unless it follows the last entry
   * of the chain in number and hash, which is checked in the transaction that stores it.
   */
  append(chain: string, entry: AuditRecord): Promise<void>;
  /** Null if the chain has no entry. */
  last(chain: string): Promise<unknown>;
  /** Entries after `sequence`, in order, in batches of bounded size. */
  read(chain: string, afterSequence: number): AsyncIterable<unknown[]>;
}

export type CatalogueKind =
  | 'project'
  | 'case'
  | 'read'
  | 'volume'
  | 'volume-use'
  | 'snapshot'
  | 'setting'
  | 'person'
  | 'protocol'
  | 'assignment'
  | 'signing-key'
  | 'revision'
  | 'consensus'
  | 'decision'
  | 'model-job'
  | 'evaluation'
  | 'release';

export type StoreErrorCode = 'exists' | 'disk-full' | 'unwritable' | 'corrupt' | 'closed';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
