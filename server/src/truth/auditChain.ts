import type { AuditActor, AuditEntry, AuditSubject, JsonObject } from '@voxcord/schemas/files';
import { hashRecord } from './hashing.js';

/** What happened, before it has its place in the chain. */
export interface AuditEvent {
  readonly actor: AuditActor;
  /** Dotted: 'protocol.locked', 'read.submitted', 'signing.locked' ... */
  readonly action: string;
  readonly subject: AuditSubject;
  readonly details?: JsonObject;
}

/** The entry that follows `last` (null: the first of the chain), by a wall clock that shows `now`. */
export function nextEntry(chain: string, last: AuditEntry | null, event: AuditEvent, now: Date): AuditEntry {
  const wall = now.toISOString();
  const isSetBack = last !== null && wall < last.time;
  const unnamed: Omit<AuditEntry, 'hash'> = {
    chain,
    sequence: (last?.sequence ?? 0) + 1,
    previous: last?.hash ?? null,
    time: isSetBack ? last.time : wall,
    clock: isSetBack ? 'set-back' : 'steady',
    wall,
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    details: event.details ?? {}
  };
  return { ...unnamed, hash: hashRecord(unnamed) };
}

/** Where a part of a chain begins and where it must end. */
export interface AuditExpectation {
  readonly chain: string;
  readonly first: number;
  readonly previous: string | null;
  readonly last: number;
  readonly head: string;
}

export interface BrokenEntry {
  readonly sequence: number;
  readonly reason: string;
}

/** Follows a chain entry by entry, so that a log of any length can be checked as it is read. */
export class AuditCheck {
  #next: number;
  #last: AuditEntry | null = null;

  constructor(private readonly expected: AuditExpectation) {
    this.#next = expected.first;
  }

  /** Number of the entry that must come next. */
  get next(): number {
    return this.#next;
  }

  /** Null while the chain holds; else the entry that is broken and why. */
  add(entry: AuditEntry): BrokenEntry | null {
    const sequence = this.#next;
    const { hash, ...unnamed } = entry;
    if (hashRecord(unnamed) !== hash) return { sequence, reason: 'it was changed: its hash does not fit its content' };
    if (entry.chain !== this.expected.chain) return { sequence, reason: 'it belongs to the log of another project' };
    if (entry.sequence !== sequence) {
      return { sequence, reason: `it is missing: entry ${entry.sequence} stands in its place` };
    }
    const last = this.#last;
    const previous = last === null ? this.expected.previous : last.hash;
    if (entry.previous !== previous) {
      return last === null
        ? { sequence, reason: 'it does not follow the entry that should be before it' }
        : { sequence: last.sequence, reason: `it was replaced: entry ${sequence} follows another one` };
    }
    const reason = timeReason(entry, last);
    if (reason !== null) return { sequence, reason };
    this.#last = entry;
    this.#next = sequence + 1;
    return null;
  }

  /** Whether all that should be there was there. */
  end(): BrokenEntry | null {
    const { last, head } = this.expected;
    if (this.#next <= last) return { sequence: this.#next, reason: 'it is missing: the log ends before it' };
    if (this.#next > last + 1) return { sequence: last + 1, reason: 'it was added after the log was sealed' };
    if (this.#last?.hash !== head) return { sequence: last, reason: 'it was replaced: the sealed head is another one' };
    return null;
  }
}

function timeReason(entry: AuditEntry, last: AuditEntry | null): string | null {
  const isSetBack = entry.clock === 'set-back';
  if (last !== null && entry.time < last.time) return 'its time lies before that of the entry before it';
  const fits =
    last === null
      ? isSetBack
        ? entry.wall < entry.time
        : entry.wall === entry.time
      : isSetBack
        ? entry.wall < last.time && entry.time === last.time
        : entry.wall === entry.time;
  return fits ? null : 'its time and the state of its clock contradict each other';
}
