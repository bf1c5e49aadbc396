import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import type { DeletedRange } from './updateReader.js';

/** The Yjs client id that the server writes under in a room: the same for ever, since the epoch is. */
export function serverClientOf(epoch: string): number {
  return createHash('sha256').update(epoch).digest().readUInt32BE(0);
}

/**
 * What the server itself has written in a room, in a document of its own: changes are made here first, and reach the
 * room's document only once they are in the log.
 */
export class ServerAuthor {
  readonly #doc = new Y.Doc();
  #deleted: ReturnType<typeof Y.createDeleteSetFromStructStore> | null = null;

  /** `written` is the part of the room's state that the server wrote. */
  constructor(
    readonly client: number,
    written: Uint8Array
  ) {
    Y.applyUpdate(this.#doc, written);
    this.#doc.clientID = client;
  }

  /** For reading only. */
  get doc(): Y.Doc {
    return this.#doc;
  }

  /** How many structs the server has written. */
  get length(): number {
    return Y.getState(this.#doc.store, this.client);
  }

  /** The update that carries what `write` changes, or null if it changes nothing. */
  change(write: (doc: Y.Doc) => void): Uint8Array | null {
    const updates: Uint8Array[] = [];
    const gather = (update: Uint8Array): void => void updates.push(update);
    this.#doc.on('update', gather);
    try {
      this.#doc.transact(() => write(this.#doc));
    } finally {
      this.#doc.off('update', gather);
    }
    if (updates.length === 0) return null;
    this.#deleted = null;
    return Y.mergeUpdates(updates);
  }

  /** Whether everything in the range is the server's own and replaced by now. */
  hasDeleted({ client, clock, length }: DeletedRange): boolean {
    if (client !== this.client) return false;
    this.#deleted ??= Y.createDeleteSetFromStructStore(this.#doc.store);
    const ranges = this.#deleted.clients.get(client) ?? [];
    let low = 0;
    let high = ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = ranges[middle];
      if (range === undefined || range.clock > clock) high = middle - 1;
      else if (range.clock + range.len <= clock) low = middle + 1;
      else return clock + length <= range.clock + range.len;
    }
    return false;
  }
}
