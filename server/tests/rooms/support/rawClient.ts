import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
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

/** A presence message with these states. */
export function awarenessMessage(...states: readonly [client: number, clock: number, text: string][]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, states.length);
  for (const [client, clock, text] of states) {
    encoding.writeVarUint(body, client);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, text);
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

/** The bare connection of a WebSocket, for frames that no library would send. */
export async function openRawSocket(url: string, room: RoomName, person: TestPerson): Promise<Socket> {
  const asking = request(`${url.replace('ws', 'http')}/${formatRoomName(room)}`, {
    headers: {
      [IDENTITY_HEADER]: await signedIdentity(person),
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64')
    }
  });
  asking.end();
  const socket = await new Promise<Socket>(resolve => asking.once('upgrade', (_, upgraded) => resolve(upgraded)));
  socket.on('error', () => undefined);
  return socket;
}

/** A binary frame as clients send it; the mask is zero. `first` replaces its first byte. */
export function maskedFrame(body: Uint8Array, first = 0x82): Buffer {
  if (body.length > 65_535) throw new RangeError('Frames of tests are short.');
  const length = body.length < 126 ? [body.length | 128] : [126 | 128, body.length >> 8, body.length & 255];
  return Buffer.from([first, ...length, 0, 0, 0, 0, ...body]);
}
