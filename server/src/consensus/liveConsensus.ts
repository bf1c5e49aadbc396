import type { ShapeMethod } from '@voxcord/schemas/api';
import { boxSize, unionBox, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { forEachRow } from '../morphology/boxes.js';
import { votesForSegment } from './binaryVotes.js';
import type { CaseInput } from './caseConsensus.js';
import { readersOf, type CaseReaders } from './caseReaders.js';
import { Claims } from './claims.js';
import { disagreementOfPatterns } from './disagreement.js';
import { LiveExtents } from './liveExtents.js';
import { agreeOnObject, type ObjectConsensus } from './objectConsensus.js';
import { PatternTable } from './patternTable.js';
import { readVotes } from './votePatterns.js';
import { Decision } from './votes.js';

/** What a change did. */
export interface LiveChange {
  /** Where the hard map or the disagreement may have changed; null: nowhere. */
  readonly box: VoxelBox | null;
  /** Segments whose votes changed. */
  readonly segments: readonly number[];
}

export interface LiveSegment {
  readonly segment: number;
  readonly iterations: number | null;
  /** One per reader who counts; null where it has no value. */
  readonly readers: readonly {
    readonly read: string;
    readonly sensitivity: number | null;
    readonly specificity: number | null;
  }[];
}

interface Estimate {
  readonly readers: readonly number[];
  readonly object: ObjectConsensus;
  /** Decision and probability by the readers who marked a voxel. */
  readonly byMarks: ReadonlyMap<number, { readonly decision: number; readonly probability: number }>;
}

/** What becomes of voxels with one pattern that get one label. */
interface Move {
  readonly key: number;
  readonly from: number;
  /** The same as before: nothing changes. */
  readonly to: number;
  /** Segment that nobody who counts marks any more; 0: none. */
  readonly leaves: number;
  /** Segment that nobody who counts had marked; 0: none. */
  readonly enters: number;
  voxels: number;
}

/** A change while it is made. */
class Change {
  readonly segments = new Set<number>();
  readonly moves = new Map<number, Move>();
  /** Neighbours mostly move alike. */
  last: Move | null = null;
  readonly voxels: number[] = [];
}

/**
 * The consensus of a case that is being drawn: follows single strokes without looking at the other voxels. It keeps the
 * number of the vote pattern of each voxel, changes the counts by what a stroke changed, and estimates anew on the counts.
 *
 * Lesions are not matched here: their segments are agreed on voxel by voxel, and shape-based averaging is replaced by a
 * vote; `consensusOfCase` has the last word. Memory: 4 bytes per voxel, whatever the number of readers (6 from the
 * 65,537th pattern of votes on).
 */
export class LiveConsensus {
  /** Segment numbers on the grid; 0 where undecided. Changes in place. */
  readonly labels: Uint8Array;
  /** As of `CaseConsensus`. Changes in place. */
  readonly disagreement: Uint8Array;

  readonly #input: CaseInput;
  readonly #readers: CaseReaders;
  readonly #segments: readonly number[];
  readonly #table: PatternTable;
  readonly #extents: LiveExtents;
  readonly #estimates = new Map<number, Estimate>();
  #index: Uint16Array | Uint32Array;
  /** Per pattern. */
  #labelOf: Uint8Array = new Uint8Array(0);
  #apartOf: Uint8Array = new Uint8Array(0);
  #claims = new Claims(0);

  /** The reads are looked at once and not kept. Throws `ConsensusError`. */
  constructor(input: CaseInput) {
    const { dims, reads, rules } = input;
    this.#input = { ...input, reads: reads.map(read => ({ ...read, labels: new Uint8Array(0) })) };
    this.#readers = readersOf(input);
    this.#segments = rules.map(({ segment }) => segment);
    const patterns = readVotes(
      reads.map(({ labels }) => labels),
      dims,
      (reader, label) => this.#counts(reader, label)
    );
    this.#table = new PatternTable(reads.length);
    for (let pattern = 0; pattern < patterns.counts.length; pattern++) {
      this.#table.intern(patterns.table, pattern * reads.length);
    }
    this.#table.counts.set(patterns.counts);
    const voxels = voxelCount(dims);
    this.#index = patterns.index instanceof Uint16Array ? new Uint16Array(voxels) : new Uint32Array(voxels);
    this.#extents = new LiveExtents(dims, this.#segments);
    const { box, index } = patterns;
    if (box !== null) {
      forEachRow(dims, box, (start, position, length) => {
        this.#index.set(index.subarray(position, position + length), start);
      });
      this.#extents.addAll(this.#index, box, pattern => this.#markedSegments(pattern));
    }
    this.labels = new Uint8Array(voxels);
    this.disagreement = new Uint8Array(voxels);
    this.#estimate(this.#segments);
    this.#decide();
    if (box !== null) this.#recolour(box);
  }

  /**
   * A reader's label map changed.
   *
   * @param reader index of the read
   * @param voxels linear indices of the voxels that changed; any order, each once
   * @param labels the new label of each of them, or one for all
   */
  change(reader: number, voxels: Uint32Array, labels: Uint8Array | number): LiveChange {
    const change = new Change();
    for (let n = 0; n < voxels.length; n++) {
      const given = typeof labels === 'number' ? labels : (labels[n] ?? 0);
      this.#relabel(change, reader, voxels[n] ?? 0, given);
    }
    return this.#finish(change);
  }

  /**
   * A reader's label map changed somewhere in these boxes, and nowhere else.
   *
   * @param reader index of the read
   * @param labels the whole label map as it is now
   */
  changeIn(reader: number, boxes: readonly VoxelBox[], labels: Uint8Array): LiveChange {
    const change = new Change();
    for (const box of boxes) {
      forEachRow(this.#input.dims, box, (start, _, length) => {
        for (let voxel = start; voxel < start + length; voxel++) {
          this.#relabel(change, reader, voxel, labels[voxel] ?? 0);
        }
      });
    }
    return this.#finish(change);
  }

  /** Box of all that readers who count have marked; null: nothing is. Outside it nothing is shown. */
  get marked(): VoxelBox | null {
    return this.#extents.box(this.#segments);
  }

  #relabel(change: Change, reader: number, voxel: number, label: number): void {
    const from = this.#index[voxel] ?? 0;
    const key = from * 256 + label;
    let move = change.last;
    if (move?.key !== key) {
      move = change.moves.get(key) ?? this.#moveOf(change, key, from, reader, label);
      change.last = move;
    }
    if (move.to === from) return;
    move.voxels += 1;
    this.#index[voxel] = move.to;
    if (move.leaves !== 0) this.#extents.remove(move.leaves, voxel);
    if (move.enters !== 0) this.#extents.add(move.enters, voxel);
    change.voxels.push(voxel);
  }

  #moveOf(change: Change, key: number, from: number, reader: number, given: number): Move {
    const { readers, labels } = this.#table;
    const old = labels[from * readers + reader] ?? 0;
    const label = this.#counts(reader, given) ? given : 0;
    const to = old === label ? from : this.#patternWith(from, reader, label);
    if (to > 0xffff && this.#index instanceof Uint16Array) this.#index = Uint32Array.from(this.#index);
    const marked = (pattern: number, segment: number): boolean => segment !== 0 && this.#isMarked(pattern, segment);
    const leaves = marked(from, old) && !marked(to, old) ? old : 0;
    const enters = !marked(from, label) && marked(to, label) ? label : 0;
    if (to !== from) for (const segment of [old, label]) if (segment !== 0) change.segments.add(segment);
    const move = { key, from, to, leaves, enters, voxels: 0 };
    change.moves.set(key, move);
    return move;
  }

  /** Decides anew what the change touches, and shows it. */
  #finish({ segments: touched, moves, voxels }: Change): LiveChange {
    const box = boxOfVoxels(voxels, this.#input.dims);
    if (box === null) return { box: null, segments: [] };
    const { counts } = this.#table;
    const arrivals = new Map<number, number>();
    for (const { from, to, voxels: moved } of moves.values()) {
      if (to === from) continue;
      counts[from] = (counts[from] ?? 0) - moved;
      counts[to] = (counts[to] ?? 0) + moved;
      arrivals.set(to, (arrivals.get(to) ?? 0) + moved);
    }
    const segments = [...touched].sort((a, b) => a - b);
    this.#estimate(segments);
    const turned = this.#decide();
    for (const voxel of voxels) this.#show(voxel);
    // A pattern that is decided otherwise now changes everywhere, unless nothing but these voxels has it.
    const elsewhere = turned.some(pattern => (counts[pattern] ?? 0) > (arrivals.get(pattern) ?? 0));
    const region = elsewhere ? this.#extents.box(this.#segments) : null;
    const recoloured = region === null ? null : this.#recolour(region);
    return { box: recoloured === null ? box : unionBox(box, recoloured), segments };
  }

  segment(segment: number): LiveSegment | null {
    const estimate = this.#estimates.get(segment);
    if (estimate === undefined) return null;
    const { readers, object } = estimate;
    return {
      segment,
      iterations: object.iterations,
      readers: readers.map((reader, place) => ({
        read: this.#readers.ids[reader] ?? '',
        sensitivity: object.sensitivity[place] ?? null,
        specificity: object.specificity[place] ?? null
      }))
    };
  }

  isUndecided(voxel: number): boolean {
    return this.#claims.isUndecided(this.#index[voxel] ?? 0);
  }

  /** Voxels of the hard map with this segment. */
  voxelsOf(segment: number): number {
    let sum = 0;
    for (let pattern = 0; pattern < this.#table.size; pattern++) {
      if (this.#labelOf[pattern] === segment) sum += this.#table.counts[pattern] ?? 0;
    }
    return sum;
  }

  #counts(reader: number, label: number): boolean {
    return this.#segments.includes(label) && !this.#readers.notRead(reader, label);
  }

  /** Segments that readers who count gave to the voxels of a pattern. */
  #markedSegments(pattern: number): number[] {
    return this.#segments.filter(segment => this.#isMarked(pattern, segment));
  }

  #patternWith(pattern: number, reader: number, label: number): number {
    const { labels, readers } = this.#table;
    const votes = labels.slice(pattern * readers, (pattern + 1) * readers);
    votes[reader] = label;
    return this.#table.intern(votes, 0);
  }

  #isMarked(pattern: number, segment: number): boolean {
    const { labels, readers } = this.#table;
    for (let reader = 0; reader < readers; reader++) {
      if (labels[pattern * readers + reader] === segment && this.#isCounted(reader)) return true;
    }
    return false;
  }

  #isCounted(reader: number): boolean {
    return (this.#readers.weights[reader] ?? 0) > 0;
  }

  /** Estimates these segments anew from the counts. */
  #estimate(segments: readonly number[]): void {
    const { size, readers: all } = this.#table;
    const patterns = { table: this.#table.labels, counts: this.#table.counts.subarray(0, size), readers: all };
    for (const segment of segments) {
      const counted = this.#readers.counted(segment);
      const { votes } = votesForSegment(patterns, segment, counted);
      const object = agreeOnObject(
        {
          readers: counted.map(reader => this.#readers.ids[reader] ?? ''),
          weights: counted.map(reader => this.#readers.weights[reader] ?? 1),
          votes,
          union: this.#extents.box([segment]),
          dims: this.#input.dims,
          spacing: this.#input.spacing,
          beyond: 'background',
          masks: () => {
            throw new RangeError('Live methods do not look at shapes.');
          }
        },
        this.#methodOf(segment, counted.length)
      );
      const rows = object.decisions.by === 'row' ? object.decisions.rows : new Uint8Array(0);
      const byMarks = new Map(
        Array.from(votes.marks, (marks, row) => [
          marks,
          { decision: rows[row] ?? Decision.background, probability: object.soft[row] ?? 0 }
        ])
      );
      this.#estimates.set(segment, { readers: counted, object, byMarks });
    }
  }

  /** The method of the rule, or a vote where that one needs shapes. */
  #methodOf(segment: number, readers: number): ShapeMethod {
    const rule = this.#input.rules.find(each => each.segment === segment);
    const vote: ShapeMethod = { id: 'vote.kofn', threshold: null, ties: 'undecided' };
    if (rule === undefined) return vote;
    const method = rule.kind === 'lesion' ? rule.shape : rule.method;
    if (method.id === 'sba') return { ...vote, ties: method.ties };
    return method.id !== 'vote.kofn' && readers === 2 ? vote : method;
  }

  /** Decides the patterns anew; answers those that are decided otherwise than before. */
  #decide(): number[] {
    const { size, readers, labels, counts } = this.#table;
    const claims = new Claims(size);
    for (const [segment, { readers: counted, byMarks }] of this.#estimates) {
      for (let pattern = 1; pattern < size; pattern++) {
        let marks = 0;
        for (let n = 0; n < counted.length; n++) {
          if (labels[pattern * readers + (counted[n] ?? 0)] === segment) marks |= 1 << n;
        }
        const found = marks === 0 ? undefined : byMarks.get(marks);
        if (found !== undefined) claims.claim(pattern, segment, found.decision, found.probability, false);
      }
    }
    const before = this.#labelOf;
    this.#labelOf = claims.labels;
    this.#claims = claims;
    if (this.#apartOf.length < size) {
      const patterns = { table: labels, readers, counts: counts.subarray(0, size) };
      this.#apartOf = disagreementOfPatterns(patterns, this.#readers.notRead, reader => this.#isCounted(reader));
    }
    const turned: number[] = [];
    for (let pattern = 0; pattern < size; pattern++) {
      if (before[pattern] !== claims.labels[pattern]) turned.push(pattern);
    }
    return turned;
  }

  #show(voxel: number): void {
    const pattern = this.#index[voxel] ?? 0;
    this.labels[voxel] = this.#labelOf[pattern] ?? 0;
    this.disagreement[voxel] = this.#apartOf[pattern] ?? 0;
  }

  /** Shows all voxels of a box anew; answers the box of those that changed. */
  #recolour(box: VoxelBox): VoxelBox | null {
    const { dims } = this.#input;
    const index = this.#index;
    const labelOf = this.#labelOf;
    const apartOf = this.#apartOf;
    const min: [number, number, number] = [Infinity, Infinity, Infinity];
    const max: [number, number, number] = [-1, -1, -1];
    const [, nj] = boxSize(box);
    let row = 0;
    forEachRow(dims, box, (start, _, length) => {
      let first = -1;
      let last = -1;
      for (let voxel = start; voxel < start + length; voxel++) {
        const pattern = index[voxel] ?? 0;
        const label = labelOf[pattern] ?? 0;
        const apart = apartOf[pattern] ?? 0;
        if (this.labels[voxel] === label && this.disagreement[voxel] === apart) continue;
        this.labels[voxel] = label;
        this.disagreement[voxel] = apart;
        if (first < 0) first = voxel - start;
        last = voxel - start;
      }
      if (first >= 0) {
        const j = box.min[1] + (row % nj);
        const k = box.min[2] + Math.floor(row / nj);
        min[0] = Math.min(min[0], box.min[0] + first);
        max[0] = Math.max(max[0], box.min[0] + last);
        min[1] = Math.min(min[1], j);
        max[1] = Math.max(max[1], j);
        min[2] = Math.min(min[2], k);
        max[2] = Math.max(max[2], k);
      }
      row++;
    });
    return max[0] < 0 ? null : { min, max };
  }
}

function boxOfVoxels(voxels: readonly number[], dims: Dims): VoxelBox | null {
  if (voxels.length === 0) return null;
  const [ni, nj] = dims;
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-1, -1, -1];
  for (const voxel of voxels) {
    const i = voxel % ni;
    const row = (voxel - i) / ni;
    const j = row % nj;
    const k = (row - j) / nj;
    if (i < min[0]) min[0] = i;
    if (i > max[0]) max[0] = i;
    if (j < min[1]) min[1] = j;
    if (j > max[1]) max[1] = j;
    if (k < min[2]) min[2] = k;
    if (k > max[2]) max[2] = k;
  }
  return { min, max };
}
