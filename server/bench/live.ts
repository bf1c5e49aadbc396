import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { API_PREFIX, IDENTITY_HEADER } from '@voxcord/schemas/api';
import { encodeStroke, voxelCount, type PaintedRegion } from '@voxcord/schemas/labelmap';
import { LiveStateReader, MessageType, readAcknowledgement, type LiveState } from '@voxcord/schemas/rooms';
import { SignJWT } from 'jose';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { quantile, row, tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { standardWorkload, strokeVoxels, WORKLOAD_DIMS } from '../../schemas/bench/workload.ts';
import { encodeRecords } from '../lib/rooms/updateWriter.js';
import { makeNifti } from '../tests/imaging/niftiFile.ts';

/*
 * From the sending of a stroke to the arrival of the consensus and disagreement that hold it, at somebody who watches:
 * the service is a process of its own, with the real store, rooms and threads; readers and watcher are in this one.
 * Three readers paint the standard workload in rounds, all of them at once, on what each of them drew of a liver before.
 * Needs `tsc -b schemas server` first.
 *
 *   node server/bench/live.ts [--quick] [--json]
 */

const SCRIPT = fileURLToPath(new URL('../tests/studies/support/studyProcess.mjs', import.meta.url));
const SECRET = 'the secret of the benchmark: thirty-two bytes and more';
const READERS = ['ada', 'ben', 'cleo'];
const DIMS = WORKLOAD_DIMS;
const SEGMENTS = 5;
const BUDGET = 100;

/** Requests and sockets of one person. */
class Person {
  readonly address: string;
  readonly username: string;

  constructor(address: string, username: string) {
    this.address = address;
    this.username = username;
  }

  async headers(): Promise<Record<string, string>> {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: 'voxcord-jupyter', aud: 'voxcord-service', sub: this.username, name: this.username };
    const token = await new SignJWT({ ...claims, iat: now, exp: now + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    return { [IDENTITY_HEADER]: token };
  }

  async ask<Answer>(method: 'GET' | 'POST', route: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.address}${API_PREFIX}${route}`, {
      method,
      headers: { ...(await this.headers()), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  async join(room: string): Promise<WebSocket> {
    const socket = new WebSocket(`${this.address.replace('http', 'ws')}/rooms/${room}`, {
      headers: await this.headers()
    });
    await once(socket, 'open');
    return socket;
  }
}

/** Somebody who paints in a read of their own. */
class Painter {
  /** Records that were sent. */
  sent = 0;
  /** How long each of them took to be acknowledged as durable, milliseconds. */
  readonly durable: number[] = [];
  readonly #sentAt: number[] = [];

  readonly socket: WebSocket;
  readonly client: number;

  constructor(socket: WebSocket, client: number) {
    this.socket = socket;
    this.client = client;
    socket.send(syncFrame(0, Uint8Array.of(0)));
    socket.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(data);
      if (decoding.readVarUint(decoder) !== MessageType.acknowledgement) return;
      const count = readAcknowledgement(decoder);
      while (this.durable.length < count) {
        this.durable.push(performance.now() - (this.#sentAt[this.durable.length] ?? 0));
      }
    });
  }

  encode(region: PaintedRegion, segment: number): Uint8Array {
    const lamport = this.sent + 1;
    return encodeStroke({ lamport, segment, tool: 'brush', continues: false, region, dims: DIMS });
  }

  /** Answers when it left. */
  send(stroke: Uint8Array): number {
    const frame = syncFrame(2, encodeRecords([{ client: this.client, clock: this.sent++, records: [stroke] }]));
    const now = performance.now();
    this.#sentAt.push(now);
    this.socket.send(frame);
    return now;
  }
}

/** Somebody who watches, and notes when a state has come. */
class Watching {
  bytes = 0;
  #newest: LiveState | null = null;
  #waiting: (() => void)[] = [];
  readonly #reader = new LiveStateReader();

  constructor(socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.bytes += data.length;
      const sent = this.#reader.receive(new Uint8Array(data));
      if (sent === null) return;
      this.#newest = sent.state;
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.on('close', code => {
      if (code >= 4400) throw new Error(`The live consensus was closed: ${code}`);
    });
  }

  async until(holds: (state: LiveState) => boolean): Promise<number> {
    while (this.#newest === null || !holds(this.#newest)) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    return performance.now();
  }
}

function syncFrame(kind: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** An ellipsoid of a liver's size, as a reader draws it. */
function liver(reader: number): PaintedRegion {
  const half = [130 + reader, 100 - reader, 80 + reader] as const;
  const centre = [230 + 2 * reader, 260 - reader, 150 + reader] as const;
  const [wide, high, deep] = half.map(n => 2 * n + 1);
  const mask = new Uint8Array((wide ?? 0) * (high ?? 0) * (deep ?? 0));
  let at = 0;
  for (let z = -half[2]; z <= half[2]; z++) {
    for (let y = -half[1]; y <= half[1]; y++) {
      const rest = 1 - (y / half[1]) ** 2 - (z / half[2]) ** 2;
      const reach = rest <= 0 ? -1 : half[0] * Math.sqrt(rest) + 2 * Math.sin(y / 7 + reader) * Math.cos(z / 5);
      for (let x = -half[0]; x <= half[0]; x++) mask[at++] = Math.abs(x) <= reach ? 1 : 0;
    }
  }
  const [x, y, z] = centre;
  const box = {
    min: [x - half[0], y - half[1], z - half[2]],
    max: [x + half[0], y + half[1], z + half[2]]
  } as const;
  return { box, mask };
}

async function startService(folder: string): Promise<{ child: ChildProcess; address: string }> {
  const [data, root] = [path.join(folder, 'data'), path.join(folder, 'files')];
  mkdirSync(root);
  const child = fork(SCRIPT, [JSON.stringify({ data, root, port: 0, secret: SECRET })]);
  const [port] = (await once(child, 'message')) as [number];
  return { child, address: `http://127.0.0.1:${port}` };
}

/** A case on a whole CT, with a read of each reader that the others may see. */
async function makeCase(folder: string, address: string): Promise<{ caseId: string; reads: string[] }> {
  const lead = new Person(address, 'lead');
  const file = path.join(folder, 'files', 'ct.nii');
  const affine = [-0.75, 0, 0, 190, 0, 0.75, 0, -190, 0, 0, 1, -150];
  writeFileSync(file, makeNifti({ dims: DIMS, datatype: 2, bytesPerVoxel: 1, voxels: [1, 2, 3], affine }));
  truncateSync(file, 352 + voxelCount(DIMS));
  const segments = Array.from({ length: SEGMENTS }, (_, n) => ({ name: `Organ ${n + 1}` }));
  const { id: projectId } = await lead.ask<{ id: string }>('POST', '/projects', {
    title: 'Bench',
    everyone: 'reader',
    segments
  });
  interface Job {
    readonly id: string;
    readonly state: string;
    readonly volumes: readonly { readonly hash: string }[];
  }
  let job = await lead.ask<Job>('POST', '/imports', { kind: 'path', path: 'ct.nii' });
  while (job.state === 'running') {
    await sleep(100);
    job = await lead.ask<Job>('GET', `/imports/${job.id}`);
  }
  const volumes = job.volumes.map(({ hash }) => hash);
  const { id: caseId } = await lead.ask<{ id: string }>('POST', `/projects/${projectId}/cases`, {
    title: 'CT',
    volumes
  });
  const reads: string[] = [];
  for (const username of READERS) {
    const reader = new Person(address, username);
    const read = await reader.ask<{ id: string }>('POST', `/cases/${caseId}/reads`, { access: 'shared' });
    reads.push(read.id);
  }
  return { caseId, reads };
}

async function measureLive(folder: string, strokes: number): Promise<BenchRow[]> {
  const { child, address } = await startService(folder);
  try {
    const { caseId, reads } = await makeCase(folder, address);
    const painters: Painter[] = [];
    for (const [index, read] of reads.entries()) {
      const person = new Person(address, READERS[index] ?? '');
      painters.push(new Painter(await person.join(`read:${read}`), 1000 + index));
    }
    for (const [index, painter] of painters.entries()) painter.send(painter.encode(liver(index), 1));
    const opening = performance.now();
    const watching = new Watching(await new Person(address, 'lead').join(`live:${caseId}`));
    const opened = (await watching.until(({ records }) => records.every(count => count > 0))) - opening;
    const whole = watching.bytes;
    const times: number[] = [];
    for (const round of standardWorkload({ strokes, segments: SEGMENTS })) {
      const ready = round.strokes.flatMap(stroke => {
        const painter = painters[stroke.reader];
        if (painter === undefined) return [];
        return [{ reader: stroke.reader, painter, bytes: painter.encode(strokeVoxels(stroke), stroke.segment) }];
      });
      await Promise.all(
        ready.map(async ({ reader, painter, bytes }) => {
          const start = painter.send(bytes);
          const wanted = painter.sent;
          times.push((await watching.until(({ records }) => (records[reader] ?? 0) >= wanted)) - start);
        })
      );
    }
    const durable = painters.flatMap(painter => painter.durable.slice(1));
    const acknowledged = (part: number): { what: string; measured: number } => ({
      what: 'durable acknowledgement',
      measured: quantile(durable, part)
    });
    const what = `stroke to the consensus of a watcher, ${DIMS.join('x')}, ${READERS.length} readers at once`;
    return [
      row(`${what}, p50 of ${times.length}`, 'ms', quantile(times, 0.5), null, acknowledged(0.5)),
      row(`${what}, p95`, 'ms', quantile(times, 0.95), BUDGET, acknowledged(0.95)),
      row('live consensus from the start, to the first state', 'ms', opened, null),
      row('live consensus on the wire, mean of a stroke', 'B', (watching.bytes - whole) / times.length, null)
    ];
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-bench-live-'));
try {
  tellRows(await measureLive(folder, process.argv.includes('--quick') ? 150 : 600));
} finally {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
}
