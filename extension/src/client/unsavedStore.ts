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

interface UpdateRow extends Place {
  readonly tab: string;
  readonly update: Uint8Array;
}

interface UnsavedDatabase extends DBSchema {
  updates: { key: number; value: UpdateRow; indexes: { place: [string, string, string] } };
  epochs: { key: [string, string]; value: { username: string; room: string; epoch: string } };
}

/** Keeps unacknowledged updates in IndexedDB across reloads and crashes of the browser. */
export class UnsavedStore {
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

  async add(place: Place, update: Uint8Array): Promise<number> {
    const { username, room, epoch } = place;
    return this.database.add('updates', { username, room, epoch, tab: this.tab.id, update });
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

  async noteEpoch({ username, room, epoch }: Place): Promise<void> {
    await this.database.put('epochs', { username, room, epoch });
  }

  /**
   * Takes over the updates of tabs that are gone, in the order in which they were made. Those of living tabs stay
   * with them.
   */
  async adopt(place: Place): Promise<StoredUpdate[]> {
    const orphans: StoredUpdate[] = [];
    const gone = new Map<string, boolean>();
    for (const [key, row] of await this.rows(place)) {
      let isGone = gone.get(row.tab);
      if (isGone === undefined) gone.set(row.tab, (isGone = await this.tab.isGone(row.tab)));
      if (!isGone) continue;
      await this.database.put('updates', { ...row, tab: this.tab.id }, key);
      orphans.push({ key, update: row.update });
    }
    return orphans;
  }

  /** What waits for other histories of the room than `place`, oldest first. It stays until it is removed. */
  async ofOtherHistories(place: Place): Promise<{ readonly updates: Uint8Array[]; readonly keys: number[] }> {
    const updates: Uint8Array[] = [];
    const keys: number[] = [];
    let cursor = await this.database.transaction('updates').store.openCursor();
    while (cursor !== null) {
      const { username, room, epoch, update } = cursor.value;
      if (username === place.username && room === place.room && epoch !== place.epoch) {
        updates.push(update);
        keys.push(cursor.primaryKey);
      }
      cursor = await cursor.continue();
    }
    return { updates, keys };
  }

  /** How many updates wait for `place`, of whatever tab. */
  async count(place: Place): Promise<number> {
    return this.database.countFromIndex('updates', 'place', [place.username, place.room, place.epoch]);
  }

  close(): void {
    this.database.close();
  }

  private async rows(place: Place): Promise<[number, UpdateRow][]> {
    const index = this.database.transaction('updates').store.index('place');
    const rows: [number, UpdateRow][] = [];
    for await (const cursor of index.iterate(IDBKeyRange.only([place.username, place.room, place.epoch]))) {
      rows.push([cursor.primaryKey, cursor.value]);
    }
    return rows.sort(([a], [b]) => a - b);
  }
}
