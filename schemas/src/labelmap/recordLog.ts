import type * as Y from 'yjs';
import type { RecordEntry, RecordId } from './records.js';

const notReady = (): never => {
  throw new Error('The label-map engine is being built.');
};

/** The record logs of a read's document (`strokes/<client>`). */
export class RecordLog {
  constructor(readonly doc: Y.Doc) {}

  /** All records in the document, log by log, each log in clock order. */
  entries(): RecordEntry[] {
    return notReady();
  }

  /** Appends to the own log. */
  append(_bytes: Uint8Array): RecordId {
    return notReady();
  }

  /** Several records in one transaction. */
  appendMany(_records: readonly Uint8Array[]): RecordId[] {
    return notReady();
  }

  /** Calls back with the records that each transaction inserts; deletions (compaction) are none. Returns the way out. */
  observe(_callback: (entries: RecordEntry[], transaction: Y.Transaction) => void): () => void {
    return notReady();
  }
}
