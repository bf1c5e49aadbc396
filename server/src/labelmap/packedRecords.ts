import type { RecordEntry } from '@voxcord/schemas/labelmap';

/** Records in four buffers, which threads hand over without copying. */
export interface PackedRecords {
  readonly clients: Float64Array<ArrayBuffer>;
  readonly clocks: Float64Array<ArrayBuffer>;
  /** Where each record ends in `bytes`. */
  readonly ends: Float64Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function packRecords(entries: readonly RecordEntry[]): PackedRecords {
  const clients = new Float64Array(entries.length);
  const clocks = new Float64Array(entries.length);
  const ends = new Float64Array(entries.length);
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + entry.bytes.length, 0));
  let end = 0;
  entries.forEach((entry, index) => {
    clients[index] = entry.id.client;
    clocks[index] = entry.id.clock;
    bytes.set(entry.bytes, end);
    end += entry.bytes.length;
    ends[index] = end;
  });
  return { clients, clocks, ends, bytes };
}

export function* unpackRecords({ clients, clocks, ends, bytes }: PackedRecords): Generator<RecordEntry> {
  let start = 0;
  for (const [index, client] of clients.entries()) {
    const end = ends[index] ?? start;
    yield { id: { client, clock: clocks[index] ?? 0 }, bytes: bytes.subarray(start, end) };
    start = end;
  }
}

export function buffersOf({ clients, clocks, ends, bytes }: PackedRecords): ArrayBuffer[] {
  return [clients.buffer, clocks.buffer, ends.buffer, bytes.buffer];
}
