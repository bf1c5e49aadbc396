import type { RecordEntry } from '@voxcord/schemas/labelmap';
import type { RoomName } from '@voxcord/schemas/rooms';
import * as Y from 'yjs';
import type { FoldPool } from '../labelmap/foldPool.js';
import { ReadLabelMap } from '../labelmap/readLabelMap.js';
import { SnapshotStore } from '../labelmap/snapshotStore.js';
import { lowestLamportSince } from '../labelmap/youngRecords.js';
import type { Store } from '../store/store.js';
import type { Room } from './room.js';
import type { RoomLogger } from './roomLogger.js';
import type { RoomPolicy } from './roomPolicy.js';

export interface CacheOptions {
  readonly store: Store;
  readonly folds: FoldPool;
  readonly policy: RoomPolicy;
  readonly logger: RoomLogger;
  readonly now: () => number;
}

/**
 * What makes a room fast to load and open, made from its log now and then: checkpoints of the document, snapshots of the
 * label map, and compaction. One at a time; a failure of one is logged and costs nothing but time.
 */
export class RoomCaches {
  /** Null for rooms other than those of reads. */
  readonly labelMap: ReadLabelMap | null;
  #jobs: Promise<void> = Promise.resolve();
  #updatesSinceCheckpoint: number;
  #isCheckpointing = false;
  #isStoringHead = false;
  /** How many records had come when compaction was tried last. */
  #recordsAtCompaction = 0;

  constructor(
    name: RoomName,
    private readonly room: Room,
    private readonly options: CacheOptions
  ) {
    const { dims } = room.loaded;
    this.#updatesSinceCheckpoint = room.loaded.replayed;
    this.labelMap =
      dims === null
        ? null
        : new ReadLabelMap(
            {
              id: name.id,
              dims,
              doc: room.doc,
              compact: (base, frontier) => room.compact(base, frontier)
            },
            options.folds,
            new SnapshotStore(options.store),
            options.policy.snapshotEvery
          );
  }

  applied(): void {
    this.#updatesSinceCheckpoint += 1;
    if (this.#isCheckpointing || this.#updatesSinceCheckpoint < this.options.policy.checkpointEvery) return;
    this.#isCheckpointing = true;
    void this.#job('checkpoint', () => this.#checkpoint().finally(() => (this.#isCheckpointing = false)));
  }

  recordsApplied(entries: readonly RecordEntry[]): void {
    const { labelMap } = this;
    if (labelMap === null) return;
    labelMap.applied(entries);
    if (this.#isStoringHead || labelMap.recordsSinceHead < this.options.policy.snapshotEvery) return;
    this.#isStoringHead = true;
    void this.#job('snapshot', () => this.#storeHead(labelMap).finally(() => (this.#isStoringHead = false)));
  }

  /** Everything that is worth storing before the room goes out of memory. */
  async flush(): Promise<void> {
    const { labelMap } = this;
    if (labelMap !== null && labelMap.recordsSinceHead > 0) {
      void this.#job('snapshot', () => this.#storeHead(labelMap));
    }
    await this.#job('checkpoint', async () => {
      if (this.#updatesSinceCheckpoint > 0) await this.#checkpoint();
    });
  }

  /** Compacts now, as far as the policy allows. Answers whether anything was compacted. */
  async compact(): Promise<boolean> {
    const { labelMap } = this;
    if (labelMap === null) return false;
    const { policy, store, now } = this.options;
    const { loaded } = this.room;
    const since = now() - policy.windowMilliseconds;
    const below = await lowestLamportSince(store.log, this.room.name, since, labelMap.dims, loaded.author.client);
    const { keepRecords, compactAtLeast: atLeast } = policy;
    const base = await labelMap.compact({ keepRecords, below, atLeast });
    if (base !== null) this.options.logger.info({ horizon: base.lamport }, 'label map compacted');
    return base !== null;
  }

  dispose(): void {
    this.labelMap?.dispose();
  }

  /** Again while so much has come meanwhile that it is worth it. */
  async #storeHead(labelMap: ReadLabelMap): Promise<void> {
    do {
      await labelMap.storeHead();
      if (this.#isCompactionDue()) {
        this.#recordsAtCompaction = this.room.loaded.ledger.durableRecords;
        await this.compact();
      }
    } while (labelMap.recordsSinceHead >= this.options.policy.snapshotEvery || this.#isCompactionDue());
  }

  #isCompactionDue(): boolean {
    const { keepRecords, compactAtLeast } = this.options.policy;
    const { liveRecords, durableRecords } = this.room.loaded.ledger;
    return liveRecords - keepRecords >= compactAtLeast && durableRecords - this.#recordsAtCompaction >= compactAtLeast;
  }

  async #checkpoint(): Promise<void> {
    const { doc, sequence } = this.room;
    const counted = this.#updatesSinceCheckpoint;
    const state = Y.encodeStateAsUpdate(doc);
    const snapshot = Y.encodeSnapshot(Y.snapshot(doc));
    if (!(await this.options.folds.verifyState(state, snapshot))) {
      throw new Error('A checkpoint does not hold what the document holds.');
    }
    await this.options.store.log.writeCheckpoint(this.room.name, { sequence, state });
    this.#updatesSinceCheckpoint -= counted;
  }

  #job(what: string, work: () => Promise<void>): Promise<void> {
    const job = this.#jobs.then(work).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      this.options.logger.warn({ what, error: text }, 'room cache could not be stored');
    });
    this.#jobs = job;
    return job;
  }
}
