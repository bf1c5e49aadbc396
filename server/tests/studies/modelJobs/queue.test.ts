import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelProvenance, Person } from '@voxcord/schemas/api';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InferenceError } from '../../../src/inference/errors.js';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../../src/store/store.js';
import { Journal } from '../../../src/studies/journal.js';
import { ModelJobQueue } from '../../../src/studies/modelJobs/modelJobQueue.js';
import { readModelJob, type StoredModelJob } from '../../../src/studies/modelJobs/modelJobRecords.js';
import type { PreparedJob } from '../../../src/studies/modelJobs/modelJobWork.js';
import { OneAtATime } from '../../../src/studies/oneAtATime.js';
import { ProjectAudit } from '../../../src/truth/index.js';

const PROJECT = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
const NOW = new Date('2026-05-04T08:00:00.000Z');
const SHA = 'a'.repeat(64);

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-queue-'));
  store = await openEmbeddedStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function person(username: string): Person {
  return { username, displayName: username, initials: 'X', colour: '#aa0000' };
}

function newJob(username: string, changes: Partial<StoredModelJob> = {}): StoredModelJob {
  return {
    id: randomUUID(),
    key: SHA,
    projectId: PROJECT,
    caseId: randomUUID(),
    volume: SHA,
    model: { name: 'threshold', version: '1.0.0', sha256: SHA },
    title: 'Threshold',
    protocolVersion: null,
    requestedBy: person(username),
    priority: 'later',
    state: 'waiting',
    attempts: 0,
    warnings: [],
    readId: randomUUID(),
    provenance: null,
    problem: null,
    createdAt: NOW.toISOString(),
    startedAt: null,
    endedAt: null,
    untold: null,
    ...changes
  };
}

function provenanceOf({ id, model, volume }: StoredModelJob): ModelProvenance {
  const parameters = { segments: [] };
  return { model, job: id, volume, parameters, software: [], provider: 'cpu', seconds: 1, peakMemoryMb: 1 };
}

/** Work that is steered by hand: each job ends when it is told to. */
class Workshop {
  readonly begun: string[] = [];
  readonly published = new Map<string, ModelProvenance>();
  mostAtOnce = 0;
  readonly #running = new Map<string, { readonly end: () => void; readonly fail: (error: unknown) => void }>();

  prepare(): Promise<PreparedJob> {
    // What is prepared is of no interest to the queue, but for its warnings.
    return Promise.resolve({ warnings: ['Left out: Spleen'] } as unknown as PreparedJob);
  }

  async perform(
    job: StoredModelJob,
    _prepared: PreparedJob,
    report: (done: number, step: string) => void,
    signal: AbortSignal
  ): Promise<ModelProvenance> {
    this.begun.push(job.id);
    report(0.5, 'Half way');
    report(0.25, 'Told late');
    try {
      await new Promise<void>((end, fail) => {
        this.#running.set(job.id, { end, fail });
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#running.size);
        signal.addEventListener('abort', () => fail(new Error('aborted')));
      });
    } finally {
      this.#running.delete(job.id);
    }
    const provenance = provenanceOf(job);
    this.published.set(job.readId, provenance);
    return provenance;
  }

  publishedOf({ readId }: StoredModelJob): Promise<ModelProvenance | null> {
    return Promise.resolve(this.published.get(readId) ?? null);
  }

  async end(id: string, error?: unknown): Promise<void> {
    const running = await until(() => this.#running.get(id));
    if (error === undefined) running.end();
    else running.fail(error);
  }

  async #next(): Promise<string> {
    return until(() => [...this.#running.keys()][0]);
  }

  async endNext(): Promise<string> {
    const id = await this.#next();
    await this.end(id);
    await until(() => !this.#running.has(id) || undefined);
    return id;
  }
}

async function until<T>(found: () => T | undefined): Promise<T> {
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

function open(workshop: Workshop, atATime = 1, failures: unknown[] = []): ModelJobQueue {
  const turns = new OneAtATime();
  const now = (): Date => NOW;
  return new ModelJobQueue({
    catalogue: store.catalogue,
    journal: new Journal(store.catalogue, new ProjectAudit(store, now), turns),
    work: {
      prepare: () => workshop.prepare(),
      perform: (job, prepared, report, signal) => workshop.perform(job, prepared, report, signal),
      published: job => workshop.publishedOf(job)
    },
    now,
    reportFailure: error => failures.push(error),
    atATime
  });
}

async function add(queue: ModelJobQueue, job: StoredModelJob): Promise<StoredModelJob> {
  await store.catalogue.insert('model-job', job.id, job.projectId, job);
  queue.add(job);
  return job;
}

async function stored({ id }: StoredModelJob): Promise<StoredModelJob> {
  return readModelJob(await store.catalogue.get('model-job', id));
}

async function settled(job: StoredModelJob): Promise<StoredModelJob> {
  for (;;) {
    const now = await stored(job);
    if (now.state !== 'waiting' && now.state !== 'running') return now;
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

describe('a job', () => {
  test('runs, tells how far it is, and ends with its provenance and its warnings', async () => {
    const workshop = new Workshop();
    const queue = open(workshop);
    const job = await add(queue, newJob('ada'));
    await until(() => (workshop.begun.length === 1 ? true : undefined));
    expect(queue.progress(job.id)).toEqual({ fraction: 0.5, step: 'Told late', remainingSeconds: null });
    expect(await stored(job)).toMatchObject({ state: 'running', attempts: 1, startedAt: NOW.toISOString() });
    await workshop.end(job.id);
    expect(await settled(job)).toMatchObject({
      state: 'done',
      provenance: provenanceOf(job),
      warnings: ['Left out: Spleen'],
      endedAt: NOW.toISOString()
    });
    await queue.close();
    expect(queue.progress(job.id)).toBe(null);
  });

  test('that fails says why, and the next one runs', async () => {
    const workshop = new Workshop();
    const failures: unknown[] = [];
    const queue = open(workshop, 1, failures);
    const [first, second, third] = [newJob('ada'), newJob('ada'), newJob('ada')];
    for (const job of [first, second, third]) await add(queue, job);
    await workshop.end(first.id, new InferenceError('inference.not-finite', 'It answered NaN.'));
    const bug = new TypeError('a secret of the service');
    await workshop.end(second.id, bug);
    await workshop.end(third.id);
    expect((await settled(first)).problem).toEqual({ code: 'inference.not-finite', detail: 'It answered NaN.' });
    const { state, problem } = await settled(second);
    expect([state, problem?.code, problem?.detail.includes('secret')]).toEqual(['failed', 'service.failed', false]);
    expect(failures).toEqual([bug]);
    expect((await settled(third)).state).toBe('done');
  });

  test('is cancelled at once, whether it waits or runs, and the next one runs', async () => {
    const workshop = new Workshop();
    const queue = open(workshop);
    const [running, waiting, next] = [newJob('ada'), newJob('ada'), newJob('ada')];
    for (const job of [running, waiting, next]) await add(queue, job);
    await until(() => workshop.begun[0]);
    expect(await queue.cancel(waiting.id, person('ben'))).toBe(true);
    expect((await stored(waiting)).state).toBe('cancelled');
    expect(await queue.cancel(running.id, person('ben'))).toBe(true);
    expect((await stored(running)).state).toBe('cancelled');
    await workshop.end(next.id);
    await settled(next);
    expect(workshop.begun).toEqual([running.id, next.id]);
    expect(await queue.cancel(next.id, person('ben'))).toBe(false);
    const last = await add(queue, newJob('ada'));
    await workshop.end(last.id);
    expect((await settled(last)).state).toBe('done');
  });
});

test('what fails or is cancelled once its read is stored is done: asked for again, it would leave a second read', async () => {
  const workshop = new Workshop();
  const failures: unknown[] = [];
  const queue = open(workshop, 1, failures);
  const [failing, cancelled] = [await add(queue, newJob('ada')), await add(queue, newJob('ada'))];
  for (const job of [failing, cancelled]) workshop.published.set(job.readId, provenanceOf(job));
  const full = new Error('The disk took the read and nothing more.');
  await workshop.end(failing.id, full);
  expect(await settled(failing)).toMatchObject({ state: 'done', provenance: provenanceOf(failing), problem: null });
  expect(failures).toEqual([full]);
  await until(() => workshop.begun[1]);
  expect(await queue.cancel(cancelled.id, person('ben'))).toBe(false);
  expect((await stored(cancelled)).state).toBe('done');
  const ends: string[] = [];
  for await (const entries of new ProjectAudit(store, () => NOW).read(PROJECT, 0)) {
    ends.push(...entries.filter(({ action }) => action === 'model-job.done').map(({ actor }) => actor.kind));
  }
  expect(ends).toEqual(['service', 'service']);
});

describe('when the service starts', () => {
  test('what waited and what ran goes on, what has left its read is done, and each runs once more at most', async () => {
    const jobs = {
      waited: newJob('ada'),
      ran: newJob('ada', { state: 'running', attempts: 1 }),
      published: newJob('ada', { state: 'running', attempts: 1 }),
      givenUp: newJob('ada', { state: 'running', attempts: 3 }),
      cancelled: newJob('ada', { state: 'cancelled' })
    };
    for (const job of Object.values(jobs)) await store.catalogue.insert('model-job', job.id, PROJECT, job);
    const workshop = new Workshop();
    workshop.published.set(jobs.published.readId, provenanceOf(jobs.published));
    const queue = open(workshop);
    await queue.resume();
    for (const job of [jobs.waited, jobs.ran]) await workshop.end(job.id);
    expect(await settled(jobs.waited)).toMatchObject({ state: 'done', attempts: 1 });
    expect(await settled(jobs.ran)).toMatchObject({ state: 'done', attempts: 2 });
    expect(await settled(jobs.published)).toMatchObject({ state: 'done', attempts: 1 });
    expect(await settled(jobs.givenUp)).toMatchObject({ state: 'failed', problem: { code: 'model-job.interrupted' } });
    expect((await stored(jobs.cancelled)).state).toBe('cancelled');
    expect(workshop.begun).toEqual([jobs.waited.id, jobs.ran.id]);
  });

  test('what was stopped in order waits again, and that attempt does not count', async () => {
    const job = newJob('ada');
    for (let start = 1; start <= 5; start++) {
      const workshop = new Workshop();
      const queue = open(workshop);
      if (start === 1) await add(queue, job);
      else await queue.resume();
      await until(() => workshop.begun[0]);
      await queue.close();
      expect(await stored(job)).toMatchObject({ state: 'waiting', attempts: 0, startedAt: null });
    }
  });
});

test(
  'whatever is asked for and cancelled, each job ends once and never more run than may',
  { timeout: 120_000 },
  async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('ask' as const), who: fc.constantFrom('ada', 'ben', 'cleo') }),
        fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }),
        fc.record({ kind: fc.constant('end' as const) })
      ),
      { minLength: 1, maxLength: 12 }
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (all, atATime) => {
        const workshop = new Workshop();
        const queue = open(workshop, atATime);
        const jobs: StoredModelJob[] = [];
        const cancelled = new Set<string>();
        let left = 0;
        for (const step of all) {
          if (step.kind === 'ask') {
            jobs.push(await add(queue, newJob(step.who)));
            left += 1;
          } else if (step.kind === 'cancel') {
            const job = jobs[step.which % Math.max(1, jobs.length)];
            if (job !== undefined && (await queue.cancel(job.id, person('dora')))) {
              left -= 1;
              cancelled.add(job.id);
            }
          } else if (left > 0) {
            await settled(await byId(jobs, await workshop.endNext()));
            left -= 1;
          }
        }
        for (; left > 0; left--) await settled(await byId(jobs, await workshop.endNext()));
        for (const job of jobs) expect((await stored(job)).state).toBe(cancelled.has(job.id) ? 'cancelled' : 'done');
        expect(new Set(workshop.begun).size).toBe(workshop.begun.length);
        expect(workshop.mostAtOnce).toBeLessThanOrEqual(atATime);
        await queue.close();
      }),
      { seed: 20261123, numRuns: 15 }
    );
  }
);

function byId(jobs: readonly StoredModelJob[], id: string): Promise<StoredModelJob> {
  const found = jobs.find(job => job.id === id);
  return found === undefined ? Promise.reject(new Error('There is no such job.')) : Promise.resolve(found);
}
