import type { Case } from '@voxcord/schemas/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../http/testService.js';
import { KillableService } from '../support/killableService.js';
import { ask, ended, jobWhen, labelsOf, modelReads, ModelShelf } from './support.js';

let shelf: ModelShelf;
let service: KillableService;
let lead: Caller;
let case_: Case;

beforeAll(async () => {
  shelf = ModelShelf.with('slow', 'never-ends-later');
  process.env['VOXCORD_MODELS'] = shelf.folder;
  service = await KillableService.start();
  lead = service.as('lead');
  const project = await lead.project({ segments: [{ name: 'Liver' }] });
  const volumes = [await lead.volume({ dims: [12, 10, 8] })];
  case_ = await lead.call('createCase', { params: { projectId: project.id }, body: { title: 'Case 1', volumes } });
}, 120_000);
afterAll(async () => {
  await service.stop();
  delete process.env['VOXCORD_MODELS'];
  shelf.remove();
});

test('a run that the service was killed over is begun again, and its read appears once', async () => {
  const job = await ask(lead, case_.projectId, case_.id, 'slow');
  await jobWhen(lead, job.id, ({ state, fraction }) => state === 'running' && fraction > 0);
  await service.kill();
  const done = await ended(lead, job);
  expect([done.state, done.attempts]).toEqual(['done', 2]);
  expect((await modelReads(lead, case_.id)).map(({ id }) => id)).toEqual([done.read]);
  expect((await labelsOf(lead, done.read ?? '')).some(label => label === 1)).toBe(true);
  await service.kill();
  expect(await ended(lead, job)).toEqual(done);
  expect((await modelReads(lead, case_.id)).map(({ id }) => id)).toEqual([done.read]);
});

test('a run that the service does not survive three times is given up, and the next one runs', async () => {
  const { id: second } = await lead.call('createCase', {
    params: { projectId: case_.projectId },
    body: { title: 'Case 2', volumes: case_.volumes.map(({ hash }) => hash) }
  });
  const job = await ask(lead, case_.projectId, second, 'never-ends-later');
  const next = await ask(lead, case_.projectId, second, 'slow');
  for (let attempt = 1; attempt <= 3; attempt++) {
    await jobWhen(lead, job.id, ({ state, attempts }) => state === 'running' && attempts === attempt);
    await service.kill();
  }
  const given = await ended(lead, job);
  expect([given.state, given.problem?.code, given.attempts]).toEqual(['failed', 'model-job.interrupted', 3]);
  expect((await ended(lead, next)).state).toBe('done');
  expect(await modelReads(lead, second)).toHaveLength(1);
});
