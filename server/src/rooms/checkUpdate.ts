import { checkRecord, LabelMapError, MAX_LAMPORT, MAX_RECORD_BYTES, readRecord } from '@voxcord/schemas/labelmap';
import type { Dims, LabelRecord } from '@voxcord/schemas/labelmap';
import { CloseCode, MAX_FRAME_BYTES, strokeLogName } from '@voxcord/schemas/rooms';
import { UpdateFormatError, UpdateReader } from './updateReader.js';
import type { DeletedRange, UpdateStruct } from './updateReader.js';
import type { LogAddition } from './updateWriter.js';

/**
 * How far ahead of everybody else a record's clock may be: what somebody has painted and not sent yet may come out of
 * order. Small enough that nobody can use up the clocks (`MAX_LAMPORT`) of a read.
 */
const LAMPORT_LEAP = 20_000;
/** Most records that are accepted at once: what follows would keep others waiting. */
const MOST_RECORDS = 1000;
/** Most record logs that one message may start or go on with. */
const MOST_LOGS = 64;

/** What a message is checked against: everything that was accepted before it. */
export interface AcceptedState {
  /** Null in rooms whose documents only the server writes. */
  readonly dims: Dims | null;
  readonly highestLamport: number;
  /** Structs of this client that the document has, or will have once all that was accepted is on disk. */
  length(client: number): number;
  /** Undefined if nobody has used this client id; null for the server's own. */
  ownerOf(client: number): string | null | undefined;
  lastLamport(client: number): number;
  /** The segment exists, or has existed: whoever paints with it may not know yet. */
  hasSegment(segment: number): boolean;
  /** The server itself has deleted the whole range. */
  isDeleted(range: DeletedRange): boolean;
}

export interface AcceptedLog extends LogAddition {
  readonly parsed: readonly LabelRecord[];
}

/** For each client of a message, how many of its structs must be on disk for the message to be. */
export type Requirements = ReadonlyMap<number, number>;

export type UpdateVerdict =
  /**
   * `logs` is empty if the server has all of it already. `isPart`: there is more, for which the message has to be checked
   * again once this is accepted.
   */
  | {
      readonly kind: 'accepted';
      readonly logs: readonly AcceptedLog[];
      readonly needs: Requirements;
      readonly isPart: boolean;
    }
  /** Records before these are missing: the sender has to be asked for them. */
  | { readonly kind: 'gap'; readonly needs: Requirements }
  | { readonly kind: 'refused'; readonly code: CloseCode; readonly reason: string };

class Refusal extends Error {
  constructor(
    readonly code: CloseCode,
    reason: string
  ) {
    super(reason);
  }
}

function forged(reason: string): Refusal {
  return new Refusal(CloseCode.forged, reason);
}

/**
 * Checks an update message of `username`. A client may append records to the logs of its own client ids and nothing
 * else; what the server has already is passed over, since a client that returns sends it again. Of records only their
 * headers are looked at: `checkContents` does the rest. Pure; time and memory are bounded by the size of a frame.
 */
export function checkUpdate(update: Uint8Array, state: AcceptedState, username: string): UpdateVerdict {
  try {
    if (update.length > MAX_FRAME_BYTES) throw new Refusal(CloseCode.tooLarge, 'The update is too large.');
    return new UpdateCheck(state, username).check(update);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, reason: error.message };
    if (error instanceof UpdateFormatError) {
      return { kind: 'refused', code: CloseCode.badMessage, reason: error.message };
    }
    if (error instanceof LabelMapError) return { kind: 'refused', code: CloseCode.forged, reason: error.message };
    throw error;
  }
}

/**
 * Checks what the records of accepted logs hold, one with each step: a few bytes may declare much work. Throws
 * `LabelMapError`.
 */
export function* checkContents(logs: readonly AcceptedLog[], dims: Dims): Generator<void, void> {
  for (const { records } of logs) {
    for (const record of records) {
      checkRecord(record, dims);
      yield;
    }
  }
}

interface NewLog {
  readonly client: number;
  readonly clock: number;
  readonly records: Uint8Array[];
  readonly parsed: LabelRecord[];
}

class UpdateCheck {
  readonly #needs = new Map<number, number>();
  readonly #logs = new Map<number, NewLog>();
  #hasGap = false;
  #left = MOST_RECORDS;
  #highestLamport: number;

  constructor(
    private readonly state: AcceptedState,
    private readonly username: string
  ) {
    this.#highestLamport = state.highestLamport;
  }

  check(update: Uint8Array): UpdateVerdict {
    const reader = new UpdateReader(update);
    for (const struct of reader.structs()) this.#struct(struct);
    for (const range of reader.deletions()) this.#deletion(range);
    if (this.#hasGap) return { kind: 'gap', needs: this.#needs };
    return { kind: 'accepted', logs: [...this.#logs.values()], needs: this.#needs, isPart: this.#left < 0 };
  }

  #struct(struct: UpdateStruct): void {
    const { client, clock, length } = struct;
    const end = clock + length;
    const known = this.#length(client);
    // A hole in what the sender has: what comes behind it, if anything, will not connect.
    if (struct.content === 'skip') return;
    if (end <= known) {
      this.#require(client, end);
      return;
    }
    this.#checkOwn(struct, clock);
    this.#require(client, end);
    if (this.#hasGap || this.#left < 0) return;
    if (clock > known) this.#hasGap = true;
    else if (--this.#left >= 0) this.#record(struct);
  }

  #checkOwn({ client, content, bytes, origin, hasRightOrigin, hasParentKey, root }: UpdateStruct, clock: number): void {
    if (this.state.dims === null) throw new Refusal(CloseCode.notAllowed, 'Only the server writes in this room.');
    const owner = this.state.ownerOf(client);
    if (owner !== undefined && owner !== this.username) throw forged("These records carry somebody else's client id.");
    if (content !== 'binary' || bytes === null) throw forged('A record log holds records and nothing else.');
    if (hasRightOrigin || hasParentKey) throw forged('Records are appended at the end of their log.');
    const isNext =
      clock === 0
        ? origin === null && root === strokeLogName(client)
        : origin !== null && origin.client === client && origin.clock === clock - 1;
    if (!isNext) throw forged('Records are appended to the log of their own client id.');
    if (bytes.length > MAX_RECORD_BYTES) throw forged('A record is too large: split it.');
  }

  #record({ client, clock, bytes }: UpdateStruct): void {
    const { dims } = this.state;
    if (bytes === null || dims === null) return;
    const parsed = readRecord(bytes, dims);
    const log = this.#log(client, clock);
    const previous = log.parsed.at(-1)?.lamport ?? this.state.lastLamport(client);
    if (parsed.lamport <= previous) throw forged('The clocks of a log must rise.');
    if (parsed.lamport > Math.min(MAX_LAMPORT, this.#highestLamport + LAMPORT_LEAP)) {
      throw forged('The clock of a record is too far ahead.');
    }
    if (parsed.kind === 'stroke') {
      if (parsed.segment !== 0 && !this.state.hasSegment(parsed.segment)) {
        throw forged(`Segment ${parsed.segment} does not exist.`);
      }
    } else {
      const { target } = parsed;
      if (target.clock >= this.#length(target.client)) throw forged('Undo and redo need a stroke that exists.');
      const owner = target.client === client ? this.username : this.state.ownerOf(target.client);
      if (owner !== this.username) throw forged("Nobody can undo somebody else's stroke.");
    }
    this.#highestLamport = Math.max(this.#highestLamport, parsed.lamport);
    log.records.push(bytes);
    log.parsed.push(parsed);
  }

  #deletion(range: DeletedRange): void {
    if (range.length === 0) return;
    if (!this.state.isDeleted(range)) throw forged('Only the server deletes.');
  }

  #log(client: number, clock: number): NewLog {
    let log = this.#logs.get(client);
    if (log === undefined) {
      if (this.#logs.size === MOST_LOGS) throw new Refusal(CloseCode.badMessage, 'The update has too many logs.');
      log = { client, clock, records: [], parsed: [] };
      this.#logs.set(client, log);
    }
    return log;
  }

  /** Including what this message itself has brought so far. */
  #length(client: number): number {
    const log = this.#logs.get(client);
    return log === undefined ? this.state.length(client) : log.clock + log.records.length;
  }

  #require(client: number, end: number): void {
    const needed = this.#needs.get(client);
    if (needed === undefined || needed < end) this.#needs.set(client, end);
  }
}
