import { type ISignal, Signal } from '@lumino/signaling';
import {
  CloseCode,
  MessageType,
  RelayedPreview,
  type RoomName,
  type StrokePreview,
  Welcome,
  encodeJsonMessage,
  formatRoomName,
  readAcknowledgement,
  readJsonMessage
} from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Value } from 'typebox/value';
import type { Awareness } from 'y-protocols/awareness';
import { messageYjsSyncStep1, messageYjsSyncStep2, messageYjsUpdate } from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { lacksAcknowledged } from './lostHistory.js';
import { type SyncSocket, syncSocketClass } from './syncSocket.js';
import type { UnsavedChanges } from './unsavedChanges.js';

export type RoomState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** Trying again by itself. `code` is that of the last close, if the server gave one. */
  | { readonly kind: 'offline'; readonly code: number | null; readonly attempts: number }
  /** The server has closed the room for good; nothing is cleared here. */
  | { readonly kind: 'refused'; readonly code: number };

export interface RoomConnectionOptions {
  /** Where the rooms are: `ws://host/base/voxcord/rooms`. */
  readonly roomsUrl: string;
  readonly room: RoomName;
  readonly doc: Y.Doc;
  readonly WebSocket: typeof WebSocket;
  /** Query parameters besides the epoch: Jupyter's token where pages carry one. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The history that this copy belongs to, if it was there before. */
  readonly epoch: string | null;
  readonly unsaved: UnsavedChanges;
}

const EMPTY_UPDATE = Uint8Array.of(0, 0);
const LONGEST_PAUSE = 8000;

/** One room over y-websocket, with Voxcord's welcome, acknowledgements and previews. */
export class RoomConnection {
  private readonly provider: WebsocketProvider;
  private readonly unsaved: UnsavedChanges;
  private socket: SyncSocket | null = null;
  private attempts = 0;
  private isAbandoned = false;
  private _state: RoomState = { kind: 'connecting' };
  private _welcome: Welcome | null = null;
  private readonly _stateChanged = new Signal<this, RoomState>(this);
  private readonly _welcomed = new Signal<this, Welcome>(this);
  private readonly _previewed = new Signal<this, RelayedPreview>(this);

  constructor(options: RoomConnectionOptions) {
    this.unsaved = options.unsaved;
    const SyncSocketClass = syncSocketClass(options.WebSocket, {
      socketCreated: socket => {
        this.socket = socket;
        this.unsaved.disconnected();
      },
      updateSent: number => this.unsaved.sent(number)
    });
    this.provider = new WebsocketProvider(options.roomsUrl, formatRoomName(options.room), options.doc, {
      connect: false,
      // Each tab saves its own work: what another tab has seen is not yet on the server's disk.
      disableBc: true,
      maxBackoffTime: LONGEST_PAUSE,
      WebSocketPolyfill: SyncSocketClass,
      params: { ...options.parameters, ...(options.epoch === null ? {} : { epoch: options.epoch }) }
    });
    this.handleMessages();
    this.provider.on('status', ({ status }) => {
      if (status === 'connected') this.change({ kind: 'connected' });
    });
    this.provider.on('sync', isSynced => {
      if (isSynced) this.attempts = 0;
      this.change(this._state);
    });
    this.provider.on('connection-close', event => {
      if (this.isAbandoned) return;
      this.attempts++;
      this.unsaved.disconnected();
      this.change({ kind: 'offline', code: event?.code ?? null, attempts: this.attempts });
    });
    this.provider.on('closed', ({ code }) => this.change({ kind: 'refused', code }));
  }

  get state(): RoomState {
    return this._state;
  }

  /** The state or `isSynced` changed. */
  get stateChanged(): ISignal<this, RoomState> {
    return this._stateChanged;
  }

  /** What the server said last about this room and this person; null before the first connection. */
  get welcome(): Welcome | null {
    return this._welcome;
  }

  get welcomed(): ISignal<this, Welcome> {
    return this._welcomed;
  }

  get previewed(): ISignal<this, RelayedPreview> {
    return this._previewed;
  }

  get awareness(): Awareness {
    return this.provider.awareness;
  }

  /** The document holds all that the server held when this connection began. */
  get isSynced(): boolean {
    return this.provider.synced;
  }

  connect(): void {
    this.provider.connect();
  }

  /** Tries again now instead of at the end of the pause, and after a refusal too. */
  retry(): void {
    this.isAbandoned = false;
    this.provider.wsUnsuccessfulReconnects = 0;
    if (this.provider.ws === null) this.provider.connect();
  }

  /** Resolves when the document is in step with the server; rejects when the server refuses for good. */
  whenSynced(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.isSynced) done(resolve);
        else if (this._state.kind === 'refused') done(() => reject(new RoomRefused(this._state)));
      };
      const aborted = (): void => done(() => reject(signal?.reason as Error));
      const done = (then: () => void): void => {
        this._stateChanged.disconnect(settle);
        signal?.removeEventListener('abort', aborted);
        then();
      };
      this._stateChanged.connect(settle);
      signal?.addEventListener('abort', aborted);
      settle();
    });
  }

  sendPreview(preview: StrokePreview): void {
    const { ws } = this.provider;
    if (ws !== null && ws.readyState === ws.OPEN) ws.send(asBytes(encodeJsonMessage(MessageType.preview, preview)));
  }

  dispose(): void {
    Signal.clearData(this);
    this.provider.destroy();
    this.provider.awareness.destroy();
  }

  private handleMessages(): void {
    const { messageHandlers } = this.provider;
    const sync = messageHandlers[MessageType.sync];
    messageHandlers[MessageType.sync] = (encoder, decoder, provider, emitSynced, type) => {
      if (this.isAbandoned) return;
      if (decoding.peekVarUint(decoder) !== messageYjsSyncStep1) {
        sync?.(encoder, decoder, provider, emitSynced, type);
        return;
      }
      decoding.readVarUint(decoder);
      const theirs = Y.decodeStateVector(decoding.readVarUint8Array(decoder));
      if (lacksAcknowledged(theirs, this.provider.doc, this.unsaved.firstClocks())) this.abandon();
      else this.answer();
    };
    messageHandlers[MessageType.acknowledgement] = (_, decoder) => {
      this.unsaved.acknowledged(readAcknowledgement(decoder));
    };
    messageHandlers[MessageType.welcome] = (_, decoder) => {
      const welcome = readJsonMessage(decoder);
      if (!Value.Check(Welcome, welcome)) return;
      this._welcome = welcome;
      // From now on this copy belongs to this history, at each reconnection too.
      this.provider.params = { ...this.provider.params, epoch: welcome.epoch };
      this._welcomed.emit(welcome);
    };
    messageHandlers[MessageType.preview] = (_, decoder) => {
      const relayed = readJsonMessage(decoder);
      if (Value.Check(RelayedPreview, relayed)) this._previewed.emit(relayed);
    };
  }

  /**
   * The server asks what it is missing. All that this client ever adds are its own changes, and what is not
   * acknowledged among them is known: no need to compare documents, and no giant answer.
   */
  private answer(): void {
    const { ws } = this.provider;
    if (ws === null || this.socket === null) return;
    const batches = this.unsaved.batches(this.socket.sent + 1);
    const [first = EMPTY_UPDATE, ...others] = batches;
    ws.send(syncMessage(messageYjsSyncStep2, first));
    for (const update of others) ws.send(syncMessage(messageYjsUpdate, update));
  }

  /**
   * The server has lost what it had made durable: it was restored from a backup. What it writes from now on would not
   * fit this copy, so the copy is left alone, as if the room had another epoch.
   */
  private abandon(): void {
    this.isAbandoned = true;
    this.provider.disconnect();
    this.unsaved.disconnected();
    this.change({ kind: 'refused', code: CloseCode.otherEpoch });
  }

  private change(state: RoomState): void {
    this._state = state;
    this._stateChanged.emit(state);
  }
}

/** True if changes of a document with this origin came from the server. */
export function isFromServer(origin: unknown): boolean {
  return origin instanceof WebsocketProvider;
}

/** The server has closed a room for good. `state.code` says why. */
export class RoomRefused extends Error {
  override readonly name = 'RoomRefused';
  readonly closeCode: number;

  constructor(state: RoomState) {
    const code = state.kind === 'refused' ? state.code : 0;
    super(`The server has refused this room (${code}).`);
    this.closeCode = code;
  }
}

function syncMessage(kind: number, update: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, update);
  return asBytes(encoding.toUint8Array(encoder));
}

/** lib0 never hands out shared memory; its types do not say so. */
function asBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
