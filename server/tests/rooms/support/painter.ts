import { encodeVisibility, readRecord, RecordLog, type PaintedRegion, type RecordId } from '@voxcord/schemas/labelmap';
import { formatRoomName, MessageType, readAcknowledgement, readJsonMessage, Welcome } from '@voxcord/schemas/rooms';
import type { RoomName } from '@voxcord/schemas/rooms';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { entriesOf, strokeBytes } from './painting.js';
import { signedIdentity, socketClass, type TestPerson } from './people.js';
import { DIMS } from './roomService.js';

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
  #durable = 0;

  private constructor(
    readonly person: TestPerson,
    readonly doc: Y.Doc,
    readonly provider: WebsocketProvider
  ) {
    this.log = new RecordLog(doc);
    const { messageHandlers } = provider;
    messageHandlers[MessageType.acknowledgement] = (_encoder, decoder) => {
      this.#durable = readAcknowledgement(decoder);
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
    });
  }

  static async join(
    url: string,
    room: RoomName,
    person: TestPerson,
    options: { doc?: Y.Doc; epoch?: string } = {}
  ): Promise<Painter> {
    const doc = options.doc ?? new Y.Doc();
    const provider = new WebsocketProvider(url, formatRoomName(room), doc, {
      connect: false,
      disableBc: true,
      maxBackoffTime: 200,
      WebSocketPolyfill: socketClass(await signedIdentity(person)),
      params: options.epoch === undefined ? {} : { epoch: options.epoch }
    });
    const painter = new Painter(person, doc, provider);
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
    return (
      1 + entriesOf(this.doc).reduce((highest, { bytes }) => Math.max(highest, readRecord(bytes, DIMS).lamport), 0)
    );
  }

  leave(): void {
    this.provider.destroy();
  }
}
