import type { Triple } from './orientation.js';
import { linearTaps, mixTwo, type Taps } from './resampling.js';
import { PlaneResampling } from './networkImage.js';

/** Takes slice `k` on the grid of the volume: one plane per channel, i fastest. May write over it; valid until it returns. */
export type ScoresOfSlice = (k: number, scores: Float32Array) => void;

/**
 * Brings scores from the grid of the network back onto that of the volume, slice by slice, by linear interpolation. Memory:
 * three slices of all channels.
 */
export class ScoresBack {
  private readonly inPlane: PlaneResampling;
  private readonly alongK: Taps;
  private readonly plane: number;
  /** The two last slices of the network that were needed, on the grid of the volume within the slice. */
  private readonly recent: Float32Array;
  private readonly mixed: Float32Array;
  private next = 0;

  /**
   * @param networkDims voxels of the grid of the network
   * @param dims voxels of the volume
   * @param scale voxels of the network per voxel of the volume, along each axis
   */
  constructor(
    private readonly networkDims: Triple<number>,
    private readonly dims: Triple<number>,
    scale: Triple<number>,
    private readonly channels: number,
    private readonly take: ScoresOfSlice
  ) {
    this.inPlane = new PlaneResampling(
      networkDims,
      dims,
      linearTaps(networkDims[0], scale[0], dims[0]),
      linearTaps(networkDims[1], scale[1], dims[1])
    );
    this.alongK = linearTaps(networkDims[2], scale[2], dims[2]);
    this.plane = dims[0] * dims[1];
    this.recent = new Float32Array(2 * channels * this.plane);
    this.mixed = new Float32Array(channels * this.plane);
  }

  /** Slices of the network are given in their order, each once. */
  add(k: number, scores: Float32Array): void {
    if (!this.isNeeded(k)) return;
    const place = k % 2;
    const size = this.channels * this.plane;
    const given = this.networkDims[0] * this.networkDims[1];
    for (let channel = 0; channel < this.channels; channel++) {
      const start = place * size + channel * this.plane;
      this.inPlane.resample(
        scores.subarray(channel * given, (channel + 1) * given),
        this.recent.subarray(start, start + this.plane)
      );
    }
    const { index, weight } = this.alongK;
    for (; this.next < this.dims[2]; this.next++) {
      const [below, byBelow] = [index[2 * this.next] ?? 0, weight[2 * this.next] ?? 0];
      const byAbove = weight[2 * this.next + 1] ?? 0;
      const above = byAbove === 0 ? below : (index[2 * this.next + 1] ?? 0);
      if (above > k) return;
      mixTwo(this.recent, (below % 2) * size, byBelow, (above % 2) * size, byAbove, this.mixed, 0, size);
      this.take(this.next, this.mixed);
    }
  }

  /** Whether a slice of the volume that has not been made yet lies beside slice `k` of the network. */
  private isNeeded(k: number): boolean {
    const { index } = this.alongK;
    for (let m = this.next; m < this.dims[2] && (index[2 * m] ?? 0) <= k; m++) {
      if (index[2 * m] === k || index[2 * m + 1] === k) return true;
    }
    return false;
  }
}
