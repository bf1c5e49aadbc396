import type { NewSegment, Segment } from '@voxcord/schemas/api';
import { ProjectError } from './errors.js';

/** Told apart by people with any colour vision; repeats after eight (Okabe and Ito, without black). */
const PALETTE = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#999999'] as const;

/** Completes a label schema: numbers that are missing are the lowest free ones, colours come from a palette. */
export function labelSchema(wanted: readonly NewSegment[]): Segment[] {
  const taken = new Set<number>();
  for (const { number } of wanted) {
    if (number === undefined) continue;
    if (taken.has(number)) {
      throw new ProjectError('segments.number-taken', `Two segments have the number ${number}. Give each its own.`);
    }
    taken.add(number);
  }
  return wanted
    .map(segment => {
      const number = segment.number ?? lowestFree(taken);
      taken.add(number);
      return {
        number,
        name: segment.name,
        colour: segment.colour ?? PALETTE[(number - 1) % PALETTE.length] ?? PALETTE[0],
        codes: segment.codes ?? [],
        retired: false
      };
    })
    .sort((a, b) => a.number - b.number);
}

function lowestFree(taken: ReadonlySet<number>): number {
  for (let number = 1; number <= 255; number++) {
    if (!taken.has(number)) return number;
  }
  throw new ProjectError('segments.full', 'A label schema has at most 255 segments.');
}
