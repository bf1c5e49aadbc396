import type { RecordEntry } from '@voxcord/schemas/labelmap';
import { CloseCode, aboutOf, sessionsOf } from '@voxcord/schemas/rooms';
import type { About } from '@voxcord/schemas/rooms';
import * as Y from 'yjs';
import type { UpdateLog } from '../store/store.js';
import { checkContents, checkUpdate } from './checkUpdate.js';
import type { AcceptedLog, AcceptedState, UpdateVerdict } from './checkUpdate.js';
import { CommitQueue } from './commitQueue.js';
import { updateFrame } from './frames.js';
import type { LoadedRoom } from './loadRoom.js';
import type { RoomMember } from './member.js';
import { PresenceBoard } from './presenceBoard.js';
import { RoomError } from './roomError.js';
import type { RoomLogger } from './roomLogger.js';
import type { RoomPolicy } from './roomPolicy.js';
import { isKnownSegment, restoreSegments } from './segments.js';
import type { DeletedRange } from './updateReader.js';
import { encodeDeletions, encodeRecords } from './updateWriter.js';

type Accepted = Extract<UpdateVerdict, { kind: 'accepted' }>;

/** What a room tells whoever runs it. */
export interface RoomEvents {
  /** The log could not be written: the room serves nobody any more. */
  failed(error: unknown): void;
  /** An update has come, and is dealt with next. */
  received(): void;
  /** Records are durable and in the document. */
  recordsApplied(entries: readonly RecordEntry[]): void;
  /** An update is durable and in the document. */
  applied(sequence: number): void;
}

/** A room while it is served: its document, the people in it, and the way of an update from a message to all others. */
export class Room {
  readonly members = new Set<RoomMember>();
  readonly presence: PresenceBoard<RoomMember>;
  readonly commits: CommitQueue;
  readonly #accepted: AcceptedState;
  readonly #awaited = new Set<(error: RoomError) => void>();
  #sequence: number;
  #seals = 0;

  constructor(
    /** `read:<id>` or `case:<id>`. */
    readonly name: string,
    readonly loaded: LoadedRoom,
    private readonly log: UpdateLog,
    policy: RoomPolicy,
    private readonly logger: RoomLogger,
    private readonly events: RoomEvents
  ) {
    this.#sequence = loaded.sequence;
    const { presenceMilliseconds, maxPresenceBytes } = policy;
    this.presence = new PresenceBoard(presenceMilliseconds, maxPresenceBytes, this.members, client =>
      loaded.ledger.ownerOf(client)
    );
    this.#accepted = acceptedState(loaded, this.presence);
    this.commits = new CommitQueue(log, name, error => this.#fail(error));
  }

  get epoch(): string {
    return this.loaded.epoch;
  }

  /** What is durable. For reading only. */
  get doc(): Y.Doc {
    return this.loaded.doc;
  }

  /** Of the newest update in the document. */
  get sequence(): number {
    return this.#sequence;
  }

  get hasFailed(): boolean {
    return this.commits.hasFailed;
  }

  /** Nobody paints here for now. */
  get isSealed(): boolean {
    return this.#seals > 0;
  }

  /**
   * Accepts no more records. Resolves when all that were accepted are durable and in the document, with how to end it.
   * Rejects with `RoomError` (`room.store-failed`).
   */
  async seal(): Promise<() => void> {
    this.#seals += 1;
    const unseal = (): void => void (this.#seals -= 1);
    for (const member of this.members) member.setMayWrite(false);
    while (this.commits.isBusy) await this.commits.settled();
    if (!this.hasFailed) return unseal;
    unseal();
    throw storeFailed();
  }

  leave(member: RoomMember): void {
    if (!this.members.delete(member)) return;
    this.presence.remove(member);
  }

  /** An update message. A promise while it is not dealt with: the next message has to wait until then. */
  receive(member: RoomMember, update: Uint8Array): Promise<void> | undefined {
    this.events.received();
    const verdict = this.#check(member, update);
    if (verdict === null) return undefined;
    const preparing = this.#prepare(member, verdict);
    if (preparing !== undefined || verdict.isPart) return this.#receiveInTurns(member, update, verdict, preparing);
    void this.#accept(member, verdict, update.length);
    return undefined;
  }

  /**
   * Changes what only the server writes. Resolves when the change is durable and in the document. `also` is merged into
   * the same entry of the log.
   */
  writeAsServer(write: (doc: Y.Doc) => void, also?: Uint8Array): Promise<void> {
    if (this.hasFailed) return Promise.reject(storeFailed());
    const change = this.loaded.author.change(write);
    if (change === null && also === undefined) return Promise.resolve();
    const update = Y.mergeUpdates([change, also ?? null].filter(part => part !== null));
    return new Promise((resolve, reject) => {
      this.#awaited.add(reject);
      this.commits.commit(null, update, sequence => {
        this.#awaited.delete(reject);
        this.#apply(update, sequence, null);
        resolve();
      });
    });
  }

  /** Names the base and deletes the records that are folded into it, in one entry of the log. */
  async compact(base: NonNullable<About['base']>, frontier: Readonly<Record<string, number>>): Promise<void> {
    const ranges: DeletedRange[] = [];
    for (const [key, length] of Object.entries(frontier)) {
      const client = Number(key);
      const clock = this.#ledger.compacted(client);
      if (length > this.#ledger.durable(client)) throw new Error('A base holds records that are not durable.');
      if (length > clock) ranges.push({ client, clock, length: length - clock });
    }
    for (const { client, clock, length } of ranges) this.#ledger.markCompacted(client, clock + length);
    await this.writeAsServer(doc => aboutOf(doc).set('base', base), encodeDeletions(ranges));
  }

  /** Whether the member paints under this client id, as far as anybody knows. */
  mayPreview(member: RoomMember, client: number): boolean {
    const owner = this.#ledger.ownerOf(client);
    if (owner !== undefined) return owner === member.person.username;
    return this.loaded.dims !== null && this.presence.clientOf(member) === client;
  }

  /** Ends the room for everybody in it. */
  closeAll(code: CloseCode, reason: string): void {
    for (const member of [...this.members]) member.close(code, reason);
  }

  dispose(): void {
    this.presence.dispose();
    this.doc.destroy();
  }

  get #ledger(): LoadedRoom['ledger'] {
    return this.loaded.ledger;
  }

  /** What is accepted; everything else has been dealt with. */
  #check(member: RoomMember, update: Uint8Array): Accepted | null {
    if (this.hasFailed || !this.members.has(member)) return null;
    const verdict = checkUpdate(update, this.#accepted, member.person.username);
    if (verdict.kind === 'refused') {
      member.close(verdict.code, verdict.reason);
      return null;
    }
    if (!member.mayWrite && (verdict.kind === 'gap' || verdict.logs.length > 0)) {
      member.close(CloseCode.notAllowed, 'You may look at this read, not paint in it.');
      return null;
    }
    if (verdict.kind === 'gap') {
      member.acknowledgements.add(verdict.needs, 0);
      member.askForMissing(Y.encodeStateVector(this.doc));
      return null;
    }
    return verdict;
  }

  /** Part by part, each of them once it is prepared; others are served in between. */
  async #receiveInTurns(
    member: RoomMember,
    update: Uint8Array,
    first: Accepted,
    preparing: Promise<void> | undefined
  ): Promise<void> {
    let verdict: Accepted | null = first;
    let pending = preparing;
    while (verdict !== null) {
      if (pending === undefined) {
        const stored = this.#accept(member, verdict, update.length);
        if (!verdict.isPart) return;
        await stored;
        await member.turns.next();
        verdict = this.#check(member, update);
        pending = verdict === null ? undefined : this.#prepare(member, verdict);
      } else {
        await pending;
        // Meanwhile some of it may have come on another connection: what was prepared must be what is accepted.
        const again = this.#check(member, update);
        pending = again === null || isSame(again, verdict) ? undefined : this.#prepare(member, again);
        verdict = again;
      }
    }
  }

  /** What has to be done before these records can be accepted; undefined if nothing is left of it. */
  #prepare(member: RoomMember, { logs }: Accepted): Promise<void> | undefined {
    const { dims, author } = this.loaded;
    const checking = dims === null ? undefined : member.turns.doAll(checkContents(logs, dims));
    const sessions = sessionsOf(author.doc);
    const unknown = logs.map(log => log.client).filter(client => !sessions.has(String(client)));
    if (unknown.length === 0) return checking;
    return checking === undefined ? this.#begin(member, unknown) : checking.then(() => this.#begin(member, unknown));
  }

  /** A client id that nobody has used becomes this person's, and is made known, before its first record is accepted. */
  async #begin({ person }: RoomMember, clients: readonly number[]): Promise<void> {
    const { username, displayName, colour } = person;
    for (const client of clients) this.#ledger.claim(client, username);
    try {
      for (const client of clients) {
        const owner = await this.log.claimClient(this.name, client, username);
        if (owner !== username) throw new Error('A client id is bound to somebody else on disk.');
      }
    } catch (error) {
      this.commits.fail(error);
      return;
    }
    const since = new Date().toISOString();
    this.writeAsServer(doc => {
      for (const client of clients) sessionsOf(doc).set(String(client), { username, displayName, colour, since });
    }).catch(() => undefined);
  }

  /** Resolves when the records are durable and in the document; never if they cannot be stored. */
  #accept(member: RoomMember, { logs, needs, isPart }: Accepted, bytes: number): Promise<void> {
    if (!isPart) member.acknowledgements.add(needs, bytes);
    if (logs.length === 0) {
      this.#acknowledge(member);
      return Promise.resolve();
    }
    this.#restoreSegments(logs);
    for (const { client, parsed } of logs) for (const record of parsed) this.#ledger.accept(client, record);
    const update = encodeRecords(logs);
    return new Promise(resolve => {
      this.commits.commit(member.person.username, update, sequence => {
        member.turns.take(() => {
          for (const { client, clock, records } of logs) this.#ledger.markDurable(client, clock + records.length);
          this.#apply(update, sequence, member);
          this.events.recordsApplied(entriesOf(logs));
          for (const other of this.members) this.#acknowledge(other);
        });
        resolve();
      });
    });
  }

  #restoreSegments(logs: readonly AcceptedLog[]): void {
    const painted = new Set<number>();
    for (const { parsed } of logs) {
      for (const record of parsed) if (record.kind === 'stroke' && record.segment !== 0) painted.add(record.segment);
    }
    // It is before the strokes in the log; if it cannot be written, they are not either.
    this.writeAsServer(doc => restoreSegments(doc, painted)).catch(() => undefined);
  }

  #apply(update: Uint8Array, sequence: number, sender: RoomMember | null): void {
    Y.applyUpdate(this.doc, update);
    if (this.doc.store.pendingStructs !== null) throw new Error('An update does not follow what the document has.');
    this.#sequence = sequence;
    const frame = updateFrame(update);
    for (const member of this.members) if (member !== sender && member.isSynced) member.send(frame);
    this.events.applied(sequence);
  }

  #acknowledge(member: RoomMember): void {
    const { author } = this.loaded;
    const durable = (client: number): number =>
      client === author.client ? Number.MAX_SAFE_INTEGER : this.#ledger.durable(client);
    if (member.acknowledgements.advance(durable)) member.acknowledge();
  }

  #fail(error: unknown): void {
    for (const reject of this.#awaited) reject(storeFailed());
    this.#awaited.clear();
    this.logger.error({ error: error instanceof Error ? error.message : String(error) }, 'room could not be stored');
    this.closeAll(CloseCode.storeFailed, 'The change could not be stored. Nothing that was acknowledged is lost.');
    this.events.failed(error);
  }
}

function acceptedState({ author, ledger, dims }: LoadedRoom, presence: PresenceBoard<RoomMember>): AcceptedState {
  return {
    dims,
    get highestLamport() {
      return ledger.highestLamport;
    },
    length: client => (client === author.client ? author.length : ledger.length(client)),
    // Shown to the others before the first stroke: from then on nobody else may paint under it.
    ownerOf: client => (client === author.client ? null : (ledger.ownerOf(client) ?? presence.userOf(client))),
    lastLamport: client => ledger.lastLamport(client),
    hasSegment: segment => isKnownSegment(author.doc, segment),
    isDeleted: range => (range.client === author.client ? author.hasDeleted(range) : ledger.isCompacted(range))
  };
}

/** Whether both are about the same records of one message. */
function isSame(a: Accepted, b: Accepted): boolean {
  return (
    a.logs.length === b.logs.length &&
    a.logs.every(({ client, clock, records }, index) => {
      const other = b.logs[index];
      return other?.client === client && other.clock === clock && other.records.length === records.length;
    })
  );
}

function entriesOf(logs: readonly AcceptedLog[]): RecordEntry[] {
  return logs.flatMap(({ client, clock, records }) =>
    records.map((bytes, index) => ({ id: { client, clock: clock + index }, bytes }))
  );
}

function storeFailed(): RoomError {
  return new RoomError('room.store-failed', 'The change could not be stored: check the disk, then try again.');
}
