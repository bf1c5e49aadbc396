import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { formatRoomName, MessageType, readAcknowledgement, type RoomName } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { signedIdentity, type TestPerson } from './people.js';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A socket on which a test says what it likes. */
export class RawClient {
  readonly frames: Uint8Array[] = [];
  closed: Closed | null = null;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.frames.push(new Uint8Array(data)));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  static async connect(
    url: string,
    room: RoomName | string,
    person: TestPerson | string | null,
    query = ''
  ): Promise<RawClient> {
    const token = person === null ? null : typeof person === 'string' ? person : await signedIdentity(person);
    const name = typeof room === 'string' ? room : formatRoomName(room);
    const headers = token === null ? {} : { [IDENTITY_HEADER]: token };
    const socket = new WebSocket(`${url}/${name}${query}`, { headers });
    const client = new RawClient(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  send(frame: Uint8Array | string): void {
    this.socket.send(frame);
  }

  /** `kind`: 0 step 1, 1 step 2, 2 update. */
  sendSync(kind: 0 | 1 | 2, body: Uint8Array): void {
    this.send(syncFrame(kind, body));
  }

  whenClosed(): Promise<Closed> {
    if (this.closed !== null) return Promise.resolve(this.closed);
    return new Promise(resolve => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** The newest count of durable messages; null before the first. */
  get durable(): number | null {
    const counts = this.frames.flatMap(frame => {
      const decoder = decoding.createDecoder(frame);
      return decoding.readVarUint(decoder) === MessageType.acknowledgement ? [readAcknowledgement(decoder)] : [];
    });
    return counts.at(-1) ?? null;
  }

  framesOfType(type: number): Uint8Array[] {
    return this.frames.filter(frame => decoding.readVarUint(decoding.createDecoder(frame)) === type);
  }

  leave(): void {
    this.socket.terminate();
  }
}

export function syncFrame(kind: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}
