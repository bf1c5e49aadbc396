import { type ISignal, Signal } from '@lumino/signaling';
import {
  CloseCode,
  LiveStateReader,
  type SentState,
  encodeResync,
  formatLiveName,
  isFinal
} from '@voxcord/schemas/rooms';

export type LiveFeedState =
  | { readonly kind: 'connecting' }
  /** A whole state has come, and what followed it. */
  | { readonly kind: 'following' }
  /** Trying again by itself. `code`: of the last close. */
  | { readonly kind: 'waiting'; readonly code: number }
  /** The server has refused for good. */
  | { readonly kind: 'refused'; readonly code: number };

export interface LiveFeedOptions {
  /** Where the rooms are: `ws://host/base/voxcord/rooms`. */
  readonly roomsUrl: string;
  readonly caseId: string;
  readonly WebSocket: typeof WebSocket;
  /** Jupyter's token where pages carry one. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 8000;

/**
 * The live consensus of a case, as it comes: a whole state first, then each change, in order and without a gap. Connects
 * again by itself, which begins with a whole state again.
 */
export class LiveFeed {
  private socket: WebSocket | null = null;
  private reader = new LiveStateReader();
  /** Of the newest state; null: a whole one is awaited. */
  private version: number | null = null;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private _state: LiveFeedState = { kind: 'connecting' };
  private readonly _stateChanged = new Signal<this, LiveFeedState>(this);
  private readonly _received = new Signal<this, SentState>(this);

  constructor(private readonly options: LiveFeedOptions) {}

  get state(): LiveFeedState {
    return this._state;
  }

  get stateChanged(): ISignal<this, LiveFeedState> {
    return this._stateChanged;
  }

  get received(): ISignal<this, SentState> {
    return this._received;
  }

  connect(): void {
    const { roomsUrl, caseId, parameters } = this.options;
    const query = new URLSearchParams(parameters).toString();
    const address = `${roomsUrl}/${formatLiveName(caseId)}${query === '' ? '' : `?${query}`}`;
    const socket = new this.options.WebSocket(address);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.reader = new LiveStateReader();
    this.version = null;
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (this.socket === socket) this.receive(socket, new Uint8Array(data));
    };
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.closed(code);
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
    Signal.clearData(this);
  }

  private receive(socket: WebSocket, frame: Uint8Array): void {
    let sent: SentState | null;
    try {
      sent = this.reader.receive(frame);
    } catch {
      // What cannot be read is asked for again on a new connection.
      socket.close();
      return;
    }
    if (sent === null) return;
    const { version, follows } = sent.state;
    if (follows !== null && follows !== this.version) {
      // Asked for once: until the whole state comes nothing else is of use.
      if (this.version !== null) socket.send(encodeResync().slice());
      this.version = null;
      return;
    }
    this.version = version;
    this.attempts = 0;
    this._received.emit(sent);
    if (this._state.kind !== 'following') this.change({ kind: 'following' });
  }

  private closed(code: number): void {
    this.socket = null;
    if (isFinal(code)) {
      this.change({ kind: 'refused', code });
      return;
    }
    const pause = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** this.attempts);
    this.attempts = code === CloseCode.changed ? 0 : this.attempts + 1;
    this.timer = setTimeout(() => this.connect(), pause);
    this.change({ kind: 'waiting', code });
  }

  private change(state: LiveFeedState): void {
    this._state = state;
    this._stateChanged.emit(state);
  }
}
