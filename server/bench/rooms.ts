import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fdatasyncSync, mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodeStroke, type Dims } from '@voxcord/schemas/labelmap';
import { encodeJsonMessage, MessageType, readAcknowledgement } from '@voxcord/schemas/rooms';
import { SignJWT } from 'jose';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { UpdateReader } from '../lib/rooms/updateReader.js';
import { encodeRecords } from '../lib/rooms/updateWriter.js';
import { quantile, row, tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { openEmbeddedStore } from '../lib/store/embedded/openEmbeddedStore.js';

/*
 * How long a stroke takes to be durable, and what SIGKILL costs. The service is a process of its own, with the real store
 * and the real rooms; the clients are in this one. Needs `tsc -b schemas server` first.
 *
 *   node server/bench/rooms.ts [--quick] [--json]
 */

const SCRIPT = fileURLToPath(new URL('../tests/rooms/support/serviceProcess.mjs', import.meta.url));
const SECRET = 'the secret of the benchmark: thirty-two bytes and more';
const DIMS: Dims = [512, 512, 300];
const READ = 'read:00000000-0000-4000-8000-000000000000';
const PEOPLE = 25;
/** Milliseconds. */
const DURABLE_P95 = 15;

interface Service {
  readonly child: ChildProcess;
  readonly port: number;
}

async function startService(folder: string, port: number): Promise<Service> {
  const segments = [{ number: 1, name: 'Liver', colour: '#aa0000', codes: [], retired: false }];
  const initial = { volume: 'a'.repeat(64), dims: DIMS, segments };
  const settings = JSON.stringify({ secret: SECRET, initial, policy: { ephemeralPerSecond: 1000 } });
  const child = spawn(process.execPath, [SCRIPT, folder, String(port), settings], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const [told] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(told.toString()) };
}

async function end({ child }: Service, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** One person who paints as fast as the benchmark says and notes when each stroke was durable. */
export class BenchClient {
  readonly milliseconds: number[] = [];
  /** Records that the service has acknowledged. */
  acknowledged = 0;
  readonly #sentAt: number[] = [];
  #clock = 0;
  #moves = 0;

  readonly client: number;
  readonly #socket: WebSocket;

  private constructor(client: number, socket: WebSocket) {
    this.client = client;
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      if (data[0] !== MessageType.acknowledgement) return;
      const decoder = decoding.createDecoder(data);
      decoding.readVarUint(decoder);
      const durable = readAcknowledgement(decoder);
      const now = performance.now();
      while (this.acknowledged < durable) this.milliseconds.push(now - (this.#sentAt[this.acknowledged++] ?? now));
    });
  }

  static async join(port: number, client: number, room = READ, secret = SECRET): Promise<BenchClient> {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'voxcord-jupyter',
      aud: 'voxcord-service',
      sub: `reader-${client}`,
      name: `Reader ${client}`
    };
    const token = await new SignJWT({ ...claims, iat: now, exp: now + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
    const headers = { 'x-voxcord-identity': token };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rooms/${room}`, { headers });
    const joined = new BenchClient(client, socket);
    await once(socket, 'open');
    socket.send(syncFrame(0, Uint8Array.of(0)));
    return joined;
  }

  paint(stroke: Uint8Array): void {
    const update = encodeRecords([{ client: this.client, clock: this.#clock++, records: [stroke] }]);
    this.#sentAt.push(performance.now());
    this.#socket.send(syncFrame(2, update));
  }

  /** The pointer moves: presence, and a preview of the stroke. */
  move(): void {
    this.#moves += 1;
    const body = encoding.createEncoder();
    encoding.writeVarUint(body, 1);
    encoding.writeVarUint(body, this.client);
    encoding.writeVarUint(body, this.#moves);
    encoding.writeVarString(
      body,
      JSON.stringify({ cursor: { world: [1, 2, this.#moves], plane: 'axial', radius: 3, painting: true } })
    );
    const frame = encoding.createEncoder();
    encoding.writeVarUint(frame, MessageType.awareness);
    encoding.writeVarUint8Array(frame, encoding.toUint8Array(body));
    this.#socket.send(encoding.toUint8Array(frame));
    const preview = {
      client: this.client,
      stroke: this.#clock,
      segment: 1,
      shape: 'disc',
      normal: [0, 0, 1],
      radius: 3
    };
    this.#socket.send(encodeJsonMessage(MessageType.preview, { ...preview, points: [1, 2, 3], done: false }));
  }

  leave(): void {
    this.#socket.terminate();
  }
}

function syncFrame(kind: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** A disc that wanders, some 3,000 voxels: the median stroke of the standard workload. */
function strokeOf(lamport: number): Uint8Array {
  const size = 62;
  const mask = new Uint8Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) mask[j * size + i] = (i - 31) ** 2 + (j - 31) ** 2 < 961 ? 1 : 0;
  }
  const at: [number, number, number] = [(lamport * 37) % 440, (lamport * 53) % 440, (lamport * 7) % 300];
  const box = { min: at, max: [at[0] + size - 1, at[1] + size - 1, at[2]] as const };
  return encodeStroke({ lamport, segment: 1, tool: 'brush', continues: false, region: { box, mask }, dims: DIMS });
}

/** What the disk alone takes: one write and one fdatasync, one stroke after the other. */
function diskBaseline(folder: string, strokes: number): number[] {
  const file = openSync(join(folder, 'baseline'), 'a');
  const milliseconds: number[] = [];
  for (let stroke = 1; stroke <= strokes; stroke++) {
    const bytes = strokeOf(stroke);
    const start = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    milliseconds.push(performance.now() - start);
  }
  closeSync(file);
  return milliseconds;
}

/** Milliseconds between two moves of one person. */
const MOVE = 100;

/**
 * Everybody paints a stroke each second, and moves, not in step with the others. `lamport`: of the first stroke; answers
 * that of the next.
 */
export async function paintTogether(clients: readonly BenchClient[], seconds: number, first = 1): Promise<number> {
  let lamport = first;
  const until = performance.now() + seconds * 1000;
  const timers = clients.flatMap((client, index) => [
    setTimeout(() => {
      client.paint(strokeOf(lamport++));
      timers.push(setInterval(() => client.paint(strokeOf(lamport++)), 1000));
    }, index * 40),
    setTimeout(() => timers.push(setInterval(() => client.move(), MOVE)), (index * MOVE) / clients.length)
  ]);
  while (performance.now() < until) await sleep(50);
  for (const timer of timers) clearInterval(timer);
  await sleep(500);
  return lamport;
}

/** Acknowledged records that a killed service no longer has. */
async function killAndCount(folder: string, rounds: number): Promise<number> {
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const service = await startService(folder, 0);
    const clients: BenchClient[] = [];
    for (let person = 0; person < 5; person++) {
      clients.push(await BenchClient.join(service.port, 10_000 + round * 100 + person));
    }
    let lamport = 1;
    const painting = setInterval(() => {
      for (const client of clients) client.paint(strokeOf(lamport++));
    }, 5);
    await sleep(150 + 61 * (round % 5));
    await end(service, 'SIGKILL');
    clearInterval(painting);
    const stored = await storedRecords(folder);
    for (const client of clients) {
      client.leave();
      for (let clock = 0; clock < client.acknowledged; clock++) if (!stored.has(`${client.client}:${clock}`)) lost += 1;
    }
    if (clients.every(({ acknowledged }) => acknowledged === 0)) throw new Error('Nothing was acknowledged.');
  }
  return lost;
}

async function storedRecords(folder: string): Promise<Set<string>> {
  const store = await openEmbeddedStore(folder, { readOnly: true });
  const ids = new Set<string>();
  for await (const entries of store.log.read(READ, 0)) {
    for (const { update } of entries) {
      for (const { client, clock } of new UpdateReader(update).structs()) ids.add(`${client}:${clock}`);
    }
  }
  await store.close();
  return ids;
}

export async function measureRooms(options: { readonly quick: boolean }): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'voxcord-bench-'));
  try {
    const service = await startService(folder, 0);
    const clients: BenchClient[] = [];
    for (let person = 0; person < PEOPLE; person++) clients.push(await BenchClient.join(service.port, person + 1));
    await paintTogether(clients, options.quick ? 5 : 20);
    const durable = clients.flatMap(({ milliseconds }) => milliseconds);
    for (const client of clients) client.leave();
    await end(service, 'SIGTERM');
    const disk = diskBaseline(folder, 200);
    const rounds = options.quick ? 3 : 10;
    const lost = await killAndCount(folder, rounds);
    const what = `durable acknowledgement, ${PEOPLE} people in one room`;
    const against = (part: number): { what: string; measured: number } => ({
      what: 'one write and fdatasync',
      measured: quantile(disk, part)
    });
    return [
      row(`${what}, p50 of ${durable.length}`, 'ms', quantile(durable, 0.5), null, against(0.5)),
      row(`${what}, p95`, 'ms', quantile(durable, 0.95), DURABLE_P95, against(0.95)),
      row(`acknowledged strokes lost in ${rounds} x SIGKILL`, 'strokes', lost, 0)
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  tellRows(await measureRooms({ quick: process.argv.includes('--quick') }));
}
