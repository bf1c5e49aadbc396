import {
  encodeVisibility,
  readRecord,
  RecordLog,
  type PaintedRegion,
  type RecordEntry,
  type RecordId
} from '@voxcord/schemas/labelmap';
import { formatRoomName, MessageType, readAcknowledgement, readJsonMessage } from '@voxcord/schemas/rooms';
import type { RoomName, Welcome } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { strokeBytes } from './painting.js';
import { signedIdentity, socketClass, type TestPerson } from './people.js';
import { DIMS } from './roomService.js';
import { structIds } from './storedRead.js';

/**
 * Somebody at a browser: an unmodified y-websocket client, with handlers for the messages that it would ignore. It counts
 * what it sends, so that it knows what an acknowledgement covers.
 */
export class Painter {
  readonly log: RecordLog;
  welcome: Welcome | null = null;
  closeCode: number | null = null;
  closeReason = '';
  readonly previews: unknown[] = [];
  /** `client:clock` of each record that the service has acknowledged, ever. */
  readonly acknowledged = new Set<string>();
  #durable = 0;
  #highestLamport = 0;
  /** What each update message of this connection brought. */
  readonly #sent: string[][] = [];

  private constructor(
    readonly person: TestPerson,
    readonly doc: Y.Doc,
    readonly provider: WebsocketProvider
  ) {
    this.log = new RecordLog(doc);
    this.#noteLamports(this.log.entries());
    this.log.observe(entries => this.#noteLamports(entries));
    const { messageHandlers } = provider;
    messageHandlers[MessageType.acknowledgement] = (_encoder, decoder) => {
      this.#durable = readAcknowledgement(decoder);
      for (const ids of this.#sent.slice(0, this.#durable)) for (const id of ids) this.acknowledged.add(id);
    };
    messageHandlers[MessageType.welcome] = (_encoder, decoder) => {
      this.welcome = readJsonMessage(decoder) as Welcome;
    };
    messageHandlers[MessageType.preview] = (_encoder, decoder) => {
      this.previews.push(readJsonMessage(decoder));
    };
    provider.on('connection-close', event => {
      this.closeCode = event?.code ?? null;
      this.closeReason = event?.reason ?? '';
      this.#durable = 0;
      this.#sent.length = 0;
    });
  }

  #noteLamports(entries: readonly RecordEntry[]): void {
    for (const { bytes } of entries) {
      this.#highestLamport = Math.max(this.#highestLamport, readRecord(bytes, DIMS).lamport);
    }
  }

  #noteSent(data: unknown): void {
    if (!(data instanceof Uint8Array)) return;
    const decoder = decoding.createDecoder(data);
    if (decoding.readVarUint(decoder) !== MessageType.sync || decoding.readVarUint(decoder) === 0) return;
    this.#sent.push(structIds(decoding.readVarUint8Array(decoder)));
  }

  static async join(
    url: string,
    room: RoomName,
    person: TestPerson,
    options: { doc?: Y.Doc; epoch?: string; claims?: object } = {}
  ): Promise<Painter> {
    const doc = options.doc ?? new Y.Doc();
    let painter: Painter | null = null;
    const Socket = socketClass(await signedIdentity(person, options.claims), data => {
      if (painter !== null) painter.#noteSent(data);
    });
    const provider = new WebsocketProvider(url, formatRoomName(room), doc, {
      connect: false,
      disableBc: true,
      maxBackoffTime: 200,
      WebSocketPolyfill: Socket,
      params: options.epoch === undefined ? {} : { epoch: options.epoch }
    });
    painter = new Painter(person, doc, provider);
    provider.connect();
    return painter;
  }

  /** How many of this connection's update messages are durable. */
  get durable(): number {
    return this.#durable;
  }

  get isSynced(): boolean {
    return this.provider.synced;
  }

  paint(region: PaintedRegion, segment: number): RecordId {
    return this.log.append(strokeBytes(this.nextLamport(), segment, region));
  }

  hide(target: RecordId, hidden = true): RecordId {
    return this.log.append(encodeVisibility({ lamport: this.nextLamport(), target, hidden }));
  }

  nextLamport(): number {
    return this.#highestLamport + 1;
  }

  leave(): void {
    this.provider.destroy();
  }
}
