import { deriveSeed, hash32, Random } from './random.js';
import type { Phase } from './tissues.js';

/** How the scanner turns tissue into CT numbers. */
export interface Acquisition {
  /** Standard deviation of the noise, HU. */
  readonly noiseSd: number;
  /** Correlation of the noise of points 0.8 mm apart in a slice; elsewhere as a Gaussian of the distance. */
  readonly inPlaneCorrelation: number;
  /** Correlation of the noise of neighbouring slices. */
  readonly betweenSlices: number;
  /** Standard deviation of the Gaussian blur in a slice, mm. */
  readonly blurMm: number;
  /** Share of each neighbouring slice that the slice profile lets in. */
  readonly sliceOverlap: number;
}

/** Drawn for one subject; each within what was measured on clinical scans. */
export function drawAcquisition(seed: number): Acquisition {
  const random = Random.for(seed, 'acquisition');
  return {
    noiseSd: random.between(10, 18),
    inPlaneCorrelation: random.between(0.66, 0.86),
    betweenSlices: random.between(0.21, 0.43),
    blurMm: random.between(0.5, 0.8),
    sliceOverlap: random.between(0.06, 0.12)
  };
}

const REFERENCE_MM = 0.8;

/** Weights of a Gaussian with a standard deviation in samples, from the middle outwards; their sum over both sides is 1. */
function gaussianWeights(sd: number): Float64Array {
  const reach = Math.max(1, Math.ceil(3.2 * sd));
  const weights = new Float64Array(reach + 1);
  let sum = 0;
  for (let n = 0; n <= reach; n++) {
    const weight = Math.exp(-(n * n) / (2 * sd * sd));
    weights[n] = weight;
    sum += n === 0 ? weight : 2 * weight;
  }
  return weights.map(weight => weight / sum);
}

/** Convolves rows of `width` samples; the edge samples go on beyond the edges. Reads `from`, writes `into`. */
function convolveRows(
  from: Float32Array,
  into: Float32Array,
  width: number,
  height: number,
  weights: Float64Array
): void {
  const reach = weights.length - 1;
  const middle = weights[0] ?? 1;
  for (let j = 0; j < height; j++) {
    const row = j * width;
    for (let i = 0; i < width; i++) {
      let sum = middle * (from[row + i] ?? 0);
      for (let n = 1; n <= reach; n++) {
        const left = i - n < 0 ? 0 : i - n;
        const right = i + n >= width ? width - 1 : i + n;
        sum += (weights[n] ?? 0) * ((from[row + left] ?? 0) + (from[row + right] ?? 0));
      }
      into[row + i] = sum;
    }
  }
}

function convolveColumns(
  from: Float32Array,
  into: Float32Array,
  width: number,
  height: number,
  weights: Float64Array
): void {
  const reach = weights.length - 1;
  const middle = weights[0] ?? 1;
  for (let j = 0; j < height; j++) {
    const row = j * width;
    for (let i = 0; i < width; i++) into[row + i] = middle * (from[row + i] ?? 0);
    for (let n = 1; n <= reach; n++) {
      const above = (j - n < 0 ? 0 : j - n) * width;
      const below = (j + n >= height ? height - 1 : j + n) * width;
      const weight = weights[n] ?? 0;
      for (let i = 0; i < width; i++) {
        into[row + i] = (into[row + i] ?? 0) + weight * ((from[above + i] ?? 0) + (from[below + i] ?? 0));
      }
    }
  }
}

/** Blurs slices as the scanner's optics and reconstruction do. */
export class InPlaneBlur {
  private readonly scratch: Float32Array;
  private readonly weights: readonly [Float64Array, Float64Array];

  constructor(
    private readonly width: number,
    private readonly height: number,
    blurMm: number,
    spacing: readonly [number, number]
  ) {
    this.scratch = new Float32Array(width * height);
    this.weights = [gaussianWeights(blurMm / spacing[0]), gaussianWeights(blurMm / spacing[1])];
  }

  /** In place. */
  apply(slice: Float32Array): void {
    convolveRows(slice, this.scratch, this.width, this.height, this.weights[0]);
    convolveColumns(this.scratch, slice, this.width, this.height, this.weights[1]);
  }
}

/**
 * Noise that is correlated in and between slices, with exactly the wanted standard deviation. Each sample comes from a
 * hash of its place, so that a slice is the same in whatever order slices are made.
 */
export class CorrelatedNoise {
  private readonly weights: readonly [Float64Array, Float64Array];
  private readonly gain: number;
  private readonly neighbour: number;
  private readonly seed: number;
  private readonly planes = new Map<number, Float32Array>();

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly acquisition: Acquisition,
    spacing: readonly [number, number],
    seed: number,
    phase: Phase
  ) {
    // A Gaussian kernel of standard deviation s gives white noise the autocorrelation exp(-d² / 4 s²).
    const sdMm = REFERENCE_MM / (2 * Math.sqrt(-Math.log(acquisition.inPlaneCorrelation)));
    this.weights = [gaussianWeights(sdMm / spacing[0]), gaussianWeights(sdMm / spacing[1])];
    const energy = (weights: Float64Array): number =>
      weights.reduce((sum, weight, n) => sum + (n === 0 ? 1 : 2) * weight * weight, 0);
    // Slices weighted a, 1, a correlate by 2a / (1 + 2a²) with their neighbours, solved for a.
    const r = acquisition.betweenSlices;
    this.neighbour = (1 - Math.sqrt(1 - 2 * r * r)) / (2 * r);
    this.gain =
      1 / (WHITE_SD * Math.sqrt(energy(this.weights[0]) * energy(this.weights[1]) * (1 + 2 * this.neighbour ** 2)));
    this.seed = deriveSeed(seed, `noise ${phase}`);
  }

  /** Adds the noise of slice k. */
  addTo(slice: Float32Array, k: number): void {
    const [below, here, above] = [this.plane(k - 1), this.plane(k), this.plane(k + 1)];
    for (const kept of this.planes.keys()) if (Math.abs(kept - k) > 1) this.planes.delete(kept);
    const scale = this.gain * this.acquisition.noiseSd;
    for (let n = 0; n < slice.length; n++) {
      const sum = (here[n] ?? 0) + this.neighbour * ((below[n] ?? 0) + (above[n] ?? 0));
      slice[n] = (slice[n] ?? 0) + scale * sum;
    }
  }

  private plane(k: number): Float32Array {
    const kept = this.planes.get(k);
    if (kept !== undefined) return kept;
    const reach = Math.max(this.weights[0].length, this.weights[1].length);
    const width = this.width + 2 * reach;
    const height = this.height + 2 * reach;
    const white = new Float32Array(width * height);
    const start = hash32(this.seed + Math.imul(k + 1, 0x9e3779b9));
    for (let n = 0; n < white.length; n++) {
      // The sum of four bytes is close enough to normal: the kernel adds many of them.
      const h = hash32(start ^ Math.imul(n + 1, 0x85ebca6b));
      white[n] = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510;
    }
    const rows = new Float32Array(white.length);
    convolveRows(white, rows, width, height, this.weights[0]);
    convolveColumns(rows, white, width, height, this.weights[1]);
    const plane = new Float32Array(this.width * this.height);
    for (let j = 0; j < this.height; j++) {
      const from = (j + reach) * width + reach;
      plane.set(white.subarray(from, from + this.width), j * this.width);
    }
    this.planes.set(k, plane);
    return plane;
  }
}

/** Of the sum of four independent bytes. */
const WHITE_SD = Math.sqrt((4 * (256 * 256 - 1)) / 12);
