import { PhantomError } from '../errors.js';
import { Random } from '../random.js';

/** What a coin reader is: known exactly. */
export interface CoinOptions {
  readonly sensitivity: number;
  readonly specificity: number;
  readonly seed: number;
  /** Voxels that are read (not 0); left out: all. Others stay 0. */
  readonly region?: Uint8Array;
}

/**
 * A reader who throws a coin for each voxel, independently of all others: marks a voxel of the truth with the
 * probability `sensitivity`, another one with 1 - `specificity`. This is what STAPLE assumes of readers, so that its
 * estimates can be judged. Throws `PhantomError` (`phantom.reader`) if these are no probabilities.
 *
 * @param truth 0 outside; any other number inside, and the mask's number there is that of `mark`
 */
export function coinReader(truth: Uint8Array, options: CoinOptions, mark = 1): Uint8Array {
  const { sensitivity, specificity, region } = options;
  for (const probability of [sensitivity, specificity]) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new PhantomError('phantom.reader', `${probability} is no probability: give a number from 0 to 1.`);
    }
  }
  const random = Random.for(options.seed, 'coins');
  const mask = new Uint8Array(truth.length);
  for (let n = 0; n < truth.length; n++) {
    if (region !== undefined && region[n] === 0) continue;
    const marks = random.uniform() < (truth[n] === 0 ? 1 - specificity : sensitivity);
    if (marks) mask[n] = mark;
  }
  return mask;
}
