import { randomBytes } from 'node:crypto';
import { API_PREFIX, IDENTITY_HEADER, operations, type Operation, type OperationName } from '@voxcord/schemas/api';
import { encodeStrokes, LabelMap, RecordLog, type Dims } from '@voxcord/schemas/labelmap';
import { formatRoomName, MessageType, readAcknowledgement } from '@voxcord/schemas/rooms';
import { SignJWT } from 'jose';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { RefusedError } from './commandErrors.js';

type Answer<Name extends OperationName> = (typeof operations)[Name] extends { response: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined;

export interface Input {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A running service, and the secret that it trusts. */
export interface TrustingService {
  readonly address: string;
  readonly identitySecret: Uint8Array;
}

/** Somebody who is invented: asks and paints as a signed-in person does, over HTTP and WebSocket. */
export class SimulatedPerson {
  /** Nobody else ever knows it: what this person has signed stays as it is. */
  private readonly passphrase = randomBytes(24).toString('base64url');

  constructor(
    private readonly service: TrustingService,
    readonly username: string,
    readonly displayName: string
  ) {}

  /** The checked answer of an operation. Rejects with `RefusedError` if the service refuses. */
  async call<Name extends OperationName>(name: Name, { params = {}, body }: Input = {}): Promise<Answer<Name>> {
    const operation: Operation = operations[name];
    const route = operation.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? key));
    const response = await fetch(`${this.service.address}${API_PREFIX}${route}`, {
      method: operation.method,
      headers: {
        [IDENTITY_HEADER]: await this.token(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    const text = await response.text();
    if (response.status !== operation.status) {
      throw new RefusedError('demo.refused', `${operation.summary}: the service answers ${response.status}. ${text}`);
    }
    const answer: unknown = operation.response === undefined ? undefined : JSON.parse(text);
    if (operation.response !== undefined) Value.Assert(operation.response, answer);
    return answer as Answer<Name>;
  }

  async choosePassphrase(): Promise<void> {
    await this.call('setPassphrase', { body: { passphrase: this.passphrase } });
  }

  /** What a request carries that signs something. */
  signing(meaning: string): { meaning: string; passphrase: string } {
    return { meaning, passphrase: this.passphrase };
  }

  /**
   * Paints a whole label map into a read, the lowest segment first, and comes back when all of it is durable. Rejects with
   * `RefusedError` if the room closes.
   */
  async paint(readId: string, labels: Uint8Array, dims: Dims): Promise<void> {
    const url = `${this.service.address.replace('http', 'ws')}/rooms/${formatRoomName({ kind: 'read', id: readId })}`;
    const socket = new WebSocket(url, { headers: { [IDENTITY_HEADER]: await this.token() } });
    socket.binaryType = 'nodebuffer';
    const doc = new Y.Doc();
    try {
      await new Promise<void>((resolve, reject) => {
        let sent = 0;
        socket.on('error', reject);
        socket.on('close', (code, reason) => {
          reject(new RefusedError('demo.refused', `The room of a read closed (${code}): ${reason.toString()}`));
        });
        doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (origin === FROM_SERVICE) return;
          sent += 1;
          socket.send(syncMessage(UPDATE, update));
        });
        socket.on('open', () => socket.send(syncMessage(STEP_1, Y.encodeStateVector(doc))));
        socket.on('message', (data: Buffer) => {
          const decoder = decoding.createDecoder(new Uint8Array(data));
          const type = decoding.readVarUint(decoder);
          if (type === MessageType.acknowledgement && readAcknowledgement(decoder) >= sent && sent > 0) resolve();
          if (type !== MessageType.sync) return;
          const kind = decoding.readVarUint(decoder);
          if (kind === STEP_1) return;
          Y.applyUpdate(doc, decoding.readVarUint8Array(decoder), FROM_SERVICE);
          if (kind === STEP_2) appendAll(doc, labels, dims);
        });
      });
    } finally {
      socket.removeAllListeners('close');
      socket.close();
      doc.destroy();
    }
  }

  private token(): Promise<string> {
    return new SignJWT({ name: this.displayName })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(this.username)
      .setIssuer('voxcord-jupyter')
      .setAudience('voxcord-service')
      .setIssuedAt()
      .setExpirationTime('60 s')
      .sign(this.service.identitySecret);
  }
}

/** Kinds of sync messages, as of y-protocols. */
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const FROM_SERVICE = Symbol('from the service');

function syncMessage(kind: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** One gesture per segment. */
function appendAll(doc: Y.Doc, labels: Uint8Array, dims: Dims): void {
  const log = new RecordLog(doc);
  const map = LabelMap.open(dims, { records: log.entries() });
  let lamport = map.nextLamport();
  const [width, height, depth] = dims;
  for (const segment of [...new Set(labels)].filter(number => number > 0).sort((a, b) => a - b)) {
    const mask = labels.map(label => (label === segment ? 1 : 0));
    const box = { min: [0, 0, 0], max: [width - 1, height - 1, depth - 1] } as const;
    for (const bytes of encodeStrokes({
      lamport,
      segment,
      tool: 'other',
      continues: false,
      region: { box, mask },
      dims
    })) {
      log.append(bytes);
      lamport += 1;
    }
  }
}
