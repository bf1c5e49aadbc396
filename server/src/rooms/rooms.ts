import type { IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  IDENTITY_HEADER,
  type LabelMapFingerprint,
  type LabelMapHead,
  type NewSegment,
  type Person,
  type Segment,
  type SegmentChange
} from '@voxcord/schemas/api';
import { CloseCode, PROTOCOL_VERSION, formatRoomName, parseRoomName, type RoomName } from '@voxcord/schemas/rooms';
import { WebSocket } from 'ws';
import { IdentityError } from '../identity/identityError.js';
import { FoldPool } from '../labelmap/foldPool.js';
import type { FoldedLabels } from '../labelmap/foldRequests.js';
import type { FollowedLabels, LabelMapFollower, ReadLabelMap, SealedLabels } from '../labelmap/readLabelMap.js';
import { Connection } from './connection.js';
import { paintFor, type AskedStrokes } from './paintFor.js';
import { RoomError } from './roomError.js';
import { roomLabel } from './roomLabel.js';
import { withFields } from './roomLogger.js';
import { DEFAULT_ROOM_POLICY, type RoomPolicy } from './roomPolicy.js';
import { RoomSlot, type RoomLease } from './roomSlot.js';
import { createSocketServer, type RoomSocket } from './roomSocket.js';
import type { RoomInitial, RoomRights, RoomsOptions } from './roomTypes.js';
import { Visitors } from './visitors.js';
import { WorkShare } from './workShare.js';
import { addSegment, changeSegment, readSegments } from './segments.js';

/** The server's own fold of a read, for everything that is not a room. Rejects with `RoomError`. */
export interface ReadLabels {
  head(): Promise<LabelMapHead>;
  fingerprint(): Promise<LabelMapFingerprint>;
  fold(): Promise<FoldedLabels>;
  /** Folds old records into a base now, as far as the policy allows. Answers whether any were. */
  compact(): Promise<boolean>;
}

/** A read that somebody follows: its room stays in memory until they let go. */
export interface FollowedRead extends FollowedLabels {
  /** In number order, as they were when it began. */
  readonly segments: readonly Segment[];
  letGo(): void;
}

/** Who asks to join which room. */
interface JoinRequest {
  readonly name: RoomName;
  readonly token: string;
  readonly epoch: string | null;
  readonly protocolVersion: number;
}

class JoinRefused extends Error {
  constructor(
    readonly code: CloseCode,
    reason: string
  ) {
    super(reason);
  }
}

/** How long a peer may take to answer a close while the service stops, milliseconds. */
const GOODBYE = 200;

/** All rooms of the service. */
export class Rooms {
  readonly #policy: RoomPolicy;
  readonly #folds: FoldPool;
  readonly #sockets = createSocketServer();
  readonly #slots = new Map<string, RoomSlot>();
  readonly #connections = new Set<Connection>();
  readonly #visitors: Visitors;
  readonly #pinging: NodeJS.Timeout;
  #isShuttingDown = false;
  /** Counts how often anybody's rights may have changed. */
  #rightsChanged = 0;

  constructor(private readonly options: RoomsOptions) {
    this.#policy = { ...DEFAULT_ROOM_POLICY, ...options.policy };
    this.#visitors = new Visitors(this.#policy.maxConnectionsPerPerson, this.#policy.workPerPerson);
    this.#folds = new FoldPool(Math.min(2, Math.max(1, availableParallelism() - 1)), this.#policy.maxFoldBytes);
    this.#pinging = setInterval(() => {
      for (const connection of this.#connections) connection.ping();
    }, this.#policy.pingMilliseconds);
    this.#pinging.unref();
  }

  /** Takes over a request for `/rooms/<kind>:<id>`. Every refusal is a close code of the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, webSocket => {
      const ignore = (): void => undefined;
      webSocket.on('error', ignore);
      // What the peer says waits until it is known who it is.
      webSocket.pause();
      this.#join(webSocket, request).then(
        () => webSocket.off('error', ignore),
        (error: unknown) => this.#refuse(webSocket, error)
      );
    });
  }

  /** In number order. */
  readSegments(readId: string): Promise<Segment[]> {
    return this.#withRoom(readId, ({ room }) => Promise.resolve(readSegments(room)));
  }

  addSegment(readId: string, segment: NewSegment): Promise<Segment> {
    return this.#withRoom(readId, ({ room }) => addSegment(room, segment));
  }

  changeSegment(readId: string, number: number, change: SegmentChange): Promise<Segment> {
    return this.#withRoom(readId, lease => {
      const labelMap = labelMapOf(lease);
      return changeSegment(lease.room, number, change, segment => labelMap.isInBase(segment));
    });
  }

  labelMap(readId: string): ReadLabels {
    return {
      head: () => this.#withRoom(readId, lease => labelMapOf(lease).head()),
      fingerprint: () => this.#withRoom(readId, lease => labelMapOf(lease).fingerprint()),
      fold: () => this.#withRoom(readId, lease => labelMapOf(lease).fold()),
      compact: () => this.#withRoom(readId, lease => lease.caches.compact())
    };
  }

  /**
   * Paints strokes in the name of somebody who asks for it: `prepare` makes the records, from the clock that it is given
   * on. Answers whether it was done: not if the person may not paint there, or may not any more once they are made. Rejects
   * with `RoomError`, or with what `prepare` rejects with.
   */
  async paintFor(
    person: Person,
    readId: string,
    prepare: (lamport: number) => Promise<Omit<AskedStrokes, 'person'>>
  ): Promise<boolean> {
    const name: RoomName = { kind: 'read', id: readId };
    return this.#withRoom(readId, async ({ room }) => {
      if (room.isSealed) throw beingSubmitted();
      const asked = await prepare(room.loaded.ledger.highestLamport + 1);
      let rights: RoomRights;
      let known: number;
      do {
        known = this.#rightsChanged;
        rights = await this.options.authorise(person, name);
      } while (known !== this.#rightsChanged);
      if (!rights.mayJoin || !rights.mayWrite) return false;
      const share = new WorkShare(this.#policy.workPerPerson);
      await paintFor(room, { person, ...asked }, share);
      return true;
    });
  }

  /** Tells the follower what is painted in a read from now on. Rejects with `RoomError`. */
  async follow(readId: string, follower: LabelMapFollower): Promise<FollowedRead> {
    const lease = await this.#leaseOfRead(readId);
    try {
      const labelMap = labelMapOf(lease);
      const labels = await labelMap.follow(follower);
      const letGo = (): void => {
        labelMap.unfollow(follower);
        lease.release();
      };
      return { ...labels, segments: readSegments(lease.room), letGo };
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** Asks anew who may be in a room and write in it: somebody's role or the state of a read has changed. */
  async refreshRights(name: RoomName): Promise<void> {
    this.#rightsChanged += 1;
    const asked = formatRoomName(name);
    const members = [...this.#connections].filter(({ askedFor }) => askedFor === asked);
    await Promise.all(
      members.map(async member => {
        const rights = await this.options.authorise(member.person, name);
        if (!rights.mayJoin) member.close(rights.code, 'You may not be in this room any more.');
        else if (formatRoomName(rights.room ?? name) !== member.roomName) {
          member.close(CloseCode.notAllowed, 'You may not be in this room as before: open it again.');
        } else member.setMayWrite(rights.mayWrite && !member.isSealed);
      })
    );
  }

  /**
   * Lets nobody paint in a read while `work` runs on what is painted then: all that was acknowledged, and nothing that
   * comes later. Who may paint afterwards is asked anew. Rejects with `RoomError`, or with what `work` rejects with.
   */
  async whileSealed<Result>(readId: string, work: (painted: SealedLabels) => Promise<Result>): Promise<Result> {
    return this.#withRoom(readId, async lease => {
      const unseal = await lease.room.seal();
      try {
        return await work(await labelMapOf(lease).seal());
      } finally {
        unseal();
        await this.refreshRights({ kind: 'read', id: readId });
      }
    });
  }

  /** Lets everybody go and writes what is worth writing. Nothing that was acknowledged depends on it. */
  async shutdown(): Promise<void> {
    this.#isShuttingDown = true;
    clearInterval(this.#pinging);
    const slots = [...this.#slots.values()];
    await Promise.all(slots.map(slot => slot.settled()));
    const connections = [...this.#connections];
    for (const connection of connections) connection.close(CloseCode.shuttingDown, 'The service is restarting.');
    await Promise.all([...this.#slots.values()].map(slot => slot.unload()));
    await this.#folds.stop();
    // Everybody has been told; who has not answered by now is not waited for.
    await Promise.race([Promise.all(connections.map(({ closed }) => closed)), sleep(GOODBYE)]);
    for (const connection of connections) connection.terminate();
    this.#sockets.close();
  }

  async #join(socket: RoomSocket, request: IncomingMessage): Promise<void> {
    const asked = parseRequest(request);
    if (asked === null) throw new JoinRefused(CloseCode.gone, 'There is no such room.');
    const person = await this.options.identify(asked.token);
    let known = this.#rightsChanged;
    let rights = await this.#rightsOf(person, asked.name);
    if (asked.protocolVersion < PROTOCOL_VERSION) {
      throw new JoinRefused(CloseCode.olderClient, 'Reload the page: this program is newer than yours.');
    }
    const visitor = this.#visitors.arrive(person.username);
    if (visitor === null) throw new JoinRefused(CloseCode.tooSlow, 'You have too many connections: close some pages.');
    const end = (): void => this.#visitors.leave(person.username);
    let lease: RoomLease;
    try {
      const { initial } = rights;
      lease = await this.#lease(rights.room ?? asked.name, () => Promise.resolve(initial ?? null));
      // Rights may have changed while the room was loaded.
      while (known !== this.#rightsChanged) {
        known = this.#rightsChanged;
        rights = await this.#rightsOf(person, asked.name);
      }
    } catch (error) {
      end();
      throw error;
    }
    const leave = (): void => {
      end();
      lease.release();
    };
    try {
      if (lease.room.name !== formatRoomName(rights.room ?? asked.name)) {
        throw new JoinRefused(CloseCode.loadFailed, 'Your rights have changed: try again.');
      }
      if (asked.epoch !== null && asked.epoch !== lease.room.epoch) {
        throw new JoinRefused(CloseCode.otherEpoch, 'This room has another history than your copy.');
      }
      if (this.#isShuttingDown) throw new JoinRefused(CloseCode.shuttingDown, 'The service is restarting.');
      if (lease.room.members.size >= this.#policy.maxConnections) {
        throw new JoinRefused(CloseCode.tooSlow, 'The room is full: try again later.');
      }
    } catch (error) {
      leave();
      throw error;
    }
    if (socket.readyState !== WebSocket.OPEN) {
      leave();
      return;
    }
    const logger = withFields(this.options.logger, roomLabel(asked.name));
    const mayWrite = rights.mayWrite && !lease.room.isSealed;
    const askedFor = formatRoomName(asked.name);
    const connection = new Connection(
      socket,
      lease.room,
      askedFor,
      person,
      mayWrite,
      visitor.share,
      this.#policy,
      logger
    );
    connection.onGone = () => {
      this.#connections.delete(connection);
      leave();
    };
    this.#connections.add(connection);
    connection.start();
    socket.resume();
  }

  async #rightsOf(person: Person, name: RoomName): Promise<Extract<RoomRights, { mayJoin: true }>> {
    const rights = await this.options.authorise(person, name);
    if (!rights.mayJoin) throw new JoinRefused(rights.code, 'You may not join this room.');
    return rights;
  }

  #refuse(socket: RoomSocket, error: unknown): void {
    const { code, reason } = refusalOf(error);
    this.options.logger.info({ code }, 'joining a room was refused');
    if (code >= 4500) {
      this.options.logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'room not served');
    }
    socket.leave(code, reason);
  }

  async #withRoom<Result>(readId: string, work: (lease: RoomLease) => Promise<Result>): Promise<Result> {
    const lease = await this.#leaseOfRead(readId);
    try {
      return await work(lease);
    } finally {
      lease.release();
    }
  }

  #leaseOfRead(id: string): Promise<RoomLease> {
    const name: RoomName = { kind: 'read', id };
    return this.#lease(name, () => this.options.initial?.(name) ?? Promise.resolve(null));
  }

  async #lease(name: RoomName, initial: () => Promise<RoomInitial | null>): Promise<RoomLease> {
    const key = formatRoomName(name);
    for (;;) {
      if (this.#isShuttingDown) throw new RoomError('room.closed', 'The service is stopping: try again later.');
      let slot = this.#slots.get(key);
      if (slot !== undefined && !slot.isOpen) {
        await slot.gone;
        continue;
      }
      const isOwn = slot === undefined;
      slot ??= this.#open(key, name, initial);
      try {
        return await slot.lease();
      } catch (error) {
        // Somebody else asked first and did not know what the read starts with.
        if (isOwn || !(error instanceof RoomError) || error.code !== 'room.unknown') throw error;
      }
    }
  }

  #open(key: string, name: RoomName, initial: () => Promise<RoomInitial | null>): RoomSlot {
    const { store, logger, now = Date.now } = this.options;
    const slot = new RoomSlot(name, initial, {
      store,
      logger,
      now,
      onUpdate: this.options.onUpdate ?? (() => undefined),
      folds: this.#folds,
      policy: this.#policy
    });
    this.#slots.set(key, slot);
    void slot.gone.then(() => {
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
    });
    return slot;
  }
}

function beingSubmitted(): RoomError {
  return new RoomError('room.closed', 'The read is being submitted: nothing can be painted in it now.');
}

function labelMapOf({ caches }: RoomLease): ReadLabelMap {
  if (caches.labelMap === null) throw new RoomError('room.unknown', 'This room has no label map.');
  return caches.labelMap;
}

function parseRequest(request: IncomingMessage): JoinRequest | null {
  const url = new URL(request.url ?? '/', 'http://service');
  const match = /^\/rooms\/([^/]+)$/.exec(url.pathname);
  if (match?.[1] === undefined) return null;
  const name = parseRoomName(decode(match[1]));
  if (name === null) return null;
  const token = request.headers[IDENTITY_HEADER];
  const protocolVersion = url.searchParams.get('protocolVersion');
  return {
    name,
    token: typeof token === 'string' ? token : '',
    epoch: url.searchParams.get('epoch'),
    protocolVersion: protocolVersion === null ? PROTOCOL_VERSION : Number(protocolVersion)
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function refusalOf(error: unknown): { code: CloseCode; reason: string } {
  if (error instanceof JoinRefused) return { code: error.code, reason: error.message };
  if (error instanceof IdentityError) return { code: CloseCode.signIn, reason: error.message };
  if (error instanceof RoomError && error.code === 'room.unknown') {
    return { code: CloseCode.gone, reason: error.message };
  }
  if (error instanceof RoomError && error.code === 'room.closed') {
    return { code: CloseCode.shuttingDown, reason: error.message };
  }
  if (error instanceof RoomError && error.code === 'room.store-failed') {
    return { code: CloseCode.storeFailed, reason: error.message };
  }
  return { code: CloseCode.loadFailed, reason: 'The room could not be loaded: try again later.' };
}
