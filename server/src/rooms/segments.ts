import type { NewSegment, Segment, SegmentChange } from '@voxcord/schemas/api';
import { listSegments, segmentsOf } from '@voxcord/schemas/rooms';
import type * as Y from 'yjs';
import { lowestFreeNumber, makeSegment } from '../segments/newSegments.js';
import type { Room } from './room.js';
import { RoomError } from './roomError.js';

/** Whether the read has a segment of this number, or had one before it was given another. */
export function isKnownSegment(doc: Y.Doc, segment: number): boolean {
  // Entries that were removed stay in the map's index.
  return segmentsOf(doc)._map.has(String(segment));
}

/**
 * Brings back segments whose numbers were given up, as somebody who did not know has painted with them. Their names are
 * gone with the number.
 */
export function restoreSegments(doc: Y.Doc, segments: Iterable<number>): void {
  for (const number of segments) {
    if (segmentsOf(doc).has(String(number))) continue;
    segmentsOf(doc).set(String(number), makeSegment(number, { name: `Segment ${number}` }));
  }
}

/** The segments of a read in number order. */
export function readSegments(room: Room): Segment[] {
  return listSegments(room.loaded.author.doc);
}

/** Rejects with `RoomError`: `segment.exists`, `segment.none-free`, `room.store-failed`. */
export async function addSegment(room: Room, segment: NewSegment): Promise<Segment> {
  const taken = new Set(readSegments(room).map(({ number }) => number));
  const number = segment.number ?? lowestFreeNumber(taken);
  if (number === null) throw new RoomError('segment.none-free', 'A label map has no room for another segment.');
  if (taken.has(number)) {
    throw new RoomError('segment.exists', `There is a segment ${number}: choose another number.`);
  }
  const added = makeSegment(number, segment);
  await room.writeAsServer(doc => segmentsOf(doc).set(String(number), added));
  return added;
}

/**
 * Changes a segment. Its number changes only while nothing was ever painted with the old one; `isInBase` tells it of
 * what is compacted. Rejects with `RoomError`: `segment.unknown`, `segment.exists`, `segment.in-use`, `room.store-failed`.
 */
export async function changeSegment(
  room: Room,
  number: number,
  change: SegmentChange,
  isInBase: (segment: number) => Promise<boolean>
): Promise<Segment> {
  const wanted = change.number ?? number;
  const isInUse = wanted !== number && (await isInBase(number));
  // Nothing is waited for from here on: what is accepted later finds the number gone.
  if (isInUse || (wanted !== number && room.loaded.ledger.paints(number))) {
    throw new RoomError('segment.in-use', `Segment ${number} is painted: its number cannot change any more.`);
  }
  const segments = readSegments(room);
  const present = segments.find(segment => segment.number === number);
  if (present === undefined) throw new RoomError('segment.unknown', `There is no segment ${number}.`);
  if (wanted !== number && segments.some(segment => segment.number === wanted)) {
    throw new RoomError('segment.exists', `There is a segment ${wanted}: choose another number.`);
  }
  const changed: Segment = { ...present, ...change, number: wanted };
  await room.writeAsServer(doc => {
    if (wanted !== number) segmentsOf(doc).delete(String(number));
    segmentsOf(doc).set(String(wanted), changed);
  });
  return changed;
}
