import { IdTable } from './idTable.js';
import type { RecordId } from './records.js';
import type { SnapshotFrontier } from './snapshot.js';
import { StrokeEntry } from './strokeEntry.js';
import type { VisibilityEntry } from './visibilityTable.js';

export type KnownRecord = StrokeEntry | VisibilityEntry;

export function isStrokeEntry(entry: KnownRecord): entry is StrokeEntry {
  return entry instanceof StrokeEntry;
}

/** The records that are not in the base, by id, and how far each log is known without a gap. */
export class RecordTable {
  private readonly records = new IdTable<KnownRecord>();
  private readonly contiguous = new Map<number, number>();

  get(id: RecordId): KnownRecord | undefined {
    return this.records.get(id);
  }

  add(entry: KnownRecord): void {
    this.records.set(entry.id, entry);
    this.advance(entry.id.client);
  }

  remove(entry: KnownRecord): void {
    this.records.delete(entry.id);
  }

  values(): Iterable<KnownRecord> {
    return this.records.values();
  }

  /** Each log's known records by clock. */
  logs(): Iterable<[number, ReadonlyMap<number, KnownRecord>]> {
    return this.records.byClient();
  }

  /** Records up to here are known from elsewhere: they are in a base. */
  skipTo(frontier: SnapshotFrontier): void {
    for (const [client, count] of Object.entries(frontier)) {
      const id = Number(client);
      if ((this.contiguous.get(id) ?? 0) < count) this.contiguous.set(id, count);
      this.advance(id);
    }
  }

  frontier(): Record<string, number> {
    const result: Record<string, number> = {};
    for (const [client, count] of [...this.contiguous].sort((a, b) => a[0] - b[0])) {
      if (count > 0) result[String(client)] = count;
    }
    return result;
  }

  /** How many records of a log are known without a gap. */
  known(client: number): number {
    return this.contiguous.get(client) ?? 0;
  }

  private advance(client: number): void {
    let clock = this.contiguous.get(client) ?? 0;
    while (this.records.get({ client, clock }) !== undefined) clock++;
    this.contiguous.set(client, clock);
  }
}
