import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { encodeVisibility, LabelMap, RecordLog, type Dims, type RecordId } from '@voxcord/schemas/labelmap';
import {
  encodeJsonMessage,
  MessageType,
  readAcknowledgement,
  readJsonMessage,
  type Welcome
} from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Caller } from '../../http/testService.js';
import { someRegion, strokeBytes } from '../../rooms/support/painting.js';
import { awarenessMessage, syncFrame } from '../../rooms/support/rawClient.js';

/** Somebody in a room, by the protocol alone. Every frame that comes is kept. */
export class RoomClient {
  readonly frames: Uint8Array[] = [];
  readonly doc = new Y.Doc();
  readonly log = new RecordLog(this.doc);
  welcomes: Welcome[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  #sent = 0;
  #durable = 0;
  #lamport = 0;
  #clock = 0;
  #waiting: (() => void)[] = [];

  private constructor(
    readonly socket: WebSocket,
    readonly dims: Dims
  ) {
    socket.on('message', (data: Buffer) => this.#receive(new Uint8Array(data)));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this.log) return;
      this.#sent += 1;
      socket.send(syncFrame(2, update));
    });
  }

  /** Resolves when the room has said what it holds, or has refused. `client`: the client id, random if left out. */
  static async join(
    caller: Caller,
    room: string,
    { dims, client }: { dims: Dims; client?: number }
  ): Promise<RoomClient> {
    const socket = new WebSocket(`${caller.address.replace('http', 'ws')}/rooms/${room}`, {
      headers: { [IDENTITY_HEADER]: await caller.token() }
    });
    const joined = new RoomClient(socket, dims);
    if (client !== undefined) joined.doc.clientID = client;
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.send(syncFrame(0, Y.encodeStateVector(joined.doc)));
    await joined.#until(() => joined.frames.some(isStep2));
    return joined;
  }

  get mayWrite(): boolean {
    return this.welcomes.at(-1)?.mayWrite ?? false;
  }

  /** How many of the records that were painted here are durable, as far as this side knows. */
  get isSaved(): boolean {
    return this.#durable >= this.#sent;
  }

  /** A box that follows from `seed`. */
  paint(seed: number, segment = 1): RecordId {
    this.#lamport += 1;
    return this.log.append(strokeBytes(this.#lamport, segment, someRegion(seed, this.dims), this.dims));
  }

  hide(target: RecordId, hidden = true): RecordId {
    this.#lamport += 1;
    return this.log.append(encodeVisibility({ lamport: this.#lamport, target, hidden }));
  }

  async saved(): Promise<void> {
    await this.#until(() => this.isSaved);
  }

  /** Once the newest welcome says so. */
  async until(mayWrite: boolean): Promise<void> {
    await this.#until(() => this.mayWrite === mayWrite);
  }

  /** Asked again whenever something comes. */
  async when(holds: () => boolean): Promise<void> {
    await this.#until(holds);
  }

  async whenClosed(): Promise<number> {
    await this.#until(() => this.closed !== null);
    return this.closed?.code ?? 0;
  }

  present(state: object): void {
    this.#clock += 1;
    this.socket.send(awarenessMessage([this.doc.clientID, this.#clock, JSON.stringify(state)]));
  }

  preview(stroke: number): void {
    const preview = {
      client: this.doc.clientID,
      stroke,
      segment: 1,
      shape: 'disc',
      normal: [0, 0, 1],
      radius: 3,
      points: [1, 2, 3],
      done: false
    };
    this.socket.send(encodeJsonMessage(MessageType.preview, preview));
  }

  /** What is painted, as this side folds it. */
  labels(): Uint8Array {
    return LabelMap.open(this.dims, { records: this.log.entries() }).bitmap;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.whenClosed();
  }

  #receive(frame: Uint8Array): void {
    this.frames.push(frame);
    const decoder = decoding.createDecoder(frame);
    switch (decoding.readVarUint(decoder)) {
      case MessageType.sync:
        if (decoding.readVarUint(decoder) !== 0) Y.applyUpdate(this.doc, decoding.readVarUint8Array(decoder), 'server');
        break;
      case MessageType.acknowledgement:
        this.#durable = readAcknowledgement(decoder);
        break;
      case MessageType.welcome:
        this.welcomes.push(readJsonMessage(decoder) as Welcome);
    }
    this.#wake();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.closed !== null) return;
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isStep2(frame: Uint8Array): boolean {
  const decoder = decoding.createDecoder(frame);
  return decoding.readVarUint(decoder) === MessageType.sync && decoding.readVarUint(decoder) === 1;
}
