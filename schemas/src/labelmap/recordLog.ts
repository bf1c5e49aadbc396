import * as Y from 'yjs';
import { strokeLog, strokeLogClient } from '../rooms/readDocument.js';
import type { RecordEntry, RecordId } from './records.js';

/** The record logs of a read's document (`strokes/<client>`, see `rooms/readDocument`). */
export class RecordLog {
  constructor(readonly doc: Y.Doc) {}

  /** All records in the document, log by log, each log in clock order. Bytes are not copied. */
  entries(): RecordEntry[] {
    const entries: RecordEntry[] = [];
    for (const [name, root] of this.doc.share) {
      const client = strokeLogClient(name);
      if (client === null) continue;
      for (let item = root._start; item !== null; item = item.right) addEntries(item, client, entries);
    }
    return entries;
  }

  /** Appends to the own log, that of the document's client id. */
  append(bytes: Uint8Array): RecordId {
    const id = this.nextId();
    this.appendMany([bytes]);
    return id;
  }

  /** Appends several records to the own log in one transaction, whose origin is this object. */
  appendMany(records: readonly Uint8Array[]): RecordId[] {
    const { client, clock } = this.nextId();
    this.doc.transact(() => strokeLog(this.doc, client).push([...records]), this);
    return records.map((_, index) => ({ client, clock: clock + index }));
  }

  private nextId(): RecordId {
    const client = this.doc.clientID;
    return { client, clock: Y.getState(this.doc.store, client) };
  }

  /**
   * Calls back once for each transaction that inserts records, with all that it inserts; deletions (compaction) are
   * none. Logs of sessions that nobody has read yet are seen too. Returns the way to stop.
   */
  observe(callback: (entries: RecordEntry[], transaction: Y.Transaction) => void): () => void {
    const listener = (transaction: Y.Transaction): void => {
      const entries: RecordEntry[] = [];
      for (const [client, after] of transaction.afterState) {
        const before = transaction.beforeState.get(client) ?? 0;
        if (after > before) this.addInserted(client, before, after, entries);
      }
      if (entries.length > 0) callback(entries, transaction);
    };
    this.doc.on('afterTransaction', listener);
    return () => {
      this.doc.off('afterTransaction', listener);
    };
  }

  /** Records among the structs of a client from one clock to another. */
  private addInserted(client: number, from: number, to: number, entries: RecordEntry[]): void {
    const structs = this.doc.store.clients.get(client);
    if (structs === undefined) return;
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
      const struct = structs[index];
      if (struct === undefined || struct.id.clock >= to) return;
      if (!(struct instanceof Y.Item) || struct.id.clock < from) continue;
      if (this.logOf(struct) === client) addEntries(struct, client, entries);
    }
  }

  private logOf(item: Y.Item): number | null {
    const { parent } = item;
    if (!(parent instanceof Y.AbstractType) || parent._item !== null) return null;
    return strokeLogClient(Y.findRootTypeKey(parent));
  }
}

/** A record is one item of binary content, written by the client whose log it is in. */
function addEntries(item: Y.Item, client: number, entries: RecordEntry[]): void {
  if (item.deleted || item.id.client !== client) return;
  for (const content of item.content.getContent()) {
    if (content instanceof Uint8Array) entries.push({ id: { client, clock: item.id.clock }, bytes: content });
  }
}
