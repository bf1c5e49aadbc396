import type { Person } from '@voxcord/schemas/api';
import { CloseCode, isResync } from '@voxcord/schemas/rooms';
import { WebSocket } from 'ws';
import type { RoomSocket } from '../../rooms/roomSocket.js';

/** Between two whole states of one watcher, milliseconds: each takes time from those who watch the same case. */
const PAUSE = 1000;

/**
 * One socket of somebody who watches. It gets a whole state, then each change; one that cannot follow is left out until
 * all that was sent has arrived, and gets a whole state again.
 */
export class Watcher {
  /** Called when a whole state is wanted. */
  onWanting: () => void = () => undefined;
  /** Called once, when nobody watches here any more. */
  onGone: () => void = () => undefined;
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;
  #state: 'waiting' | 'asked' | 'following' | 'gone' = 'waiting';
  #isAlive = true;
  #mayAskFrom = 0;

  constructor(
    private readonly socket: RoomSocket,
    readonly person: Person,
    readonly caseId: string,
    private readonly maxUnsentBytes: number
  ) {
    this.closed = new Promise(resolve => socket.once('close', () => resolve()));
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#isAlive = true;
      if (!isBinary || !isResync(data)) this.close(CloseCode.badMessage, 'A watcher only asks for a whole state.');
      // What is asked for while it is being made is answered by it.
      else if (this.#state === 'following') this.#want();
    });
    socket.on('pong', () => void (this.#isAlive = true));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#leave());
  }

  /** Asks for a whole state, unless one is on its way or there is no room for it. */
  askIfWanting(): void {
    if (this.#state !== 'waiting' || this.socket.bufferedAmount > 0) return;
    if (performance.now() < this.#mayAskFrom) return;
    this.#mayAskFrom = performance.now() + PAUSE;
    this.#state = 'asked';
    this.onWanting();
  }

  sendWhole(frames: readonly Uint8Array[]): void {
    if (this.#state !== 'asked') return;
    this.#state = 'following';
    this.#send(frames);
  }

  sendChange(frames: readonly Uint8Array[]): void {
    if (this.#state !== 'following') return;
    if (this.socket.bufferedAmount > this.maxUnsentBytes) this.#want();
    else this.#send(frames);
  }

  /** Asks whether the peer is still there; drops one that did not answer the last time. */
  ping(): void {
    if (!this.#isAlive) {
      this.terminate();
      return;
    }
    this.#isAlive = false;
    this.socket.ping();
    this.askIfWanting();
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state === 'gone') return;
    this.#leave();
    this.socket.leave(code, reason);
  }

  /** Ends the socket at once. */
  terminate(): void {
    this.#leave();
    this.socket.terminate();
  }

  #want(): void {
    this.#state = 'waiting';
    // Timers may fire up to a millisecond early, and who asks too early would not be asked again for long.
    setTimeout(() => this.askIfWanting(), Math.max(0, Math.ceil(this.#mayAskFrom - performance.now()) + 2)).unref();
  }

  #send(frames: readonly Uint8Array[]): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (const frame of frames) this.socket.send(frame, () => this.askIfWanting());
  }

  #leave(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.onGone();
  }
}
