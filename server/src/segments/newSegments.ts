import type { NewSegment, Segment } from '@voxcord/schemas/api';
import { paletteColour } from '../palette.js';

const HIGHEST_SEGMENT = 255;

/** A segment as it is kept; one without a colour gets that of its number. */
export function makeSegment(number: number, { name, colour, codes }: NewSegment): Segment {
  return { number, name, colour: colour ?? paletteColour(number - 1), codes: codes ?? [], retired: false };
}

/** The lowest number that no segment has; null if there is none. */
export function lowestFreeNumber(taken: ReadonlySet<number>): number | null {
  for (let number = 1; number <= HIGHEST_SEGMENT; number++) if (!taken.has(number)) return number;
  return null;
}
