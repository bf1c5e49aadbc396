import type { ModelSegment } from '@voxcord/schemas/models';
import { strongestChannel } from './classes.js';
import { flipSlice } from './flips.js';
import type { Triple, Turn } from './orientation.js';

/** Takes slice `k` of the scores on the grid of the volume: one plane per channel, i fastest. Valid until it returns. */
export type TakeScores = (k: number, scores: Float32Array, channels: number) => void;

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
    const slice = this.labels.subarray(k * plane, (k + 1) * plane);
    strongestChannel(scores, channels, slice);
    for (let n = 0; n < plane; n++) slice[n] = this.kept[slice[n] ?? 0] ?? 0;
    this.flip(slice);
    if (this.takeScores === null) return;
    for (let start = 0; start < scores.length; start += plane) this.flip(scores.subarray(start, start + plane));
    this.takeScores(k, scores, channels);
  }

  private flip(slice: Float32Array | Uint8Array): void {
    flipSlice(slice, this.dims[0], this.dims[1], this.turn.flipped[0], this.turn.flipped[1]);
  }
}
