import { forEachRun, readRecord, voxelCount, type Dims, type RecordEntry } from '@voxcord/schemas/labelmap';
import { UpdateReader } from '../../../src/rooms/updateReader.js';
import type { LogEntry } from '../../../src/store/store.js';

/** All records that ever came, from a log: compaction takes none out of it. */
export function recordsOfLog(entries: readonly LogEntry[]): RecordEntry[] {
  return entries
    .filter(({ author }) => author !== null)
    .flatMap(({ update }) => [...new UpdateReader(update).structs()])
    .flatMap(({ client, clock, bytes }) => (bytes === null ? [] : [{ id: { client, clock }, bytes }]));
}

/** The label map by its definition alone: sort by (lamport, client, clock), leave out what is hidden, paint. */
export function referenceFold(records: readonly RecordEntry[], dims: Dims): Uint8Array {
  const ordered = records
    .map(entry => ({ ...entry, record: readRecord(entry.bytes, dims) }))
    .sort((a, b) => a.record.lamport - b.record.lamport || a.id.client - b.id.client || a.id.clock - b.id.clock);
  const hidden = new Map<string, boolean>();
  for (const { record } of ordered) {
    if (record.kind === 'visibility') hidden.set(`${record.target.client}:${record.target.clock}`, record.hidden);
  }
  const bitmap = new Uint8Array(voxelCount(dims));
  for (const { id, bytes, record } of ordered) {
    if (record.kind !== 'stroke' || hidden.get(`${id.client}:${id.clock}`) === true) continue;
    forEachRun(bytes, dims, (start, length, stride) => {
      for (let voxel = 0; voxel < length; voxel++) bitmap[start + voxel * stride] = record.segment;
    });
  }
  return bitmap;
}
