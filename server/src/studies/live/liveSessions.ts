import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { IDENTITY_HEADER, type Person } from '@voxcord/schemas/api';
import { voxelCount } from '@voxcord/schemas/labelmap';
import { CloseCode, parseLiveName } from '@voxcord/schemas/rooms';
import { WebSocket } from 'ws';
import { IdentityError } from '../../identity/identityError.js';
import type { IdentityVerifier } from '../../identity/identityVerifier.js';
import { ProjectError } from '../../projects/errors.js';
import type { RoomLogger } from '../../rooms/roomLogger.js';
import { createSocketServer, type RoomSocket } from '../../rooms/roomSocket.js';
import { StudyError } from '../errors.js';
import { liveBytes } from './liveBytes.js';
import { MOST_READERS, type LiveGrid, type LivePlan } from './livePlan.js';
import { DEFAULT_LIVE_POLICY, type LivePolicy } from './livePolicy.js';
import { LiveSession, type LiveReadsPort } from './liveSession.js';
import { Watcher } from './watcher.js';

export interface LiveParts {
  /** Verifies header `x-voxcord-identity` of a request to watch. */
  readonly identify: IdentityVerifier;
  /** What there is to watch for a person; null: nothing. May reject with `ProjectError`, `StudyError`. */
  readonly plan: (person: Person, caseId: string) => Promise<LivePlan | null>;
  readonly gridOf: (plan: LivePlan) => Promise<LiveGrid>;
  readonly reads: LiveReadsPort;
  readonly logger: RoomLogger;
  readonly policy?: Partial<LivePolicy>;
}

interface Allowed {
  readonly plan: LivePlan;
  readonly grid: LiveGrid;
}

class WatchRefused extends Error {
  constructor(
    readonly code: CloseCode,
    reason: string
  ) {
    super(reason);
  }
}

/** How long a peer may take to answer a close while the service stops, milliseconds. */
const GOODBYE = 200;

/** Whoever may not watch, and whoever asks for what is not there, is told this and nothing else. */
const NOTHING_HERE = 'There is no live consensus here for you.';

/** Every live consensus of the service, and who watches it. */
export class LiveSessions {
  readonly #policy: LivePolicy;
  readonly #sockets = createSocketServer();
  /** By case. */
  readonly #sessions = new Map<string, LiveSession>();
  readonly #watchers = new Set<Watcher>();
  /** Those that have ended and still stop. */
  readonly #stopping = new Set<Promise<void>>();
  readonly #pinging: NodeJS.Timeout;
  #isClosed = false;
  /** Counts how often anybody's rights may have changed. */
  #rightsChanged = 0;

  constructor(private readonly parts: LiveParts) {
    this.#policy = { ...DEFAULT_LIVE_POLICY, ...parts.policy };
    this.#pinging = setInterval(() => {
      for (const watcher of this.#watchers) watcher.ping();
    }, this.#policy.pingMilliseconds);
    this.#pinging.unref();
  }

  /** Takes over a request for `/rooms/live:<case>`. Every refusal is a close code of the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, webSocket => {
      const ignore = (): void => undefined;
      webSocket.on('error', ignore);
      webSocket.pause();
      this.#join(webSocket, request).then(
        () => webSocket.off('error', ignore),
        (error: unknown) => this.#refuse(webSocket, error)
      );
    });
  }

  /** Reads, rules or rights of a case may have changed. */
  async refresh(caseId: string): Promise<void> {
    this.#rightsChanged += 1;
    const watchers = [...this.#watchers].filter(watcher => watcher.caseId === caseId);
    await Promise.all(
      watchers.map(async watcher => {
        const plan = await this.#planFor(watcher.person, caseId).catch(() => null);
        if (plan === null) watcher.close(CloseCode.gone, NOTHING_HERE);
        else if (this.#sessions.get(caseId)?.plan.key !== plan.key) this.#endOutdated(caseId, plan.key);
      })
    );
  }

  /** Lets everybody go and stops all threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#pinging);
    const watchers = [...this.#watchers];
    for (const session of [...this.#sessions.values()]) {
      session.end(CloseCode.shuttingDown, 'The service is restarting.');
    }
    await Promise.all(this.#stopping);
    await Promise.race([Promise.all(watchers.map(({ closed }) => closed)), sleep(GOODBYE)]);
    for (const watcher of watchers) watcher.terminate();
    this.#sockets.close();
  }

  async #join(socket: RoomSocket, request: IncomingMessage): Promise<void> {
    const caseId = caseOf(request);
    const token = request.headers[IDENTITY_HEADER];
    const person = await this.parts.identify(typeof token === 'string' ? token : '');
    if (caseId === null) throw nothingHere();
    const { plan, grid } = await this.#allowed(person, caseId);
    // From here on nothing is waited for: the rights are those of this moment.
    if (socket.readyState !== WebSocket.OPEN) return;
    const own = [...this.#watchers].filter(watcher => watcher.person.username === person.username);
    if (own.length >= this.#policy.maxWatchersPerPerson) {
      throw new WatchRefused(CloseCode.tooSlow, 'You have too many connections: close some pages.');
    }
    this.#endOutdated(caseId, plan.key);
    const session = this.#sessions.get(caseId) ?? this.#open(plan, grid);
    const watcher = new Watcher(socket, person, caseId, this.#policy.maxUnsentBytes);
    this.#watchers.add(watcher);
    watcher.onGone = () => {
      this.#watchers.delete(watcher);
      session.watchers.delete(watcher);
      if (session.watchers.size === 0) this.#endIfUnwatched(session);
    };
    socket.resume();
    session.add(watcher);
  }

  /** What the person may watch; looked up again while anybody's rights change meanwhile. */
  async #allowed(person: Person, caseId: string): Promise<Allowed> {
    for (;;) {
      const known = this.#rightsChanged;
      const plan = await this.#planFor(person, caseId);
      if (plan === null) throw nothingHere();
      const grid = await this.parts.gridOf(plan);
      if (this.#isClosed) throw new WatchRefused(CloseCode.shuttingDown, 'The service is restarting.');
      if (known === this.#rightsChanged) return { plan, grid };
    }
  }

  #open(plan: LivePlan, grid: LiveGrid): LiveSession {
    const bytes = liveBytes(voxelCount(grid.dims), plan.reads.length);
    if (plan.reads.length > MOST_READERS || bytes > this.#policy.maxBytes) {
      throw new WatchRefused(CloseCode.tooLarge, 'This case is too large for a live consensus: compute a draft.');
    }
    this.#makePlace(bytes);
    const session = new LiveSession(plan, grid, this.parts.reads, error =>
      this.parts.logger.error(
        { error: error instanceof Error ? error.message : String(error) },
        'live consensus failed'
      )
    );
    this.#sessions.set(plan.caseId, session);
    session.onEnded = () => {
      if (this.#sessions.get(plan.caseId) === session) this.#sessions.delete(plan.caseId);
      const stopping = session.stopped.finally(() => this.#stopping.delete(stopping));
      this.#stopping.add(stopping);
    };
    return session;
  }

  /** Takes the places of those that nobody watches any more. */
  #makePlace(bytes: number): void {
    const { maxCases, maxBytes } = this.#policy;
    const isFull = (): boolean => {
      const sessions = [...this.#sessions.values()];
      return sessions.length >= maxCases || sessions.reduce((sum, each) => sum + each.bytes, bytes) > maxBytes;
    };
    for (const session of [...this.#sessions.values()]) {
      if (isFull() && session.watchers.size === 0) session.end(CloseCode.changed, 'Nobody watches.');
    }
    if (isFull()) {
      throw new WatchRefused(CloseCode.noPlace, 'As many live consensuses run as may: try again later.');
    }
  }

  #endOutdated(caseId: string, key: string): void {
    const session = this.#sessions.get(caseId);
    if (session === undefined || session.plan.key === key) return;
    session.end(CloseCode.changed, 'The reads or the rules have changed: connect again.');
  }

  /** Later: a page that is loaded again finds it. */
  #endIfUnwatched(session: LiveSession): void {
    const end = (): void => {
      if (session.watchers.size === 0) session.end(CloseCode.changed, 'Nobody watches.');
    };
    setTimeout(end, this.#policy.idleMilliseconds).unref();
  }

  /** Whoever may not know of the case hears the same as whoever may not watch it. */
  async #planFor(person: Person, caseId: string): Promise<LivePlan | null> {
    try {
      return await this.parts.plan(person, caseId);
    } catch (error) {
      if (error instanceof ProjectError || error instanceof StudyError) return null;
      throw error;
    }
  }

  #refuse(socket: RoomSocket, error: unknown): void {
    const { code, reason } = refusalOf(error);
    if (code === CloseCode.loadFailed) {
      const text = error instanceof Error ? error.message : String(error);
      this.parts.logger.warn({ error: text }, 'live consensus not served');
    }
    socket.leave(code, reason);
  }
}

function nothingHere(): WatchRefused {
  return new WatchRefused(CloseCode.gone, NOTHING_HERE);
}

function caseOf(request: IncomingMessage): string | null {
  const { pathname } = new URL(request.url ?? '/', 'http://service');
  const name = /^\/rooms\/([^/]+)$/.exec(pathname)?.[1] ?? '';
  try {
    return parseLiveName(decodeURIComponent(name));
  } catch {
    return null;
  }
}

function refusalOf(error: unknown): { readonly code: CloseCode; readonly reason: string } {
  if (error instanceof WatchRefused) return { code: error.code, reason: error.message };
  if (error instanceof IdentityError) return { code: CloseCode.signIn, reason: error.message };
  return { code: CloseCode.loadFailed, reason: 'The live consensus could not begin: try again later.' };
}
