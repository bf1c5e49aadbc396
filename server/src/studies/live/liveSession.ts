import type { Segment } from '@voxcord/schemas/api';
import { voxelCount, type RecordEntry, type Snapshot } from '@voxcord/schemas/labelmap';
import { CloseCode, type LiveSubject } from '@voxcord/schemas/rooms';
import type { LabelMapFollower } from '../../labelmap/readLabelMap.js';
import { packRecords } from '../../labelmap/packedRecords.js';
import type { FollowedRead } from '../../rooms/rooms.js';
import { rulesOf, type LiveGrid, type LivePlan } from './livePlan.js';
import { liveBytes } from './liveBytes.js';
import { LiveThread } from './liveThread.js';
import type { Watcher } from './watcher.js';

/** What a live consensus needs of the rooms. */
export interface LiveReadsPort {
  follow(readId: string, follower: LabelMapFollower): Promise<FollowedRead>;
}

/** One read in a session: what it tells before the thread is there waits. */
class Source implements LabelMapFollower {
  thread: LiveThread | null = null;
  followed: FollowedRead | null = null;
  readonly #waiting: ((thread: LiveThread) => void)[] = [];

  constructor(
    private readonly place: number,
    private readonly lost: () => void
  ) {}

  insert(entries: readonly RecordEntry[]): void {
    this.#tell(thread => thread.insert(this.place, entries));
  }

  rebase(base: Snapshot): void {
    this.#tell(thread => thread.rebase(this.place, base));
  }

  ended(): void {
    this.lost();
  }

  begin(thread: LiveThread): void {
    this.thread = thread;
    for (const tell of this.#waiting.splice(0)) tell(thread);
  }

  #tell(tell: (thread: LiveThread) => void): void {
    if (this.thread === null) this.#waiting.push(tell);
    else tell(this.thread);
  }
}

/** The live consensus of one case: in a thread while somebody watches, fed by the rooms of its reads. */
export class LiveSession {
  readonly watchers = new Set<Watcher>();
  /** Called once, when it has ended. */
  onEnded: () => void = () => undefined;
  readonly bytes: number;
  readonly #sources: readonly Source[];
  readonly #ready: Promise<LiveThread>;
  #thread: LiveThread | null = null;
  #hasEnded = false;
  #stopped: Promise<void> = Promise.resolve();

  constructor(
    readonly plan: LivePlan,
    private readonly grid: LiveGrid,
    private readonly reads: LiveReadsPort,
    private readonly reportFailure: (error: unknown) => void
  ) {
    this.bytes = liveBytes(voxelCount(grid.dims), plan.reads.length);
    // The room of a read was lost, with nothing that was acknowledged: whoever watches comes back.
    const lost = (): void => this.end(CloseCode.loadFailed, 'A read was loaded anew: connect again.');
    this.#sources = plan.reads.map((_, place) => new Source(place, lost));
    this.#ready = this.#begin();
    this.#ready.catch((error: unknown) => {
      if (!this.#hasEnded) this.#fail(error);
    });
  }

  /** Resolves when its thread is gone. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  add(watcher: Watcher): void {
    this.watchers.add(watcher);
    watcher.onWanting = () => {
      void this.#ready.then(
        thread => thread.whole(frames => watcher.sendWhole(frames)),
        () => undefined
      );
    };
    watcher.askIfWanting();
  }

  /** Nobody is told anything more; who watches is sent away. */
  end(code: CloseCode, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { followed } of this.#sources) followed?.letGo();
    this.#stopped = this.#thread?.stop() ?? Promise.resolve();
    for (const watcher of [...this.watchers]) watcher.close(code, reason);
    this.onEnded();
  }

  async #begin(): Promise<LiveThread> {
    const followed = await Promise.all(this.#sources.map((source, place) => this.#follow(source, place)));
    if (this.#hasEnded) throw new Error('This live consensus has ended.');
    const segments = followed.flatMap(read => read.segments);
    const rules = rulesOf(
      this.plan,
      segments.map(({ number }) => number)
    );
    const { dims, spacing } = this.grid;
    const reads = followed.map(({ base, head, records }, place) => ({
      id: this.plan.reads[place]?.id ?? '',
      weight: this.plan.weights[place] ?? 1,
      notRead: this.plan.notRead[place] ?? [],
      base,
      head,
      records: packRecords(records)
    }));
    const thread = new LiveThread(
      { dims, spacing, reads, rules, subject: this.#subjectWith(segments) },
      {
        changed: frames => {
          for (const watcher of this.watchers) watcher.sendChange(frames);
        },
        failed: error => this.#fail(error)
      }
    );
    this.#thread = thread;
    for (const source of this.#sources) source.begin(thread);
    return thread;
  }

  async #follow(source: Source, place: number): Promise<FollowedRead> {
    const followed = await this.reads.follow(this.plan.reads[place]?.id ?? '', source);
    // It may have ended meanwhile, and would never let go.
    if (this.#hasEnded) followed.letGo();
    else source.followed = followed;
    return followed;
  }

  #subjectWith(segments: readonly Segment[]): LiveSubject {
    const { protocol, reads } = this.plan;
    const named = new Map<number, LiveSubject['segments'][number]>();
    for (const { number, name, colour } of protocol?.content.segments ?? segments) {
      if (!named.has(number)) named.set(number, { number, name, colour });
    }
    return {
      dims: [...this.grid.dims],
      volume: this.grid.volume,
      rules: protocol === null ? 'majority' : 'protocol',
      readers: reads.map(({ id, title, reader }) => ({ read: id, title, reader })),
      segments: [...named.values()].sort((a, b) => a.number - b.number)
    };
  }

  #fail(error: unknown): void {
    this.reportFailure(error);
    this.end(CloseCode.loadFailed, 'The live consensus failed: try again later.');
  }
}
