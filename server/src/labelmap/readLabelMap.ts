import type { LabelMapFingerprint, LabelMapHead, LabelMapSnapshot } from '@voxcord/schemas/api';
import type { LabelMapContent } from '@voxcord/schemas/files';
import { RecordLog, type Dims, type RecordEntry, type Snapshot } from '@voxcord/schemas/labelmap';
import { aboutOf, type About } from '@voxcord/schemas/rooms';
import type * as Y from 'yjs';
import type { FoldPool, FoldSource, ReadFold } from './foldPool.js';
import type { BaseLimits, FoldedLabels } from './foldRequests.js';
import type { SnapshotStore } from './snapshotStore.js';

/** The read whose label map it is. */
export interface FoldedRead {
  readonly id: string;
  readonly dims: Dims;
  /** What is durable. */
  readonly doc: Y.Doc;
  /** Names the base in the document and deletes what is folded into it, in one step. */
  compact(base: NonNullable<About['base']>, frontier: Readonly<Record<string, number>>): Promise<void>;
}

/** What is painted in a read in which nobody paints. */
export interface SealedLabels {
  /** Named by its voxels alone. */
  readonly content: LabelMapContent;
  /** The same, as it is stored and served. */
  readonly snapshot: LabelMapSnapshot;
}

/** Somebody who keeps a fold of their own in step with a read. */
export interface LabelMapFollower {
  /** New records, in the order in which they became durable. */
  insert(entries: readonly RecordEntry[]): void;
  /** The history was compacted: see `LabelMap.rebase`. */
  rebase(base: Snapshot): void;
  /** Nothing will be told any more: the read is not in memory now. */
  ended(): void;
}

/** What a follower begins with: `LabelMap.open` of it is the label map before the first call of the follower. */
export interface FollowedLabels {
  readonly dims: Dims;
  readonly base: Snapshot | null;
  readonly head: Snapshot | null;
  readonly records: readonly RecordEntry[];
}

/** The server's own fold of a read, and the snapshots made from it. */
export class ReadLabelMap {
  readonly #fold: ReadFold;
  readonly #log: RecordLog;
  readonly #followers = new Set<LabelMapFollower>();
  /** Bricks that are known to be stored. */
  #stored: ReadonlySet<string> = new Set();
  #recordsSinceHead = 0;
  #head: LabelMapSnapshot | null = null;
  #hasHead = false;
  #storingHead: Promise<LabelMapSnapshot> | null = null;
  #makingFingerprint: Promise<LabelMapFingerprint> | null = null;

  constructor(
    private readonly read: FoldedRead,
    private readonly folds: FoldPool,
    private readonly snapshots: SnapshotStore,
    private readonly snapshotEvery: number
  ) {
    this.#log = new RecordLog(read.doc);
    this.#fold = folds.fold({
      dims: read.dims,
      records: () => this.#log.entries(),
      baseHash: () => this.#baseHash(),
      snapshots: () => this.#loadSnapshots()
    });
  }

  get dims(): Dims {
    return this.read.dims;
  }

  /** Records that came since the newest head was stored. */
  get recordsSinceHead(): number {
    return this.#recordsSinceHead;
  }

  applied(entries: readonly RecordEntry[]): void {
    this.#recordsSinceHead += entries.length;
    this.#fold.insert(entries);
    for (const follower of this.#followers) follower.insert(entries);
  }

  /** Tells the follower everything from here on, until `unfollow`. */
  async follow(follower: LabelMapFollower): Promise<FollowedLabels> {
    let snapshots = await this.#loadSnapshots();
    while (snapshots.baseHash !== this.#baseHash()) snapshots = await this.#loadSnapshots();
    const { base, head } = snapshots;
    this.#followers.add(follower);
    return { dims: this.read.dims, base, head, records: this.#log.entries() };
  }

  unfollow(follower: LabelMapFollower): void {
    this.#followers.delete(follower);
  }

  /** The newest snapshots; a head is made if there is none, or if many records came since. */
  async head(): Promise<LabelMapHead> {
    for (;;) {
      const baseHash = this.#baseHash();
      let head = await this.#storedHead(baseHash);
      if (head === null || this.#recordsSinceHead >= this.snapshotEvery) head = await this.storeHead();
      const base = baseHash === null ? null : await this.snapshots.manifest(this.read.id, baseHash);
      if (this.#baseHash() === baseHash) return { head: isEmpty(head) ? null : head, base };
    }
  }

  /** Who asks while it is being made gets the same one. */
  fingerprint(): Promise<LabelMapFingerprint> {
    return (this.#makingFingerprint ??= this.#fold.fingerprint().finally(() => (this.#makingFingerprint = null)));
  }

  fold(): Promise<FoldedLabels> {
    return this.#fold.labels();
  }

  /** Whether compacted strokes show this segment, or would if what is above them were undone. */
  async isInBase(segment: number): Promise<boolean> {
    const baseHash = this.#baseHash();
    if (baseHash === null) return false;
    const base = await this.snapshots.load(await this.#manifestOf(baseHash));
    return (await this.folds.segmentsIn(this.read.dims, base)).has(segment);
  }

  /** Stores what is painted, while nobody paints. */
  async seal(): Promise<SealedLabels> {
    // One that is under way may have begun before the last records came.
    await this.#storingHead;
    const snapshot = await this.storeHead();
    return { content: await this.#fold.content(), snapshot };
  }

  /** Who asks while it is being stored gets the same one. */
  storeHead(): Promise<LabelMapSnapshot> {
    return (this.#storingHead ??= this.#storeHead().finally(() => (this.#storingHead = null)));
  }

  async #storeHead(): Promise<LabelMapSnapshot> {
    for (;;) {
      const baseHash = this.#baseHash();
      const counted = this.#recordsSinceHead;
      const snapshot = await this.#fold.snapshot(this.#stored);
      const manifest = await this.snapshots.save(this.read.id, this.read.dims, snapshot);
      if (this.#baseHash() !== baseHash) continue;
      await this.snapshots.setHead(this.read.id, manifest, baseHash);
      this.#stored = new Set(manifest.bricks.map(({ sha256 }) => sha256));
      this.#recordsSinceHead -= counted;
      this.#head = manifest;
      this.#hasHead = true;
      await this.snapshots.prune(this.read.id, baseHash === null ? [manifest.hash] : [manifest.hash, baseHash]);
      return manifest;
    }
  }

  /**
   * Folds the oldest records into a new base and takes them out of the document. Each step leaves something whole: the
   * base is stored before the document names it, and naming it and deleting its records is one entry of the log.
   * Answers the base, or null if there is too little to fold.
   */
  async compact(limits: BaseLimits): Promise<LabelMapSnapshot | null> {
    const previous = aboutOf(this.read.doc).get('base');
    const previousHorizon = isBase(previous) ? previous.horizon : 0;
    const snapshot = await this.#fold.makeBase(limits);
    if (snapshot === null || snapshot.lamport <= previousHorizon) return null;
    const base = await this.snapshots.save(this.read.id, this.read.dims, snapshot);
    const loaded = await this.snapshots.load(base);
    await this.read.compact({ snapshot: base.hash, horizon: base.lamport }, base.frontier);
    this.#fold.rebase(loaded);
    for (const follower of this.#followers) follower.rebase(loaded);
    this.#head = null;
    this.#hasHead = false;
    await this.storeHead();
    return base;
  }

  dispose(): void {
    this.#fold.close();
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const follower of followers) follower.ended();
  }

  async #storedHead(base: string | null): Promise<LabelMapSnapshot | null> {
    if (!this.#hasHead) {
      this.#head = await this.snapshots.head(this.read.id, base);
      this.#hasHead = true;
    }
    return this.#head;
  }

  async #loadSnapshots(): ReturnType<FoldSource['snapshots']> {
    const baseHash = this.#baseHash();
    const base = baseHash === null ? null : await this.#manifestOf(baseHash);
    const head = await this.snapshots.head(this.read.id, baseHash);
    return {
      baseHash,
      base: base === null ? null : await this.snapshots.load(base),
      head: head === null ? null : await this.#loadIfWhole(head)
    };
  }

  async #manifestOf(baseHash: string): Promise<LabelMapSnapshot> {
    const base = await this.snapshots.manifest(this.read.id, baseHash);
    if (base === null) throw new Error('The base of this label map is missing.');
    return base;
  }

  /** A head is a cache: a damaged one is passed over. */
  async #loadIfWhole(head: LabelMapSnapshot): Promise<Snapshot | null> {
    try {
      return await this.snapshots.load(head);
    } catch {
      return null;
    }
  }

  #baseHash(): string | null {
    const base = aboutOf(this.read.doc).get('base');
    return isBase(base) ? base.snapshot : null;
  }
}

function isBase(value: About[keyof About]): value is NonNullable<About['base']> {
  return typeof value === 'object' && 'snapshot' in value;
}

function isEmpty({ frontier }: LabelMapSnapshot): boolean {
  return Object.keys(frontier).length === 0;
}
