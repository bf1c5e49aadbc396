import {
  intersects,
  LabelMap,
  unionBox,
  type RecordEntry,
  type Snapshot,
  type VoxelBox
} from '@voxcord/schemas/labelmap';
import { encodeLiveBox, type LiveFigures, type LiveState, type SentState } from '@voxcord/schemas/rooms';
import { LiveConsensus, type SegmentRule } from '../../consensus/index.js';
import { unpackRecords } from '../../labelmap/packedRecords.js';
import { voxelMl } from '../brickMaps.js';
import type { LiveTask } from './liveTask.js';

/** Memory for decoded strokes of one read, bytes: painting needs few of them, undoing needs old ones. */
const CACHE_BYTES = 32 * 1024 * 1024;
/** Slices that are sent as one box of a whole state: empty ones among them are left out. */
const SLAB = 8;

/**
 * The label maps of a case's reads and the consensus of them, kept in step with each record. Memory per voxel: 1 byte
 * for each read and 4 for the consensus. Throws `LabelMapError` for records that cannot be read, and `ConsensusError`.
 */
export class LiveCase {
  readonly #maps: readonly LabelMap[];
  #rules: readonly SegmentRule[];
  #live: LiveConsensus;
  #version = 1;
  /** Where something changed since the last state. */
  #boxes: VoxelBox[] = [];
  #isTouched = false;
  #isRebuilt = false;
  /** As last sent, by segment. */
  #sent = new Map<number, string>();

  constructor(private readonly task: LiveTask) {
    this.#maps = task.reads.map(({ base, head, records }) =>
      LabelMap.open(task.dims, { base, head, records: unpackRecords(records) }, { cacheBytes: CACHE_BYTES })
    );
    this.#rules = this.#rulesNow();
    this.#live = this.#build();
    for (const figures of this.#figures()) this.#sent.set(figures.number, JSON.stringify(figures));
  }

  /** New records of a read. */
  insert(read: number, entries: Iterable<RecordEntry>): void {
    this.#isTouched = true;
    this.#note(read, this.#mapOf(read).insertMany(entries));
  }

  /** The read's history was compacted. */
  rebase(read: number, base: Snapshot): void {
    this.#isTouched = true;
    this.#note(read, this.#mapOf(read).rebase(base));
  }

  /** What changed since the last call, as the next version; null: nothing was told. */
  takeChange(): SentState | null {
    if (!this.#isTouched) return null;
    this.#isTouched = false;
    const follows = this.#version;
    this.#version += 1;
    const boxes = this.#boxes;
    this.#boxes = [];
    const changed: LiveFigures[] = [];
    for (const figures of this.#figures()) {
      const text = JSON.stringify(figures);
      if (this.#sent.get(figures.number) === text) continue;
      this.#sent.set(figures.number, text);
      changed.push(figures);
    }
    if (this.#isRebuilt) {
      this.#isRebuilt = false;
      return this.#whole();
    }
    return { state: this.#state(follows, changed), boxes: boxes.flatMap(box => this.#encode(box)) };
  }

  /** Everything, as of the last version that was taken. */
  whole(): SentState {
    if (this.#isTouched) throw new RangeError('Take the change first: it belongs to a version of its own.');
    return this.#whole();
  }

  #whole(): SentState {
    const marked = this.#live.marked;
    const boxes: Uint8Array[] = [];
    for (let k = marked?.min[2] ?? 0; marked !== null && k <= marked.max[2]; k += SLAB) {
      const slab: VoxelBox = {
        min: [marked.min[0], marked.min[1], k],
        max: [marked.max[0], marked.max[1], Math.min(marked.max[2], k + SLAB - 1)]
      };
      boxes.push(...this.#encode(slab));
    }
    return { state: { ...this.#state(null, this.#figures()), subject: this.task.subject }, boxes };
  }

  #state(follows: number | null, segments: LiveFigures[]): LiveState {
    return { version: this.#version, follows, records: this.#maps.map(recordsIn), segments };
  }

  #encode(box: VoxelBox): Uint8Array[] {
    return encodeLiveBox(this.task.dims, box, this.#live.labels, this.#live.disagreement);
  }

  #note(read: number, boxes: readonly VoxelBox[]): void {
    if (boxes.length === 0) return;
    if (this.#hasNewSegment(read)) {
      this.#rules = this.#rulesNow();
      this.#live = this.#build();
      this.#isRebuilt = true;
      return;
    }
    const { bitmap } = this.#mapOf(read);
    const { box } = this.#live.changeIn(read, boxes, bitmap);
    if (box !== null) this.#boxes = withBox(this.#boxes, box);
  }

  #build(): LiveConsensus {
    const { dims, spacing, reads } = this.task;
    return new LiveConsensus({
      dims,
      spacing,
      reads: reads.map(({ id, weight, notRead }, read) => ({ id, weight, notRead, labels: this.#mapOf(read).bitmap })),
      rules: this.#rules
    });
  }

  /** Under a protocol nothing but its segments counts; else whatever is painted. */
  #rulesNow(): readonly SegmentRule[] {
    const { rules } = this.task;
    if (rules.kind === 'protocol') return rules.rules;
    const segments = new Set(rules.segments);
    for (const map of this.#maps) {
      map.counts().forEach((count, segment) => {
        if (segment !== 0 && count > 0) segments.add(segment);
      });
    }
    return [...segments]
      .sort((a, b) => a - b)
      .map(segment => ({
        kind: 'structure',
        segment,
        method: { id: 'vote.kofn', threshold: null, ties: 'undecided' }
      }));
  }

  #hasNewSegment(read: number): boolean {
    if (this.task.rules.kind === 'protocol') return false;
    const known = new Set(this.#rules.map(({ segment }) => segment));
    return this.#mapOf(read)
      .counts()
      .some((count, segment) => segment !== 0 && count > 0 && !known.has(segment));
  }

  #figures(): LiveFigures[] {
    const each = voxelMl(this.task.spacing);
    return this.#rules.map(({ segment }) => {
      const estimate = this.#live.segment(segment);
      const voxels = this.#live.voxelsOf(segment);
      const readers = this.task.reads.map(({ id }) => {
        const reader = estimate?.readers.find(({ read }) => read === id);
        return { sensitivity: reader?.sensitivity ?? null, specificity: reader?.specificity ?? null };
      });
      return { number: segment, voxels, volumeMl: voxels * each, iterations: estimate?.iterations ?? null, readers };
    });
  }

  #mapOf(read: number): LabelMap {
    const map = this.#maps[read];
    if (map === undefined) throw new RangeError('This live consensus has no such read.');
    return map;
  }
}

function recordsIn(map: LabelMap): number {
  return Object.values(map.frontier()).reduce((sum, count) => sum + count, 0);
}

/** One more box; those that it overlaps become one with it, so that no voxel is sent twice. */
function withBox(boxes: readonly VoxelBox[], added: VoxelBox): VoxelBox[] {
  const overlapping = boxes.filter(box => intersects(box, added));
  if (overlapping.length === 0) return [...boxes, added];
  const others = boxes.filter(box => !overlapping.includes(box));
  return withBox(others, overlapping.reduce(unionBox, added));
}
