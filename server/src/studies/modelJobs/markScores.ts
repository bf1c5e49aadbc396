import { createHash } from 'node:crypto';
import type { KeptScores, MappedChannel, SegmentKind } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { ModelSegment } from '@voxcord/schemas/models';
import { readMarkScores } from '../../inference/markScoresFile.js';
import { compactScores } from '../compactScores.js';

/** Scores of one segment, as they are kept. */
export interface MarkScores extends KeptScores {
  readonly content: Uint8Array;
}

/**
 * The channels whose scores are kept: of what the protocol or the model takes for lesions, which evaluations draw curves of.
 * None without a protocol: such a read has no revision, and nothing measures it.
 */
export function scoredChannels(
  channels: readonly MappedChannel[],
  ofModel: readonly Pick<ModelSegment, 'channel' | 'kind'>[],
  ofProtocol: readonly { readonly number: number; readonly kind: SegmentKind }[] | null
): readonly MappedChannel[] {
  if (ofProtocol === null) return [];
  return channels.filter(({ channel, segment }) => {
    const kinds = [
      ofModel.find(each => each.channel === channel)?.kind,
      ofProtocol.find(({ number }) => number === segment)?.kind
    ];
    return kinds.includes('lesion');
  });
}

/**
 * Scores of the voxels that still have these segments after the clean-up, out of the file that a run has left. Null if the
 * file does not fit the labels.
 *
 * @param labels segment of each voxel, i fastest
 */
export function collectMarkScores(
  file: string,
  labels: Uint8Array,
  dims: Dims,
  segments: readonly number[]
): MarkScores[] | null {
  const kept = segments.map(segment => new KeptVoxels(segment, labels, dims));
  const bySegment = new Map(kept.map(each => [each.segment, each]));
  const plane = dims[0] * dims[1];
  const isDone = new Uint8Array(dims[2]);
  let [slice, last, fits] = [-1, -1, true];
  const isWhole = readMarkScores(file, (index, score) => {
    const k = Math.floor(index / plane);
    if (k !== slice) {
      // Slices come in any order, but each in one piece and with its voxels in theirs.
      if (k >= dims[2] || isDone[k] === 1) fits = false;
      isDone[k] = 1;
      [slice, last] = [k, -1];
    }
    if (index <= last) fits = false;
    last = index;
    bySegment.get(labels[index] ?? 0)?.add(k, score);
  });
  if (!isWhole || !fits || !kept.every(each => each.isComplete)) return null;
  return kept.map(({ segment, scores }) => {
    const content = compactScores(scores);
    return {
      segment,
      voxels: scores.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      content
    };
  });
}

/** The scores of one segment, put in the order of voxels whichever slice comes first. */
class KeptVoxels {
  readonly scores: Float32Array;
  /** Of each slice: where its next score belongs. */
  private readonly next: Float64Array;
  private added = 0;

  constructor(
    readonly segment: number,
    labels: Uint8Array,
    dims: Dims
  ) {
    const plane = dims[0] * dims[1];
    this.next = new Float64Array(dims[2]);
    let voxels = 0;
    for (let k = 0; k < dims[2]; k++) {
      this.next[k] = voxels;
      for (let n = k * plane; n < (k + 1) * plane; n++) if (labels[n] === segment) voxels += 1;
    }
    this.scores = new Float32Array(voxels);
  }

  add(k: number, score: number): void {
    const at = this.next[k] ?? 0;
    this.scores[at] = score;
    this.next[k] = at + 1;
    this.added += 1;
  }

  get isComplete(): boolean {
    return this.added === this.scores.length;
  }
}
