import type { Person } from '@voxcord/schemas/api';
import { LabelMapError } from '@voxcord/schemas/labelmap';
import {
  CloseCode,
  MAX_FRAME_BYTES,
  MessageType,
  PROTOCOL_VERSION,
  StrokePreview,
  encodeAcknowledgement,
  encodeJsonMessage
} from '@voxcord/schemas/rooms';
import { Compile } from 'typebox/compile';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { Acknowledgements } from './acknowledgements.js';
import {
  awarenessFrame,
  decodeFrame,
  FrameError,
  step1Frame,
  step2Frame,
  updateFrame,
  welcomeFrame
} from './frames.js';
import { Inbox } from './inbox.js';
import type { RoomMember } from './member.js';
import { MessageRate } from './messageRate.js';
import { PresenceError } from './presenceBoard.js';
import type { Room } from './room.js';
import type { RoomLogger } from './roomLogger.js';
import type { RoomPolicy } from './roomPolicy.js';
import type { RoomSocket } from './roomSocket.js';
import { Turns } from './turns.js';
import { splitUpdate } from './updateWriter.js';
import type { WorkShare } from './workShare.js';

/** Payload of one frame of the document, with room for what goes around it. */
const MAX_PART_BYTES = MAX_FRAME_BYTES - 4096;
const EMPTY_PRESENCE = awarenessFrame([]);
/** Above this share of what may wait to be sent, what is only shown is left out. */
const BEHIND = 1 / 16;

const isPreview = Compile(StrokePreview);

/** One socket of one person in one room. Messages are dealt with one after the other, in the order they came. */
export class Connection implements RoomMember {
  readonly acknowledgements = new Acknowledgements();
  readonly turns: Turns;
  mayWrite: boolean;
  isSynced = false;
  isAlive = true;
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;
  /** Called once, when this connection has left its room. */
  onGone: () => void = () => undefined;
  readonly #inbox = new Inbox();
  readonly #rate: MessageRate;
  #isWorking = false;
  #isPaused = false;
  #isClosed = false;
  #hasAsked = false;
  #acknowledged = 0;
  #hasMissedPresence = false;

  constructor(
    private readonly socket: RoomSocket,
    private readonly room: Room,
    /** The name of the room that was asked for; the person may be in another one that they have to themselves. */
    readonly askedFor: string,
    readonly person: Person,
    mayWrite: boolean,
    share: WorkShare,
    private readonly policy: RoomPolicy,
    private readonly logger: RoomLogger
  ) {
    this.mayWrite = mayWrite;
    this.turns = new Turns(share, () => this.#isClosed);
    this.#rate = new MessageRate(policy.ephemeralPerSecond);
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
    socket.on('pong', () => void (this.isAlive = true));
    socket.on('error', error => this.logger.warn({ error: error.message }, 'room socket failed'));
    this.closed = new Promise(resolve => socket.once('close', () => resolve()));
    socket.on('close', () => this.#leave());
  }

  /** Says who and what is here, and asks for what the other side has to add. */
  start(): void {
    this.room.members.add(this);
    this.sendWelcome();
    this.send(step1Frame(Y.encodeStateVector(this.room.doc)));
    this.send(this.room.presence.frameFor(this));
  }

  get roomName(): string {
    return this.room.name;
  }

  /** Somebody's read is being submitted: nobody paints in it. */
  get isSealed(): boolean {
    return this.room.isSealed;
  }

  setMayWrite(mayWrite: boolean): void {
    if (mayWrite === this.mayWrite) return;
    this.mayWrite = mayWrite;
    this.sendWelcome();
  }

  /** Also when the rights have changed. */
  sendWelcome(): void {
    const { username, displayName, colour } = this.person;
    this.send(
      welcomeFrame({
        protocolVersion: PROTOCOL_VERSION,
        epoch: this.room.epoch,
        mayWrite: this.mayWrite,
        username,
        displayName,
        colour
      })
    );
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > this.policy.maxUnsentBytes) {
      this.close(CloseCode.tooSlow, 'The connection is too slow: too much waits to be sent.');
      return;
    }
    this.socket.send(frame);
  }

  sendPresence(frame: Uint8Array): void {
    if (this.#isBehind) this.#hasMissedPresence = true;
    else if (this.#hasMissedPresence) this.#catchUpPresence();
    else this.send(frame);
  }

  sendPreview(frame: Uint8Array): void {
    if (this.isSynced && !this.#isBehind) this.send(frame);
  }

  /** One by one: how many become durable together depends on what others write, and who is blinded must not see it. */
  acknowledge(): void {
    this.#resume();
    while (this.#acknowledged < this.acknowledgements.durable) {
      this.#acknowledged += 1;
      this.send(encodeAcknowledgement(this.#acknowledged));
    }
  }

  askForMissing(stateVector: Uint8Array): void {
    if (this.#hasAsked) return;
    this.#checkRate(0);
    this.#hasAsked = true;
    this.send(step1Frame(stateVector));
  }

  close(code: CloseCode, reason: string): void {
    if (this.#isClosed) return;
    this.#leave();
    this.logger.info({ code, reason }, 'room connection closed');
    this.socket.leave(code, reason);
  }

  /** Ends the socket at once. */
  terminate(): void {
    this.#leave();
    this.socket.terminate();
  }

  /** Asks whether the peer is still there; drops one that did not answer the last time. */
  ping(): void {
    if (!this.isAlive && !this.#isPaused) {
      this.terminate();
      return;
    }
    this.isAlive = false;
    this.socket.ping();
    // Plain clients leave a room in which they hear nothing for 30 seconds.
    if (this.#hasMissedPresence && !this.#isBehind) this.#catchUpPresence();
    else this.send(EMPTY_PRESENCE);
    // What it waits for cannot come: it is not read from, and nothing of it is being stored.
    if (this.#isPaused && !this.#isWorking && !this.room.commits.isBusy) {
      this.close(CloseCode.tooSlow, 'Too much waits for changes that never came: connect again.');
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#isClosed) return;
    if (!isBinary) {
      this.close(CloseCode.badMessage, 'Messages are binary.');
      return;
    }
    this.isAlive = true;
    this.#inbox.push(data);
    if (!this.#isWorking) void this.#work();
    if (!this.#isPaused && this.#unstoredBytes() > this.policy.maxUnstoredBytes) {
      this.#isPaused = true;
      this.socket.pause();
    }
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let frame = this.#inbox.take(); frame !== undefined; frame = this.#inbox.take()) {
      if (this.turns.mustWait) await this.turns.next();
      if (this.#isClosed) break;
      const message = frame;
      try {
        const pending = this.turns.take(() => this.#handle(message));
        if (pending !== undefined) await pending;
      } catch (error) {
        this.#refuse(error);
      }
    }
    this.#isWorking = false;
    this.#resume();
  }

  #resume(): void {
    if (!this.#isPaused || this.#unstoredBytes() > this.policy.maxUnstoredBytes / 2) return;
    this.#isPaused = false;
    this.isAlive = true;
    this.socket.resume();
  }

  #handle(bytes: Uint8Array): Promise<void> | undefined {
    const frame = decodeFrame(bytes);
    switch (frame.kind) {
      case 'step1':
        return this.#sendDocument(frame.body);
      case 'update':
        if (frame.isAnswer) this.#hasAsked = false;
        return this.room.receive(this, frame.body);
      case 'awareness':
        this.#checkRate(bytes.length);
        this.room.presence.receive(this, frame.body);
        return undefined;
      case 'queryAwareness':
        this.#checkRate(0);
        this.sendPresence(this.room.presence.frameFor(this));
        return undefined;
      case 'preview':
        this.#checkRate(bytes.length);
        this.#relayPreview(frame.text);
        return undefined;
    }
  }

  /** In frames below the limit; the last one says that it is the last. */
  async #sendDocument(stateVector: Uint8Array): Promise<void> {
    this.#checkRate(0);
    let missing: Uint8Array;
    try {
      missing = Y.encodeStateAsUpdate(this.room.doc, stateVector);
    } catch (cause) {
      throw new FrameError('The state vector is malformed.', { cause });
    }
    // What becomes durable from here on follows as changes.
    this.isSynced = true;
    const parts = splitUpdate(missing, MAX_PART_BYTES);
    const last = parts.pop();
    for (const part of parts) await this.#sendAndWait(updateFrame(part));
    if (last !== undefined) this.send(step2Frame(last));
  }

  #sendAndWait(frame: Uint8Array): Promise<void> {
    return new Promise(resolve => this.socket.send(frame, () => resolve()));
  }

  #relayPreview(text: string): void {
    const preview = parsePreview(text);
    if (!this.mayWrite) throw new PresenceError(CloseCode.notAllowed, 'You may look at this read, not paint in it.');
    if (!this.room.mayPreview(this, preview.client)) {
      throw new PresenceError(CloseCode.forged, "A preview carries somebody else's client id.");
    }
    const relayed = encodeJsonMessage(MessageType.preview, { username: this.person.username, preview });
    for (const member of this.room.members) if (member !== this) member.sendPreview(relayed);
  }

  /** The one message that makes up for those that were left out. */
  #catchUpPresence(): void {
    this.#hasMissedPresence = false;
    this.send(this.room.presence.frameFor(this));
  }

  get #isBehind(): boolean {
    return this.socket.bufferedAmount > this.policy.maxUnsentBytes * BEHIND;
  }

  #checkRate(bytes: number): void {
    if (!this.#rate.take(bytes)) throw new PresenceError(CloseCode.badMessage, 'Too many messages a second.');
  }

  #refuse(error: unknown): void {
    if (error instanceof FrameError) this.close(CloseCode.badMessage, error.message);
    else if (error instanceof PresenceError) this.close(error.code, error.message);
    else if (error instanceof LabelMapError) this.close(CloseCode.forged, error.message);
    else {
      this.logger.error({ error: error instanceof Error ? error.message : String(error) }, 'room message failed');
      this.close(CloseCode.storeFailed, 'The message could not be dealt with: try again.');
    }
  }

  #unstoredBytes(): number {
    return this.#inbox.bytes + this.acknowledgements.waitingBytes;
  }

  #leave(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#inbox.clear();
    this.room.leave(this);
    this.onGone();
  }
}

function parsePreview(text: string): StrokePreview {
  let preview: unknown;
  try {
    preview = JSON.parse(text);
  } catch (cause) {
    throw new FrameError('A preview must be JSON.', { cause });
  }
  if (!isPreview.Check(preview)) throw new FrameError('The preview lacks something, or has something of a wrong type.');
  return preview;
}
