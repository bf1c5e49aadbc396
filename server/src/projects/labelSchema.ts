import type { NewSegment, Segment } from '@voxcord/schemas/api';
import { lowestFreeNumber, makeSegment } from '../segments/newSegments.js';
import { ProjectError } from './errors.js';

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
      const number = segment.number ?? lowestFreeNumber(taken);
      if (number === null) throw new ProjectError('segments.full', 'A label schema has at most 255 segments.');
      taken.add(number);
      return makeSegment(number, segment);
    })
    .sort((a, b) => a.number - b.number);
}
