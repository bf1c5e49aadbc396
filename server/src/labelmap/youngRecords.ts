import { readRecord, type Dims } from '@voxcord/schemas/labelmap';
import type { LogEntry, UpdateLog } from '../store/store.js';
import { UpdateReader } from '../rooms/updateReader.js';

/**
 * Lowest lamport clock of the records that came since `since` (milliseconds since 1970); infinite if none came. Entries
 * of a log are in the order of time.
 */
export async function lowestLamportSince(
  log: UpdateLog,
  room: string,
  since: number,
  dims: Dims,
  serverClient: number
): Promise<number> {
  const last = (await log.findRoom(room))?.lastSequence ?? 0;
  const before = await lastEntryBefore(log, room, since, last);
  let lowest = Infinity;
  for await (const entries of log.read(room, before)) {
    for (const { update } of entries) {
      for (const { client, bytes } of new UpdateReader(update).structs()) {
        if (client === serverClient || bytes === null) continue;
        lowest = Math.min(lowest, readRecord(bytes, dims).lamport);
      }
    }
  }
  return lowest;
}

/** Sequence of the last entry that came before `time`; 0 if none did. */
async function lastEntryBefore(log: UpdateLog, room: string, time: number, last: number): Promise<number> {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const entry = await entryAt(log, room, middle);
    if (entry !== null && entry.time < time) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function entryAt(log: UpdateLog, room: string, sequence: number): Promise<LogEntry | null> {
  for await (const [entry] of log.read(room, sequence - 1)) return entry ?? null;
  return null;
}
