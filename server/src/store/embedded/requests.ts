import type { AuditRecord, CatalogueKind, Checkpoint, LogEntry, RoomRecord } from '../store.js';
import type { Failure } from './sqliteErrors.js';

/** What the database's thread can be asked, and what it answers. */
export interface DatabaseRequests {
  openRoom: { ask: { room: string }; answer: RoomRecord };
  findRoom: { ask: { room: string }; answer: RoomRecord | null };
  append: { ask: { room: string; author: string | null; update: Uint8Array }; answer: number };
  readEntries: { ask: { room: string; after: number }; answer: LogEntry[] };
  writeCheckpoint: { ask: { room: string; checkpoint: Checkpoint }; answer: null };
  readCheckpoint: { ask: { room: string }; answer: Checkpoint | null };
  claimClient: { ask: { room: string; client: number; username: string }; answer: string };
  readClients: { ask: { room: string }; answer: Map<number, string> };
  insertDocument: { ask: { kind: CatalogueKind; id: string; parent: string | null; value: string }; answer: null };
  readDocument: { ask: { kind: CatalogueKind; id: string }; answer: string | null };
  replaceDocument: { ask: { kind: CatalogueKind; id: string; expected: string; value: string }; answer: boolean };
  removeDocument: { ask: { kind: CatalogueKind; id: string }; answer: boolean };
  scanDocuments: { ask: { kind: CatalogueKind; after: number }; answer: ScannedDocument[] };
  listDocuments: { ask: { kind: CatalogueKind; parent: string | null }; answer: string[] };
  appendAudit: { ask: { chain: string; entry: AuditRecord; content: string }; answer: null };
  lastAudit: { ask: { chain: string }; answer: string | null };
  scanAudit: { ask: { chain: string; after: number }; answer: ScannedDocument[] };
}

export interface ScannedDocument {
  /** Rises in the order of insertion; of an audit entry its sequence. */
  readonly position: number;
  readonly value: string;
}

export type RequestName = keyof DatabaseRequests;

export type DatabaseRequest = {
  [Name in RequestName]: { readonly number: number; readonly name: Name; readonly ask: DatabaseRequests[Name]['ask'] };
}[RequestName];

export type DatabaseAnswer = DatabaseRequests[RequestName]['answer'];

export type DatabaseReply =
  { readonly number: number; readonly answer: DatabaseAnswer } | { readonly number: number; readonly failure: Failure };

/** How the database's thread is started. */
export interface DatabaseOptions {
  readonly file: string;
  readonly lockFile: string;
  readonly readOnly: boolean;
  /** Most bytes that the database file may take; null: as many as there are. */
  readonly quotaBytes: number | null;
}

/** First message of the thread, then the replies of each group. */
export type DatabaseReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'replies'; readonly replies: readonly DatabaseReply[] };
