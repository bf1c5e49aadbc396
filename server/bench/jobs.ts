import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { API_PREFIX, IDENTITY_HEADER } from '@voxcord/schemas/api';
import { voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import { SignJWT } from 'jose';
import { quantile, row, tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { makeNifti } from '../tests/imaging/niftiFile.ts';
import { makeRandomModel } from './randomModel.ts';
import { BenchClient, paintTogether } from './rooms.ts';

/*
 * Whether those who paint notice that a model runs: how long strokes of 25 people in one room take to be durable, before a
 * run on a whole CT and during it. The service is a process of its own, with the real store, rooms, queue and network; the
 * clients are in this one. Needs `tsc -b schemas server` first.
 *
 *   node server/bench/jobs.ts [--quick] [--json]
 */

const SCRIPT = fileURLToPath(new URL('../tests/studies/support/studyProcess.mjs', import.meta.url));
const SECRET = 'the secret of the benchmark: thirty-two bytes and more';
const DIMS: Dims = [512, 512, 300];
const PEOPLE = 25;
const RATIO = 1.5;
/** A tail of few strokes says little: 200 of each round. */
const ROUNDS = 6;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly step: string;
}

/** Requests of one person. */
class Person {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  async ask<Answer>(method: 'GET' | 'POST', route: string, body?: object): Promise<Answer> {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'voxcord-jupyter',
      aud: 'voxcord-service',
      sub: 'lead',
      name: 'lead',
      iat: now,
      exp: now + 60
    };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
    const response = await fetch(`${this.address}${API_PREFIX}${route}`, {
      method,
      headers: { [IDENTITY_HEADER]: token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}

async function startService(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const [data, root] = [path.join(folder, 'data'), path.join(folder, 'files')];
  mkdirSync(root);
  makeRandomModel(path.join(folder, 'models', 'random'), 96, 0.5);
  const child = fork(SCRIPT, [JSON.stringify({ data, root, port: 0, secret: SECRET })], {
    env: { ...process.env, VOXCORD_MODELS: path.join(folder, 'models') }
  });
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

/** A case on a whole CT, and a read that all share. */
async function makeCase(folder: string, lead: Person): Promise<{ projectId: string; caseId: string; read: string }> {
  const file = path.join(folder, 'files', 'ct.nii');
  const affine = [-0.75, 0, 0, 190, 0, 0.75, 0, -190, 0, 0, 1, -150];
  writeFileSync(file, makeNifti({ dims: DIMS, voxels: [1, 2, 3], affine }));
  truncateSync(file, 352 + 2 * voxelCount(DIMS));
  const segments = [{ name: 'Segment 1' }];
  const project = { title: 'Bench', everyone: 'reader', segments };
  const { id: projectId } = await lead.ask<{ id: string }>('POST', '/projects', project);
  interface Import {
    readonly id: string;
    readonly state: string;
    readonly volumes: readonly { readonly hash: string }[];
  }
  let job = await lead.ask<Import>('POST', '/imports', { kind: 'path', path: 'ct.nii' });
  while (job.state === 'running') {
    await sleep(100);
    job = await lead.ask<Import>('GET', `/imports/${job.id}`);
  }
  const body = { title: 'CT', volumes: job.volumes.map(({ hash }) => hash) };
  const { id: caseId } = await lead.ask<{ id: string }>('POST', `/projects/${projectId}/cases`, body);
  const read = await lead.ask<{ id: string }>('POST', `/cases/${caseId}/reads`, { access: 'shared' });
  return { projectId, caseId, read: read.id };
}

/** The job once its network works. */
async function running(lead: Person, projectId: string, caseId: string): Promise<Job> {
  const body = { model: { name: 'random', version: '1.0.0' }, cases: [caseId], priority: 'now' };
  const [asked] = await lead.ask<Job[]>('POST', `/projects/${projectId}/model-jobs`, body);
  for (;;) {
    const job = await lead.ask<Job>('GET', `/model-jobs/${asked?.id ?? ''}`);
    if (job.state === 'running' && job.step.startsWith('Scoring')) return job;
    if (job.state !== 'waiting' && job.state !== 'running') throw new Error(`The run is ${job.state}.`);
    await sleep(100);
  }
}

async function measureJobs(folder: string, seconds: number): Promise<BenchRow[]> {
  const { child, port } = await startService(folder);
  try {
    const lead = new Person(`http://127.0.0.1:${port}`);
    const { projectId, caseId, read } = await makeCase(folder, lead);
    let client = 0;
    let lamport = 1;
    const strokes = async (): Promise<number[]> => {
      const people: BenchClient[] = [];
      for (let n = 0; n < PEOPLE; n++) people.push(await BenchClient.join(port, (client += 1), `read:${read}`, SECRET));
      lamport = await paintTogether(people, seconds, lamport);
      for (const person of people) person.leave();
      return people.flatMap(({ milliseconds }) => milliseconds);
    };
    // In turns: what else the machine does, and how much is painted already, is then the same for both.
    await strokes();
    const idle: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      idle.push(...(await strokes()));
      const job = await running(lead, projectId, caseId);
      busy.push(...(await strokes()));
      const after = await lead.ask<Job>('POST', `/model-jobs/${job.id}/cancel`);
      if (after.state !== 'cancelled') throw new Error('The run ended before the measurement: take a larger image.');
    }
    const [from, during] = [idle, busy].map(all => quantile(all, 0.95)) as [number, number];
    const what = `durable acknowledgement, ${PEOPLE} people in one room, p95`;
    const median = (all: readonly number[]): number => quantile(all, 0.5);
    return [
      row('durable acknowledgement while a model runs, p50', 'ms', median(busy), null, {
        what: 'idle',
        measured: median(idle)
      }),
      row(`${what}, idle, of ${idle.length}`, 'ms', from, null),
      row(`${what}, while a model runs on ${DIMS.join(' x ')}, of ${busy.length}`, 'ms', during, RATIO * from, {
        what: 'idle',
        measured: from
      })
    ];
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

const isQuick = process.argv.includes('--quick');
const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-bench-jobs-'));
try {
  tellRows(await measureJobs(folder, isQuick ? 2 : 8));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
