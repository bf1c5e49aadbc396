import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { TabLock } from './tabLock.js';

/** Whose work, on which room, in which history of it. */
export interface Place {
  readonly username: string;
  readonly room: string;
  readonly epoch: string;
}

export interface StoredUpdate {
  readonly key: number;
  readonly update: Uint8Array;
}

/** Where people find a room again. */
export interface RoomLabel {
  readonly caseId: string;
  /** Of the case. */
  readonly title: string;
}

/** What waits in this browser for a room that nobody has open here. */
export interface WaitingRoom {
  readonly room: string;
  /** Updates: one for each stroke, undo or redo. */
  readonly count: number;
  /** Null if the room was never opened to the end. */
  readonly label: RoomLabel | null;
}

/** What one open room writes under; others take its updates over only once it has let go. */
export interface Holder {
  readonly id: string;
  release(): void;
}

interface UpdateRow extends Place {
  readonly holder: string;
  readonly update: Uint8Array;
}

interface EpochRow extends Place, Partial<RoomLabel> {}

interface UnsavedDatabase extends DBSchema {
  updates: { key: number; value: UpdateRow; indexes: { place: [string, string, string] } };
  epochs: { key: [string, string]; value: EpochRow };
}

/** Keeps unacknowledged updates in IndexedDB across reloads and crashes of the browser. */
export class UnsavedStore {
  /** Those of this page, each with the moment in which it lets go. */
  private readonly living = new Map<string, Promise<undefined>>();
  private holders = 0;

  private constructor(
    private readonly database: IDBPDatabase<UnsavedDatabase>,
    private readonly tab: TabLock
  ) {}

  static async open(tab: TabLock, name = 'voxcord-unsaved'): Promise<UnsavedStore> {
    const database = await openDB<UnsavedDatabase>(name, 1, {
      upgrade(created) {
        created
          .createObjectStore('updates', { autoIncrement: true })
          .createIndex('place', ['username', 'room', 'epoch'], { unique: false });
        created.createObjectStore('epochs', { keyPath: ['username', 'room'] });
      }
    });
    return new UnsavedStore(database, tab);
  }

  /** For a room that is opened in this page. */
  newHolder(): Holder {
    const id = `${this.tab.id}/${(this.holders += 1)}`;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.living.set(id, promise);
    return {
      id,
      release: () => {
        this.living.delete(id);
        resolve(undefined);
      }
    };
  }

  async add(place: Place, update: Uint8Array, holder: Holder): Promise<number> {
    const { username, room, epoch } = place;
    return this.database.add('updates', { username, room, epoch, holder: holder.id, update });
  }

  async remove(keys: readonly number[]): Promise<void> {
    if (keys.length === 0) return;
    const transaction = this.database.transaction('updates', 'readwrite');
    await Promise.all([...keys.map(key => transaction.store.delete(key)), transaction.done]);
  }

  /** The history of `room` that this person saw last on this computer. */
  async lastEpoch(username: string, room: string): Promise<string | null> {
    return (await this.database.get('epochs', [username, room]))?.epoch ?? null;
  }

  async noteEpoch({ username, room, epoch }: Place, label: RoomLabel | null): Promise<void> {
    await this.database.put('epochs', { username, room, epoch, ...label });
  }

  /**
   * Takes over what was left behind for `place`, in the order in which it was made. What belongs to a room that is open,
   * here or in another tab, stays with it. Of many who ask at the same time one gets each update.
   */
  async adopt(place: Place, holder: Holder): Promise<StoredUpdate[]> {
    const orphans = await this.orphans(await this.rows(place));
    const transaction = this.database.transaction('updates', 'readwrite');
    const claims = orphans.map(async ([key, row]) => {
      const current = await transaction.store.get(key);
      // Acknowledged, or taken by another, meanwhile.
      if (current?.holder !== row.holder) return [];
      await transaction.store.put({ ...current, holder: holder.id }, key);
      return [{ key, update: current.update }];
    });
    const [claimed] = await Promise.all([Promise.all(claims), transaction.done]);
    return claimed.flat();
  }

  /** Ids of the others that hold something for `place`, here or in another tab; each may be just closing. */
  async othersWith(place: Place, holder: Holder): Promise<string[]> {
    const holders = (await this.rows(place)).map(([, row]) => row.holder);
    return [...new Set(holders)].filter(id => id !== holder.id);
  }

  /** Resolves when what the holder `id` holds can be adopted. Rejects with the reason of `signal`. */
  async whenGone(id: string, signal: AbortSignal): Promise<void> {
    const tab = tabOf(id);
    if (tab !== this.tab.id) await this.tab.whenGone(tab, signal);
    else await Promise.race([this.living.get(id), whenAborted(signal)]);
    signal.throwIfAborted();
  }

  /**
   * What was left behind for `room`, of whatever history, in the order in which it was made. It stays until it is
   * removed.
   */
  async ofAllHistories(username: string, room: string): Promise<StoredUpdate[]> {
    const rows = await this.rows({ username, room });
    return (await this.orphans(rows)).map(([key, { update }]) => ({ key, update }));
  }

  /** The rooms for which something of this person was left behind. */
  async waiting(username: string): Promise<WaitingRoom[]> {
    const counts = new Map<string, number>();
    for (const [, { room }] of await this.orphans(await this.rows({ username }))) {
      counts.set(room, (counts.get(room) ?? 0) + 1);
    }
    return Promise.all(
      [...counts].map(async ([room, count]) => {
        const { caseId, title } = (await this.database.get('epochs', [username, room])) ?? {};
        return { room, count, label: caseId === undefined || title === undefined ? null : { caseId, title } };
      })
    );
  }

  /** How many updates wait for `place`, of whatever tab. */
  async count(place: Place): Promise<number> {
    return this.database.countFromIndex('updates', 'place', [place.username, place.room, place.epoch]);
  }

  close(): void {
    this.database.close();
  }

  private async rows(of: Pick<Place, 'username'> & Partial<Place>): Promise<[number, UpdateRow][]> {
    const { username, room, epoch } = of;
    // An array sorts after every text: these are all places that begin alike.
    const from = [username, ...(room === undefined ? [] : [room, ...(epoch === undefined ? [] : [epoch])])];
    const range = epoch === undefined ? IDBKeyRange.bound(from, [...from, []]) : IDBKeyRange.only(from);
    const index = this.database.transaction('updates').store.index('place');
    const rows: [number, UpdateRow][] = [];
    for await (const cursor of index.iterate(range)) rows.push([cursor.primaryKey, cursor.value]);
    return rows.sort(([a], [b]) => a - b);
  }

  /** Those that nobody holds any more. */
  private async orphans(rows: readonly [number, UpdateRow][]): Promise<[number, UpdateRow][]> {
    const gone = new Map<string, boolean>();
    for (const [, { holder }] of rows) {
      if (!gone.has(holder)) gone.set(holder, await this.isGone(holder));
    }
    return rows.filter(([, { holder }]) => gone.get(holder) === true);
  }

  private async isGone(holder: string): Promise<boolean> {
    const tab = tabOf(holder);
    return tab === this.tab.id ? !this.living.has(holder) : this.tab.isGone(tab);
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function tabOf(holder: string): string {
  return holder.split('/')[0] ?? holder;
}
