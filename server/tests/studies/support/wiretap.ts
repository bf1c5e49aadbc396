import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { API_PREFIX, IDENTITY_HEADER, operations, type Operation } from '@voxcord/schemas/api';
import { MessageType } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Caller, CallInput } from '../../http/testService.js';
import type { RoomClient } from './roomClient.js';

/**
 * Everything that one person receives, byte for byte: answers with status, headers and body as they come over TCP, and
 * the frames of rooms. Only what is random or the time of day is given a name by the order in which it comes first:
 * UUIDs, SHA-256 texts, times, epochs and the client id that a room's server derives from its epoch. Whether two of them
 * are equal is still seen.
 */
export class Wiretap {
  readonly heard: string[] = [];
  readonly #names = new Map<string, string>();

  /** One request on a connection of its own. */
  async request(caller: Caller, name: string, input: CallInput = {}): Promise<void> {
    const bytes = await rawAnswer(caller, name, input);
    const text = bytes.toString('latin1').replace(/^date: .*$/imu, 'date: some second');
    this.#note(`${name} ${this.#named(text)}`);
  }

  /** The frames that have come in a room since `from`; answers where to go on. */
  frames(label: string, client: RoomClient, from: number): number {
    const epoch = client.welcomes[0]?.epoch ?? '';
    for (const frame of client.frames.slice(from)) this.#note(`${label} ${this.#named(describe(frame, epoch))}`);
    return client.frames.length;
  }

  closed(label: string, client: Pick<RoomClient, 'closed'>): void {
    this.#note(`${label} closed ${client.closed?.code ?? 'not'} ${client.closed?.reason ?? ''}`);
  }

  #note(text: string): void {
    // Bodies of images are long: their hash says as much.
    const [head = '', ...body] = text.split('\r\n\r\n');
    const rest = body.join('\r\n\r\n');
    this.heard.push(rest.length > 20_000 ? `${head} ${rest.length} ${sha256(rest)}` : text);
  }

  #named(text: string): string {
    return text
      .replace(/[0-9a-f]{64}/gu, found => this.#name('hash', found))
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu, found => this.#name('id', found))
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/gu, found => this.#name('time', found));
  }

  #name(kind: string, found: string): string {
    const known = this.#names.get(found);
    if (known !== undefined) return known;
    const name = `<${kind} ${this.#names.size}>`;
    this.#names.set(found, name);
    return name;
  }
}

async function rawAnswer(caller: Caller, name: string, { params = {}, query, body }: CallInput): Promise<Buffer> {
  const all: Readonly<Record<string, Operation>> = operations;
  const operation = all[name];
  if (operation === undefined) throw new Error(`There is no operation ${name}`);
  const route = operation.path.replace(/\{([a-zA-Z]+)\}/gu, (_, key: string) =>
    encodeURIComponent(String(params[key]))
  );
  const search = query === undefined ? '' : `?${new URLSearchParams(Object.entries(query).map(texts)).toString()}`;
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${operation.method} ${API_PREFIX}${route}${search} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    `${IDENTITY_HEADER}: ${await caller.token()}`,
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`])
  ];
  const { hostname, port } = new URL(caller.address);
  const socket = connect(Number(port), hostname);
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function texts([name, value]: [string, string | number]): [string, string] {
  return [name, String(value)];
}

/** A frame as text. Its lengths follow from what is in it. */
function describe(frame: Uint8Array, epoch: string): string {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  const step = type === MessageType.sync ? decoding.readVarUint(decoder) : 0;
  const hasBody = type === MessageType.sync || type === MessageType.awareness;
  const body = hasBody ? decoding.readVarUint8Array(decoder) : frame.subarray(decoder.pos);
  const text = Buffer.from(body).toString('latin1');
  const shown = epoch === '' ? text : text.replaceAll(epoch, '<epoch>').replaceAll(serverClient(epoch), '<server>');
  return `${type} ${step} ${frame.length - body.length <= 8 ? '' : 'long head '}${shown}`;
}

/** The id under which a room's server writes, as it stands in updates. */
function serverClient(epoch: string): string {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, createHash('sha256').update(epoch).digest().readUInt32BE(0));
  return Buffer.from(encoding.toUint8Array(encoder)).toString('latin1');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
