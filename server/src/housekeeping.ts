import { SnapshotStore } from './labelmap/snapshotStore.js';
import { Volumes } from './projects/volumes.js';
import type { RoomLogger } from './rooms/roomLogger.js';
import { TruthBlobs } from './studies/truthBlobs.js';
import { RevisionBlobs } from './studies/revisionBlobs.js';
import type { Store } from './store/store.js';

/** When blobs that nothing needs are looked for; milliseconds. */
export interface HousekeepingTimes {
  readonly first: number;
  readonly every: number;
}

/**
 * Removes blobs that no snapshot, no revision and no volume needs; answers how many. Whatever keeps blobs has to be asked here. What
 * cannot be read is a reason to remove nothing: rejects with `StoreError`.
 */
export async function sweepBlobs(store: Store): Promise<number> {
  const needed = new Set<string>();
  const keepers = [
    new SnapshotStore(store),
    new Volumes(store),
    new RevisionBlobs(store.catalogue),
    new TruthBlobs(store.catalogue)
  ];
  for (const keeper of keepers) {
    for await (const sha256 of keeper.neededBlobs()) needed.add(sha256);
  }
  return store.blobs.sweep(sha256 => needed.has(sha256));
}

/** Sweeps blobs now and then, beside everything else. */
export class Housekeeping {
  #timer: NodeJS.Timeout;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly times: HousekeepingTimes,
    private readonly logger: RoomLogger
  ) {
    this.#timer = setTimeout(() => this.#sweep(), times.first).unref();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sweeping;
    clearTimeout(this.#timer);
  }

  #sweep(): void {
    this.#sweeping = sweepBlobs(this.store)
      .then(removed => this.logger.info({ removed }, 'blobs swept'))
      .catch((error: unknown) => {
        this.logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'blobs could not be swept');
      })
      .finally(() => (this.#timer = setTimeout(() => this.#sweep(), this.times.every).unref()));
  }
}
