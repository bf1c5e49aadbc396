import type { OutlineOverlay } from '../viewer/index.js';

/** How a reader is told apart: never by colour alone. */
export interface ReaderLook {
  /** `#rrggbb`; apart for every colour vision, light enough for a dark image. */
  readonly colour: string;
  readonly pattern: readonly number[];
  readonly letterAt: OutlineOverlay['letterAt'];
}

const LOOKS: readonly ReaderLook[] = [
  { colour: '#e69f00', pattern: [], letterAt: 'top' },
  { colour: '#cc79a7', pattern: [9, 5], letterAt: 'right' },
  { colour: '#00b583', pattern: [2, 4], letterAt: 'bottom' },
  { colour: '#f0e442', pattern: [10, 4, 2, 4], letterAt: 'left' },
  { colour: '#ff7f50', pattern: [5, 3], letterAt: 'top' },
  { colour: '#b3a2f7', pattern: [14, 4], letterAt: 'right' }
];

/** What is decided: the consensus, or the adjudicated truth. */
export const TRUTH_COLOUR = '#56b4e9';

/** `letter`: A, B ... Z, AA ... */
export function lookOfReader(letter: string): ReaderLook {
  return LOOKS[numberOfLetter(letter) % LOOKS.length] ?? { colour: '#ffffff', pattern: [], letterAt: 'top' };
}

/** A 0, B 1 ... Z 25, AA 26 ... */
export function numberOfLetter(letter: string): number {
  let number = 0;
  for (const part of letter) number = number * 26 + (part.charCodeAt(0) - 64);
  return number - 1;
}
