import type { LabelMapContent } from '@voxcord/schemas/files';
import type { LabelMapFingerprint } from '@voxcord/schemas/api';
import { voxelCount, type Dims, type RecordEntry, type Snapshot } from '@voxcord/schemas/labelmap';
import { FoldClosed } from './folds.js';
import type { BaseLimits, FoldedLabels, NamedSnapshot } from './foldRequests.js';
import { FoldThread } from './foldThread.js';
import { buffersOf, packRecords } from './packedRecords.js';

/** Where a label map is opened from. */
export interface FoldSource {
  readonly dims: Dims;
  /** The records that the document has at this moment. */
  records(): RecordEntry[];
  /** Hash of the base that the document names at this moment. */
  baseHash(): string | null;
  snapshots(): Promise<{ baseHash: string | null; base: Snapshot | null; head: Snapshot | null }>;
}

const ATTEMPTS = 5;

/** Folded label maps in threads of their own, within bounds of memory: the least recently used ones are closed. */
export class FoldPool {
  readonly #threads: FoldThread[];
  /** The least recently used one first. */
  readonly #open = new Set<ReadFold>();
  readonly #waiting: (() => void)[] = [];
  #nextFold = 1;

  constructor(
    threads: number,
    private readonly maxBytes: number
  ) {
    this.#threads = Array.from({ length: threads }, () => new FoldThread());
  }

  fold(source: FoldSource): ReadFold {
    return new ReadFold(this, this.#nextFold++, source);
  }

  /** See `FoldRequests.verifyState`. */
  verifyState(state: Uint8Array, snapshot: Uint8Array): Promise<boolean> {
    return this.leastBusy().ask('verifyState', { state, snapshot });
  }

  /** Segments that a snapshot holds. */
  segmentsIn(dims: Dims, snapshot: Snapshot): Promise<ReadonlySet<number>> {
    return this.leastBusy().ask('segmentsIn', { dims, snapshot });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.stop()));
  }

  leastBusy(): FoldThread {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new RangeError('Folding needs a thread at least.');
    return others.reduce((best, thread) => (thread.folds < best.folds ? thread : best), first);
  }

  /**
   * Takes memory for a label map: from those that nobody uses at the moment, the least recently used first. Waits while
   * all of it is in use.
   */
  async admit(fold: ReadFold): Promise<void> {
    while (!this.#makeRoom(fold.bytes)) await new Promise<void>(resolve => this.#waiting.push(resolve));
    this.#open.add(fold);
  }

  used(fold: ReadFold): void {
    if (this.#open.delete(fold)) this.#open.add(fold);
  }

  released(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  closed(fold: ReadFold): void {
    this.#open.delete(fold);
    this.released();
  }

  /** One label map alone may be larger than the limit. */
  #makeRoom(bytes: number): boolean {
    let taken = [...this.#open].reduce((sum, { bytes: each }) => sum + each, 0);
    for (const oldest of [...this.#open]) {
      if (taken + bytes <= this.maxBytes) return true;
      if (oldest.isInUse) continue;
      taken -= oldest.bytes;
      oldest.close();
    }
    return taken === 0 || taken + bytes <= this.maxBytes;
  }
}

/** The label map of one read in a thread; opened when it is asked for and kept in step from then on. */
export class ReadFold {
  #thread: FoldThread | null = null;
  #opening: Promise<FoldThread> | null = null;
  #questions = 0;

  constructor(
    private readonly pool: FoldPool,
    private readonly fold: number,
    private readonly source: FoldSource
  ) {}

  /** What it takes in memory, roughly: the label map, and as much again for its records and indices. */
  get bytes(): number {
    return 2 * voxelCount(this.source.dims);
  }

  get isInUse(): boolean {
    return this.#questions > 0;
  }

  /** New records of the document. */
  insert(entries: readonly RecordEntry[]): void {
    const thread = this.#thread;
    if (thread === null) return;
    const records = packRecords(entries);
    thread.ask('insert', { fold: this.fold, records }, buffersOf(records)).catch(() => this.close());
  }

  rebase(base: Snapshot): void {
    this.#thread?.ask('rebase', { fold: this.fold, base }).catch(() => this.close());
  }

  snapshot(known: ReadonlySet<string>): Promise<NamedSnapshot> {
    return this.#ask(thread => thread.ask('snapshot', { fold: this.fold, known }));
  }

  fingerprint(): Promise<LabelMapFingerprint> {
    return this.#ask(thread => thread.ask('fingerprint', { fold: this.fold }));
  }

  labels(): Promise<FoldedLabels> {
    return this.#ask(thread => thread.ask('labels', { fold: this.fold }));
  }

  /** The label map named by its voxels alone. */
  content(): Promise<LabelMapContent> {
    return this.#ask(thread => thread.ask('content', { fold: this.fold }));
  }

  makeBase(limits: BaseLimits): Promise<NamedSnapshot | null> {
    return this.#ask(thread => thread.ask('makeBase', { fold: this.fold, limits }));
  }

  /** Frees the memory; opened again when it is asked for. */
  close(): void {
    const thread = this.#thread;
    this.#thread = null;
    this.pool.closed(this);
    if (thread === null) return;
    thread.folds -= 1;
    thread.ask('close', { fold: this.fold }).catch(() => undefined);
  }

  async #ask<Answer>(question: (thread: FoldThread) => Promise<Answer>): Promise<Answer> {
    this.#questions += 1;
    try {
      return await this.#askNow(question);
    } finally {
      this.#questions -= 1;
      this.pool.released();
    }
  }

  /** A record that could not be folded closes the label map: then it is opened anew. */
  async #askNow<Answer>(question: (thread: FoldThread) => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const thread = this.#thread ?? (await (this.#opening ??= this.#open()));
      this.pool.used(this);
      try {
        return await question(thread);
      } catch (error) {
        this.close();
        if (!(error instanceof FoldClosed) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #open(): Promise<FoldThread> {
    try {
      await this.pool.admit(this);
      let snapshots = await this.source.snapshots();
      while (snapshots.baseHash !== this.source.baseHash()) snapshots = await this.source.snapshots();
      const thread = this.pool.leastBusy();
      const { base, head } = snapshots;
      const records = packRecords(this.source.records());
      const ask = { fold: this.fold, dims: this.source.dims, base, head, records };
      const opened = thread.ask('open', ask, buffersOf(records));
      // From here on new records follow the ones above.
      this.#thread = thread;
      thread.folds += 1;
      await opened;
      return thread;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#opening = null;
    }
  }
}
