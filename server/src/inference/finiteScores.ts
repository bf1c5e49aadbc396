import { InferenceError } from './errors.js';

/** Throws `InferenceError` (`inference.not-finite`) if any of the scores of a network is NaN or infinite. */
export function requireFinite(scores: Float32Array): void {
  // 0 times a finite number is 0, and anything else is no number.
  let sum = 0;
  for (let n = 0; n < scores.length; n++) sum += (scores[n] ?? 0) * 0;
  if (sum === 0) return;
  throw new InferenceError(
    'inference.not-finite',
    'The network answers with values that are no numbers (NaN or infinite), or so large that they cannot be averaged. The ' +
      'intensities that model.json asks for may not be those that it was trained with, or the weights are damaged: ask ' +
      'whoever made the model.'
  );
}
