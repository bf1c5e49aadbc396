import type { Case } from '@voxcord/schemas/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepBlobs } from '../../../src/housekeeping.js';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { Caller } from '../../http/testService.js';
import { KillableService } from '../support/killableService.js';
import { protocolContent, Study, withNodules } from '../support/study.js';
import { StudyProcess } from '../support/studyProcess.js';
import { ask, ended, jobWhen, labelsOf, modelReads, ModelShelf } from './support.js';

let shelf: ModelShelf;
let service: KillableService;
let lead: Caller;
let case_: Case;

beforeAll(async () => {
  shelf = ModelShelf.with('threshold', 'slow', 'never-ends-later');
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

/** Of a run under a protocol: 3 to ask for it, 3 to begin, then these. */
const WRITES = { ofTheRevision: 7, ofTheRead: 8, toTellOfTheRead: 9, ofTheEnd: 11 };

test('killed before any of the writes that make the read, the service leaves one read and tells of it once', async () => {
  const process = await StudyProcess.start();
  try {
    const study = await Study.start(process, {}, withNodules(protocolContent()));
    const { lead: own, project } = study;
    const params = { projectId: project.id };
    const scores = new Set<string>();
    for (const writes of Object.values(WRITES)) {
      const volumes = [await own.volume({ dims: [12, 10, 8], slope: writes })];
      const { id: caseId } = await own.call('createCase', { params, body: { title: `${writes}`, volumes } });
      // So that nothing but the run itself is written from here on.
      await own.call('listModels');
      await process.killAfter(writes);
      const job = await ask(own, project.id, caseId);
      await process.gone();
      await process.run();
      const done = await ended(own, job);
      expect([done.state, done.provenance?.job], `before write ${writes}`).toEqual(['done', job.id]);
      const reads = await modelReads(own, caseId);
      expect(reads.map(({ id }) => id)).toEqual([done.read]);
      const labels = await labelsOf(own, done.read ?? '');
      const [kept, ...others] = done.provenance?.scores ?? [];
      expect([kept?.segment, kept?.voxels, others]).toEqual([2, labels.filter(label => label === 2).length, []]);
      scores.add(kept?.sha256 ?? '');
      const events = await own.call('listAuditEvents', { params });
      const told = events.filter(({ details }) => details['case'] === caseId).map(({ action }) => action);
      for (const once of ['model-job.asked', 'read.by-model', 'model-job.done']) {
        expect(
          told.filter(action => action === once),
          `${once}, before write ${writes}`
        ).toHaveLength(1);
      }
    }
    await process.kill();
    const store = await openEmbeddedStore(process.data);
    // What a run had stored before it was killed is what the next one stored: nothing is left over.
    expect(await sweepBlobs(store)).toBe(0);
    for (const sha256 of scores) expect(await store.blobs.size(sha256)).not.toBe(null);
    await store.close();
  } finally {
    await process.stop();
  }
});
