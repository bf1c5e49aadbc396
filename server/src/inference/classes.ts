import { exponential } from './exponential.js';

/** Turns logits of one slice into probabilities, in place: one plane per channel. */
export function softmax(scores: Float32Array, channels: number): void {
  const plane = scores.length / channels;
  for (let n = 0; n < plane; n++) {
    let highest = scores[n] ?? 0;
    for (let at = n + plane; at < scores.length; at += plane) {
      const score = scores[at] ?? 0;
      if (score > highest) highest = score;
    }
    let sum = 0;
    for (let at = n; at < scores.length; at += plane) {
      const share = exponential((scores[at] ?? 0) - highest);
      scores[at] = share;
      sum += share;
    }
    for (let at = n; at < scores.length; at += plane) scores[at] = (scores[at] ?? 0) / sum;
  }
}

/** The channel with the highest score of each voxel of one slice, the lowest number if several are equal. */
export function strongestChannel(scores: Float32Array, channels: number, target: Uint8Array): void {
  const plane = scores.length / channels;
  for (let n = 0; n < plane; n++) {
    let strongest = 0;
    let highest = scores[n] ?? 0;
    for (let channel = 1; channel < channels; channel++) {
      const score = scores[channel * plane + n] ?? 0;
      if (score > highest) {
        highest = score;
        strongest = channel;
      }
    }
    target[n] = strongest;
  }
}
