import { type ISignal, Signal } from '@lumino/signaling';
import * as Y from 'yjs';
import type { Holder, Place, StoredUpdate, UnsavedStore } from './unsavedStore.js';

/** Below half of the longest frame, so that no batch ever comes near the limit. */
export const MAX_BATCH_BYTES = 512 * 1024;

interface Change {
  readonly update: Uint8Array;
  /** Number of the message of the present connection that carries it, or null if none does yet. */
  message: number | null;
  /** Key in the browser's storage, once written there. */
  stored: Promise<number | null>;
  storage: 'none' | 'writing' | 'stored';
}

/** Origin of a transaction that brings back work from an earlier visit. */
export const RESTORED = Symbol('restored');

/**
 * The local changes of a document that the server has not acknowledged as durable. They are what a new connection has
 * to send first, and what the browser's storage keeps until then.
 */
export class UnsavedChanges {
  private readonly changes: Change[] = [];
  private readonly _changed = new Signal<this, void>(this);
  /** Ends the waiting for others. */
  private readonly abort = new AbortController();
  /** Ids of holders whose end is waited for, or was. */
  private readonly awaited = new Set<string>();
  /** Keys in the browser's storage of what is, or was, among the changes. */
  private readonly ownKeys = new Set<number>();
  private readonly holder: Holder | null;
  private place: Place | null = null;

  /** `isRemote` tells the origins of changes that came from the server. `store` is null if nothing may be kept here. */
  constructor(
    private readonly doc: Y.Doc,
    private readonly isRemote: (origin: unknown) => boolean,
    private readonly store: UnsavedStore | null
  ) {
    this.holder = store?.newHolder() ?? null;
    doc.on('update', this.onUpdate);
  }

  get count(): number {
    return this.changes.length;
  }

  /** True if closing the page now would lose something. */
  get isAtRisk(): boolean {
    return this.changes.some(({ storage }) => storage !== 'stored');
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Brings back what waits for `place`, into the document too. */
  async restore(place: Place): Promise<void> {
    const { store, holder } = this;
    if (store === null || holder === null) return;
    this.place = place;
    const adopted = await this.unknownOf(await store.adopt(place, holder), store);
    for (const one of adopted) this.bringBack(one);
    this._changed.emit();
  }

  /**
   * Brings back what others hold for the place when they are gone: the page before a reload may still be closing, and a
   * view of this page may have taken it over just before it was closed. For a document that is in step with the server.
   */
  async restoreFromOthers(): Promise<void> {
    const { store, holder, place } = this;
    if (store === null || holder === null || place === null) return;
    for (const other of await store.othersWith(place, holder)) {
      if (this.awaited.has(other)) continue;
      this.awaited.add(other);
      void this.adoptWhenGone(other, store, holder, place);
    }
  }

  /** From now on changes belong to `place`, which the server has named. */
  settle(place: Place): void {
    this.place = place;
    for (const change of this.changes) if (change.storage === 'none') this.write(change);
  }

  /**
   * All changes as few updates below the frame limit, for the start of a connection whose next message has the number
   * `nextMessage`. Never one giant update after long work offline.
   */
  batches(nextMessage: number): Uint8Array[] {
    const batches: Uint8Array[][] = [];
    let bytes = 0;
    for (const change of this.changes) {
      const current = batches.at(-1);
      if (current === undefined || bytes + change.update.byteLength > MAX_BATCH_BYTES) {
        batches.push([change.update]);
        bytes = 0;
      } else {
        current.push(change.update);
      }
      bytes += change.update.byteLength;
      change.message = nextMessage + batches.length - 1;
    }
    return batches.map(updates => (updates.length === 1 ? (updates[0] as Uint8Array) : Y.mergeUpdates(updates)));
  }

  /** The message `number` of the present connection carries all changes that none has carried. */
  sent(number: number): void {
    for (const change of this.changes) change.message ??= number;
  }

  /** The connection is gone, and with it the numbers of its messages. */
  disconnected(): void {
    for (const change of this.changes) change.message = null;
  }

  /** The first `durable` messages of the present connection are on the server's disk. */
  acknowledged(durable: number): void {
    const isDurable = (change: Change): boolean => change.message !== null && change.message <= durable;
    const done = this.changes.filter(isDurable);
    if (done.length === 0) return;
    const open = this.changes.filter(change => !isDurable(change));
    this.changes.splice(0, this.changes.length, ...open);
    void this.erase(done);
    this._changed.emit();
  }

  /** The lowest clock of each client among the changes: what is before it is acknowledged. */
  firstClocks(): Map<number, number> {
    const first = new Map<number, number>();
    for (const { update } of this.changes) {
      for (const [client, clock] of Y.parseUpdateMeta(update).from) {
        first.set(client, Math.min(clock, first.get(client) ?? clock));
      }
    }
    return first;
  }

  /** Resolves when the browser's storage holds all changes, as far as it can. */
  async whenStored(): Promise<void> {
    await Promise.all(this.changes.map(change => change.stored));
  }

  /** Leaves what others let go from now on to the next visit. */
  stopAdopting(): void {
    this.abort.abort();
  }

  /** Lets go of everything for good: it lives on elsewhere. */
  async forget(): Promise<void> {
    await this.erase(this.changes.splice(0));
    this._changed.emit();
  }

  /** What is kept in the browser's storage waits there for the next time. */
  dispose(): void {
    this.abort.abort();
    this.holder?.release();
    this.doc.off('update', this.onUpdate);
    Signal.clearData(this);
  }

  private async adoptWhenGone(other: string, store: UnsavedStore, holder: Holder, place: Place): Promise<void> {
    try {
      await store.whenGone(other, this.abort.signal);
      const unknown = await this.unknownOf(await store.adopt(place, holder), store);
      this.abort.signal.throwIfAborted();
      for (const one of unknown) {
        const change = this.bringBack(one);
        // It follows something that the server does not have: no connection sends it. It waits for the next visit.
        if (!contains(this.doc, one.update)) this.changes.splice(this.changes.indexOf(change), 1);
      }
      this._changed.emit();
      // Another who waited as well may have been quicker, and may let go in its turn.
      await this.restoreFromOthers();
    } catch {
      // Closed or stopped meanwhile, or a storage that fails: what waits there is found at the next visit.
    }
  }

  /** Those that the document lacks; the others are removed from the storage. What is among the changes stays there. */
  private async unknownOf(adopted: readonly StoredUpdate[], store: UnsavedStore): Promise<StoredUpdate[]> {
    // Without Web Locks another tab may have taken it over from this one, which then finds it again.
    const others = adopted.filter(({ key }) => !this.ownKeys.has(key));
    const known = others.filter(({ update }) => contains(this.doc, update));
    const unknown = others.filter(one => !known.includes(one));
    for (const { key } of unknown) this.ownKeys.add(key);
    await store.remove(known.map(({ key }) => key));
    return unknown;
  }

  /** First among the changes, then in the document: an open connection sends it at once and tells under which number. */
  private bringBack({ key, update }: StoredUpdate): Change {
    const change: Change = { update, message: null, stored: Promise.resolve(key), storage: 'stored' };
    this.changes.push(change);
    Y.applyUpdate(this.doc, update, RESTORED);
    return change;
  }

  private readonly onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === RESTORED || this.isRemote(origin)) return;
    const change: Change = { update, message: null, stored: Promise.resolve(null), storage: 'none' };
    this.changes.push(change);
    this.write(change);
    this._changed.emit();
  };

  private write(change: Change): void {
    if (this.store === null || this.place === null || this.holder === null) return;
    change.storage = 'writing';
    change.stored = this.store.add(this.place, change.update, this.holder).then(
      key => {
        this.ownKeys.add(key);
        change.storage = 'stored';
        this._changed.emit();
        return key;
      },
      // A full disk or a private window: the change stays at risk, and the page says so when it is closed.
      () => {
        change.storage = 'none';
        return null;
      }
    );
  }

  private async erase(changes: readonly Change[]): Promise<void> {
    const { store } = this;
    if (store === null) return;
    const keys = await Promise.all(changes.map(change => change.stored));
    try {
      await store.remove(keys.filter(key => key !== null));
    } catch {
      // Sent again at the next visit; the server knows them already.
    }
  }
}

/** True if the document holds all structures of the update, from the server or as a change that is kept already. */
function contains(doc: Y.Doc, update: Uint8Array): boolean {
  return [...Y.parseUpdateMeta(update).to].every(([client, clock]) => Y.getState(doc.store, client) >= clock);
}
