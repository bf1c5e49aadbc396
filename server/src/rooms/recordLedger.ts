import { MAX_LAMPORT, type LabelRecord } from '@voxcord/schemas/labelmap';
import type { DeletedRange } from './updateReader.js';

/** What is known of one record log. */
interface LogState {
  owner: string;
  /** Records accepted, of which `durable` are on disk. */
  length: number;
  durable: number;
  lastLamport: number;
  /** So many records, from the first on, are compacted and no longer in the document. */
  compacted: number;
}

/**
 * What the server has accepted into a read's record logs, ahead of what is on disk: so that the next message can be
 * checked while earlier ones are being written.
 */
export class RecordLedger {
  readonly #logs = new Map<number, LogState>();
  readonly #segments = new Set<number>();
  #highestLamport = 0;

  get highestLamport(): number {
    return this.#highestLamport;
  }

  /** Records that are on disk and in the document. */
  get liveRecords(): number {
    return [...this.#logs.values()].reduce((sum, log) => sum + log.durable - log.compacted, 0);
  }

  /** Records that are on disk, compacted ones too. */
  get durableRecords(): number {
    return [...this.#logs.values()].reduce((sum, log) => sum + log.durable, 0);
  }

  ownerOf(client: number): string | undefined {
    return this.#logs.get(client)?.owner;
  }

  /** Binds a client id to a person; the first one keeps it. */
  claim(client: number, username: string): void {
    if (this.#logs.has(client)) return;
    this.#logs.set(client, { owner: username, length: 0, durable: 0, lastLamport: 0, compacted: 0 });
  }

  length(client: number): number {
    return this.#logs.get(client)?.length ?? 0;
  }

  durable(client: number): number {
    return this.#logs.get(client)?.durable ?? 0;
  }

  lastLamport(client: number): number {
    return this.#logs.get(client)?.lastLamport ?? 0;
  }

  compacted(client: number): number {
    return this.#logs.get(client)?.compacted ?? 0;
  }

  isCompacted({ client, clock, length }: DeletedRange): boolean {
    return clock + length <= (this.#logs.get(client)?.compacted ?? 0);
  }

  /** Whether a record, hidden or not, on disk or on its way there, paints this segment; compacted ones may not count. */
  paints(segment: number): boolean {
    return this.#segments.has(segment);
  }

  /** The document has this record. */
  note(record: LabelRecord): void {
    if (record.kind === 'stroke') this.#segments.add(record.segment);
  }

  accept(client: number, record: LabelRecord): void {
    const log = this.#log(client);
    log.length += 1;
    log.lastLamport = record.lamport;
    this.note(record);
    this.#highestLamport = Math.max(this.#highestLamport, record.lamport);
  }

  markDurable(client: number, length: number): void {
    const log = this.#log(client);
    log.durable = Math.max(log.durable, length);
  }

  /** For a log that was loaded: all of it is durable. */
  restore(client: number, log: { length: number; lastLamport: number; compacted: number }): void {
    Object.assign(this.#log(client), log, { durable: log.length });
    this.#highestLamport = Math.max(this.#highestLamport, log.lastLamport);
  }

  /** Everything up to this clock has been given away already, even if its record is compacted. */
  raiseLamport(lamport: number): void {
    this.#highestLamport = Math.min(MAX_LAMPORT, Math.max(this.#highestLamport, lamport));
  }

  markCompacted(client: number, length: number): void {
    const log = this.#log(client);
    log.compacted = Math.max(log.compacted, length);
  }

  #log(client: number): LogState {
    const log = this.#logs.get(client);
    if (log === undefined) throw new Error('This record log belongs to nobody.');
    return log;
  }
}
