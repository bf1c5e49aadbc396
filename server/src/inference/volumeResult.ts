import type { ModelSegment } from '@voxcord/schemas/models';
import { strongestChannel } from './classes.js';
import { flipSlice } from './flips.js';
import type { Triple, Turn } from './orientation.js';

/** What is known of slice `k` on the grid of the volume; valid until whoever takes it returns. */
export interface ScoredSlice {
  readonly k: number;
  /** One plane per channel, i fastest. */
  readonly scores: Float32Array;
  readonly channels: number;
  /** Channel of each voxel before any clean-up; 0 where the strongest one is no segment. */
  readonly labels: Uint8Array;
}

export type TakeScores = (slice: ScoredSlice) => void;

/** Collects slices that are turned as the network wants them, on the grid of the volume. */
export class VolumeResult {
  /** Channel of each voxel, i fastest; 0 where the strongest channel is no segment. */
  readonly labels: Uint8Array;
  private readonly kept = new Uint8Array(256);

  constructor(
    private readonly dims: Triple<number>,
    private readonly turn: Turn,
    segments: readonly Pick<ModelSegment, 'channel'>[],
    private readonly takeScores: TakeScores | null
  ) {
    this.labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
    for (const { channel } of segments) this.kept[channel] = channel;
  }

  /** Takes a slice; turns it round in place. */
  add(turnedK: number, scores: Float32Array): void {
    const plane = this.dims[0] * this.dims[1];
    const channels = scores.length / plane;
    const k = this.turn.flipped[2] ? this.dims[2] - 1 - turnedK : turnedK;
    const labels = this.labels.subarray(k * plane, (k + 1) * plane);
    strongestChannel(scores, channels, labels);
    for (let n = 0; n < plane; n++) labels[n] = this.kept[labels[n] ?? 0] ?? 0;
    this.flip(labels);
    if (this.takeScores === null) return;
    for (let start = 0; start < scores.length; start += plane) this.flip(scores.subarray(start, start + plane));
    this.takeScores({ k, scores, channels, labels });
  }

  private flip(slice: Float32Array | Uint8Array): void {
    flipSlice(slice, this.dims[0], this.dims[1], this.turn.flipped[0], this.turn.flipped[1]);
  }
}
