import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Case } from '@voxcord/schemas/api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_MODEL_JOB_LIMITS } from '../../../src/studies/modelJobs/openModelJobs.js';
import type { ServiceLimits } from '../../../src/service.js';
import { TestService, type Caller } from '../../http/testService.js';
import { ask, ended, jobWhen, modelReads, ModelShelf } from './support.js';

let shelf: ModelShelf;
let service: TestService;
let lead: Caller;
let case_: Case;

beforeAll(() => {
  shelf = ModelShelf.with('threshold', 'never-ends-later');
});
afterAll(() => shelf.remove());
beforeEach(async () => {
  service = await TestService.start({}, { shippedModels: shelf.folder });
  await openCase();
});
afterEach(() => service.stop());

/** In a project without a protocol. */
async function openCase(): Promise<void> {
  lead = service.as('lead');
  const project = await lead.project({ segments: [{ name: 'Liver' }] });
  const volumes = [await lead.volume({ dims: [12, 10, 8] })];
  case_ = await lead.call('createCase', { params: { projectId: project.id }, body: { title: 'Case 1', volumes } });
}

function start(model?: string): ReturnType<typeof ask> {
  return ask(lead, case_.projectId, case_.id, model);
}

/** The same data, with other limits. */
async function restart(limits: Partial<ServiceLimits> = {}): Promise<void> {
  await service.running.stop();
  service = await service.restart(limits);
  lead = service.as('lead');
}

test('a network that never answers is given up after its time, and the next run begins', async () => {
  await restart({ modelJobs: { ...DEFAULT_MODEL_JOB_LIMITS, timeLimit: 2 } });
  const failing = await start('never-ends-later');
  const next = await start();
  const failed = await ended(lead, failing);
  expect([failed.state, failed.problem?.code]).toEqual(['failed', 'inference.timed-out']);
  expect(await ended(lead, next)).toMatchObject({ attempts: 1 });
});

test('a run on an execution provider that is not there ends with its name; on one that is, the result tells it', async () => {
  await restart({ modelJobs: { ...DEFAULT_MODEL_JOB_LIMITS, providers: ['abacus'] } });
  const failed = await ended(lead, await start());
  expect([failed.state, failed.problem?.code]).toEqual(['failed', 'inference.no-provider']);
  expect(failed.problem?.detail).toContain('abacus');
  expect(await modelReads(lead, case_.id)).toEqual([]);
  await restart({ modelJobs: { ...DEFAULT_MODEL_JOB_LIMITS, providers: ['cpu'] } });
  expect((await ended(lead, await start())).provenance?.provider).toBe('cpu');
});

test('a service that is stopped during a run goes on with it when it starts; that attempt does not count', async () => {
  const running = await start('never-ends-later');
  const waiting = await start();
  await jobWhen(lead, running.id, ({ state }) => state === 'running');
  await restart();
  await jobWhen(lead, running.id, ({ state }) => state === 'running');
  expect(await lead.call('cancelModelJob', { params: { jobId: running.id } })).toMatchObject({ attempts: 1 });
  expect((await ended(lead, waiting)).state).toBe('done');
  expect(await modelReads(lead, case_.id)).toHaveLength(1);
});

test('a disk without room for more than strokes: the run says so, and can be asked for again', async () => {
  await restart({ diskReserve: Number.MAX_SAFE_INTEGER });
  const failed = await ended(lead, await start());
  expect([failed.state, failed.problem?.code, failed.problem?.status]).toEqual(['failed', 'store.disk-full', 507]);
  expect(await modelReads(lead, case_.id)).toEqual([]);
  await restart();
  expect((await ended(lead, await start())).state).toBe('done');
});

test('a disk that takes nothing any more while the network works: nothing is half-written', async () => {
  const data = path.join(service.folder, 'data');
  const scratch = path.join(data, 'scratch');
  const job = await start('never-ends-later');
  await jobWhen(lead, job.id, ({ step }) => step.startsWith('Scoring') || step.startsWith('Reading the volume'));
  renameSync(scratch, `${scratch}.aside`);
  try {
    const next = await start();
    const cancelled = await lead.call('cancelModelJob', { params: { jobId: job.id } });
    const failed = await ended(lead, next);
    expect([cancelled.state, failed.state, failed.read]).toEqual(['cancelled', 'failed', null]);
    expect(await modelReads(lead, case_.id)).toEqual([]);
  } finally {
    renameSync(`${scratch}.aside`, scratch);
  }
  expect((await ended(lead, await start())).state).toBe('done');
  expect(await modelReads(lead, case_.id)).toHaveLength(1);
  // What the cancelled run could not remove is gone when the service starts.
  await restart();
  expect(readdirSync(scratch)).toEqual([]);
});
