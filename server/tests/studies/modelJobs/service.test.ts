import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Case, Project } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_MODEL_JOB_LIMITS } from '../../../src/studies/modelJobs/openModelJobs.js';
import { TestService, type Caller } from '../../http/testService.js';
import { unpack } from '../support/truth.js';
import { RoomClient } from '../support/roomClient.js';
import { DIMS, protocolContent, signing, Study } from '../support/study.js';
import { ask, ended, jobWhen, labelsOf, modelReads, ModelShelf, wanted } from './support.js';

const WAITING_PER_PERSON = 12;

let shelf: ModelShelf;
let service: TestService;
let study: Study;
let lead: Caller;
let dora: Caller;

beforeAll(async () => {
  shelf = ModelShelf.with('threshold', 'slow', 'nan-later', 'never-ends-later', 'wrong-hash', 'click-distance');
  service = await TestService.start(
    { modelJobs: { ...DEFAULT_MODEL_JOB_LIMITS, waitingPerPerson: WAITING_PER_PERSON } },
    { shippedModels: shelf.folder }
  );
  study = await Study.start(service, { ada: 'reader', vera: 'viewer', dora: 'adjudicator' });
  lead = study.lead;
  dora = study.as('dora');
}, 120_000);
afterAll(async () => {
  await service.stop();
  shelf.remove();
});

/** A case with a volume whose voxels hold `first`, `first` + 1 ... in the order of the file. */
async function newCase(project: Project = study.project, first = 0): Promise<Case> {
  const voxels = Array.from({ length: DIMS[0] * DIMS[1] * DIMS[2] }, (_, index) => first + (index % 200));
  const hash = await lead.volume({ dims: DIMS, voxels });
  const body = { title: `Case ${hash.slice(0, 6)}`, volumes: [hash] };
  return lead.call('createCase', { params: { projectId: project.id }, body });
}

/** What the fixture `threshold` makes of that volume on its canonical grid, which runs the other way along i. */
function thresholded(of: (value: number) => number, first = 0): Uint8Array {
  const [ni] = DIMS;
  return Uint8Array.from({ length: DIMS[0] * DIMS[1] * DIMS[2] }, (_, at) => {
    const row = Math.floor(at / ni);
    return of(first + ((row * ni + ni - 1 - (at % ni)) % 200));
  });
}

async function lockBlind(projectId: string): Promise<void> {
  const params = { projectId };
  const body = { edition: null, content: protocolContent() };
  const { edition } = await lead.call('saveProtocolDraft', { params, body });
  await lead.call('lockProtocol', { params, body: { edition, signing: signing() } });
}

function scratch(): string[] {
  return readdirSync(path.join(service.folder, 'data', 'scratch')).filter(name => name.startsWith('model-job-'));
}

describe('a run of a model', () => {
  test('leaves a read by that model: submitted, sealed, with what made it, and nothing else', async () => {
    const { id: caseId, volumes } = await newCase();
    const asked = await ask(lead, study.project.id, caseId);
    expect([asked.state, asked.read, asked.requestedBy.username]).toEqual(['waiting', null, 'lead']);
    const job = await ended(lead, asked);
    expect([job.state, job.fraction, job.problem, job.attempts]).toEqual(['done', 1, null, 1]);
    expect(job.warnings).toEqual(['Left out, since the project has no such segment: Nodule.']);
    expect(job.provenance).toMatchObject({
      model: job.model,
      job: job.id,
      volume: volumes[0]?.hash,
      parameters: { segments: [{ channel: 1, segment: 1, by: 'code' }] },
      provider: 'cpu'
    });
    expect(job.provenance?.software.map(({ name }) => name)).toEqual(['voxcord', 'onnxruntime-node', 'node']);
    const [read, ...others] = await modelReads(lead, caseId);
    expect(others).toEqual([]);
    expect(read).toMatchObject({
      id: job.read,
      purpose: 'model',
      access: 'blind',
      state: 'submitted',
      reader: { username: 'model:threshold@1.0.0', displayName: 'Bright and brighter 1.0.0' },
      mayView: true,
      mayWrite: false
    });
    const readId = read?.id ?? '';
    const liver = thresholded(value => (value > 50 && value < 151 ? 1 : 0));
    expect(await labelsOf(lead, readId)).toEqual(liver);
    const [revision] = await lead.call('listRevisions', { params: { readId } });
    expect(revision).toMatchObject({ number: 1, signature: null, model: job.provenance, notRead: [2] });
    const reference = `revision:${revision?.hash ?? ''}`;
    const map = await lead.call('getFixedLabelMap', { params: { reference } });
    const pack = await lead.send('getFixedLabelMapPack', { params: { reference } });
    expect(unpack(map, new Uint8Array(await pack.arrayBuffer()))).toEqual(liver);
    expect(scratch()).toEqual([]);
    const events = await lead.call('listAuditEvents', { params: { projectId: study.project.id } });
    const told = events.filter(({ action }) => action.startsWith('model-job') || action === 'read.by-model');
    expect(told.map(({ action }) => action)).toEqual([
      'model-job.asked',
      'model-job.begun',
      'read.by-model',
      'model-job.done'
    ]);
  });

  test('is one job and one read, whoever asks and however often; after a failure it can be asked again', async () => {
    const { id: caseId } = await newCase();
    const params = { projectId: study.project.id };
    const body = wanted('threshold', [caseId]);
    const both = await Promise.all([lead, dora].map(caller => caller.call('startModelJobs', { params, body })));
    const ids = both.map(([job]) => job?.id);
    expect(ids[0]).toBe(ids[1]);
    const done = await ended(lead, { id: ids[0] ?? '' });
    const [again] = await dora.call('startModelJobs', { params, body });
    expect(again).toEqual(done);
    expect(await modelReads(lead, caseId)).toHaveLength(1);

    const failing = await ended(lead, await ask(lead, params.projectId, caseId, 'nan-later'));
    const next = await ask(dora, params.projectId, caseId, 'nan-later');
    expect([failing.state, next.id === failing.id]).toEqual(['failed', false]);
    await ended(lead, next);
  });

  test('is hidden, with what it left, from readers once the project reads blind: who gets the case later has not seen it', async () => {
    const project = await lead.project({ title: 'Free at first', everyone: 'reader' });
    const { id: caseId } = await newCase(project);
    const { read } = await ended(lead, await ask(lead, project.id, caseId));
    const params = { readId: read ?? '' };
    const ada = study.as('ada');
    expect(await modelReads(ada, caseId)).toMatchObject([{ access: 'visible', mayView: true }]);
    const room = await RoomClient.join(ada, `read:${params.readId}`, { dims: DIMS });
    await lockBlind(project.id);
    await room.whenClosed();
    expect(await modelReads(ada, caseId)).toEqual([]);
    for (const name of ['getRead', 'getLabelMapHead', 'listSegments', 'listRevisions'] as const) {
      expect((await ada.problem(name, { params })).code, name).toBe('read.unknown');
    }
    expect(await modelReads(lead, caseId)).toMatchObject([{ id: read, mayView: true }]);
  });

  test('in a project without a protocol adds the segments that are missing, to its own read', async () => {
    const segments = [{ name: 'liver', number: 4 }];
    const project = await lead.project({ title: 'Free', everyone: 'reader', segments });
    const { id: caseId } = await newCase(project);
    const job = await ended(lead, await ask(lead, project.id, caseId));
    expect(job.provenance?.parameters.segments).toEqual([
      { channel: 1, segment: 4, by: 'name' },
      { channel: 2, segment: 1, by: 'added' }
    ]);
    const readId = job.read ?? '';
    const ada = study.as('ada');
    expect(await modelReads(ada, caseId)).toMatchObject([{ id: readId, access: 'visible', mayView: true }]);
    const listed = await ada.call('listSegments', { params: { readId } });
    expect(listed.map(({ number, name }) => [number, name])).toEqual([
      [1, 'Nodule'],
      [4, 'liver']
    ]);
    expect(await labelsOf(ada, readId)).toEqual(thresholded(value => (value > 150 ? 1 : value > 50 ? 4 : 0)));
    expect(await ada.call('listRevisions', { params: { readId } })).toEqual([]);
  });

  test('is not begun if nothing that the model labels is asked for', async () => {
    const other = await Study.start(service, {}, undefined);
    const content = {
      ...(await other.lead.call('listProtocols', { params: { projectId: other.project.id } }))[0]?.content
    };
    const spleen = { number: 1, name: 'Spleen', kind: 'structure', colour: '#aa0000', codes: [], instructions: '' };
    const { edition } = await other.lead.call('saveProtocolDraft', {
      params: { projectId: other.project.id },
      body: { edition: null, content: { ...content, segments: [spleen], acceptance: [] } }
    });
    const signing = { meaning: 'authorship', passphrase: 'a long passphrase of this person' };
    await other.lead.call('lockProtocol', { params: { projectId: other.project.id }, body: { edition, signing } });
    const job = await ended(other.lead, await ask(other.lead, other.project.id, other.case_.id));
    expect([job.state, job.attempts, job.problem?.code]).toEqual(['failed', 0, 'model-job.no-segment']);
    expect(job.problem?.detail).toContain('Spleen');
  });
});

describe('what fails ends, and the queue goes on', () => {
  test('a network that answers what are no numbers', async () => {
    const { id: caseId } = await newCase();
    const failing = await ask(lead, study.project.id, caseId, 'nan-later', 'now');
    const next = await ask(lead, study.project.id, caseId, 'threshold', 'later');
    const failed = await ended(lead, failing);
    const problem = failed.problem?.code;
    expect([failed.state, problem, failed.read, failed.provenance]).toEqual([
      'failed',
      'inference.not-finite',
      null,
      null
    ]);
    expect((await ended(lead, next)).state).toBe('done');
    expect(await modelReads(lead, caseId)).toHaveLength(1);
    expect(scratch()).toEqual([]);
  });

  test.each([
    ['wrong-hash', 404, 'model-job.no-model'],
    ['nobody-has-this', 404, 'model-job.no-model'],
    ['click-distance', 422, 'model-job.prompted']
  ])('%s is not run at all', async (model, status, code) => {
    const body = wanted(model, [study.case_.id]);
    const problem = await lead.problem('startModelJobs', { params: { projectId: study.project.id }, body });
    expect(problem).toMatchObject({ status, code });
  });

  test('a model that is taken away while its run waits; one that comes back with other weights', async () => {
    const [first, second] = [await newCase(), await newCase(study.project, 7)];
    shelf.place('threshold', 'passing', { name: 'passing' });
    const running = await ask(lead, study.project.id, first.id, 'slow', 'now');
    const waiting = await ask(lead, study.project.id, first.id, 'passing', 'later');
    shelf.take('passing');
    const gone = await ended(lead, waiting);
    expect([gone.state, gone.problem?.code]).toEqual(['failed', 'model-job.model-gone']);
    shelf.place('threshold', 'passing', { name: 'passing' });
    const done = await ended(lead, await ask(lead, study.project.id, second.id, 'passing'));
    shelf.take('passing');
    shelf.place('threshold', 'passing', { name: 'passing', title: 'Something else' });
    const body = wanted('passing', [second.id]);
    const problem = await lead.problem('startModelJobs', { params: { projectId: study.project.id }, body });
    expect([done.state, problem.code]).toEqual(['done', 'model-job.other-weights']);
    // In a case that it has not read it is a model like any other.
    expect((await ended(lead, await ask(lead, study.project.id, first.id, 'passing'))).state).toBe('done');
    await ended(lead, running);
  });
});

describe('many runs', () => {
  test('of one person and one of another: each has its turn, ten by night', { timeout: 120_000 }, async () => {
    const cases: string[] = [];
    for (let n = 0; n < 10; n++) cases.push((await newCase(study.project, 20 + n)).id);
    const params = { projectId: study.project.id };
    const jobs = await lead.call('startModelJobs', { params, body: wanted('threshold', cases, 'later') });
    const other = await ask(dora, study.project.id, study.case_.id);
    const ends = await Promise.all([...jobs, other].map(job => ended(lead, job)));
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['done']));
    const begun = (id: string): string => ends.find(job => job.id === id)?.startedAt ?? '';
    // Two of the ten may have begun before: the one that ran, and the one whose turn came with it.
    expect(jobs.filter(({ id }) => begun(id) < begun(other.id)).length).toBeLessThanOrEqual(2);
    const listed = await lead.call('listModelJobs', { params });
    expect(listed.slice(0, 11).map(({ id }) => id)).toEqual([other.id, ...jobs.map(({ id }) => id).reverse()]);
  });

  test('are limited for each person, and what is refused is refused as a whole', async () => {
    const cases: string[] = [];
    for (let n = 0; n < WAITING_PER_PERSON + 1; n++) cases.push((await newCase(study.project, 40 + n)).id);
    const params = { projectId: study.project.id };
    const before = await lead.call('listModelJobs', { params });
    const problem = await lead.problem('startModelJobs', { params, body: wanted('threshold', cases) });
    expect(problem).toMatchObject({ status: 429, code: 'model-job.too-many' });
    expect(await lead.call('listModelJobs', { params })).toEqual(before);
  });
});

describe('cancelling', () => {
  test('ends a run at once and leaves nothing of it; then it can be asked for again', async () => {
    const { id: caseId } = await newCase(study.project, 100);
    const running = await ask(lead, study.project.id, caseId, 'never-ends-later');
    const waiting = await ask(lead, study.project.id, caseId, 'threshold', 'later');
    await jobWhen(lead, running.id, ({ state }) => state === 'running');
    for (const { id } of [waiting, running]) {
      const cancelled = await dora.call('cancelModelJob', { params: { jobId: id } });
      expect([cancelled.state, cancelled.read, cancelled.problem]).toEqual(['cancelled', null, null]);
    }
    expect(await modelReads(lead, caseId)).toEqual([]);
    expect(scratch()).toEqual([]);
    const problem = await lead.problem('cancelModelJob', { params: { jobId: running.id } });
    expect(problem).toMatchObject({ status: 409, code: 'model-job.ended' });
    const again = await ended(lead, await ask(lead, study.project.id, caseId));
    expect([again.state, again.id === waiting.id]).toEqual(['done', false]);
  });
});

describe('who may not', () => {
  test.each(['ada', 'vera'])('%s neither runs models nor sees runs', async username => {
    const caller = study.as(username);
    const params = { projectId: study.project.id };
    const [job] = await lead.call('listModelJobs', { params });
    const body = wanted('threshold', [study.case_.id]);
    expect(await caller.problem('startModelJobs', { params, body })).toMatchObject({ code: 'access.denied' });
    expect(await caller.problem('listModelJobs', { params })).toMatchObject({ code: 'access.denied' });
    for (const name of ['getModelJob', 'cancelModelJob'] as const) {
      const problem = await caller.problem(name, { params: { jobId: job?.id ?? '' } });
      expect(problem).toMatchObject({ code: 'model-job.unknown' });
    }
    expect(await modelReads(caller, study.case_.id)).toEqual([]);
  });

  test('a manager who has still to read a case learns nothing of runs on it', async () => {
    await study.assign(['lead']);
    const caseId = study.case_.id;
    const params = { projectId: study.project.id };
    const job = (await dora.call('listModelJobs', { params })).find(each => each.caseId === caseId);
    const listed = await lead.call('listModelJobs', { params });
    expect(listed.some(each => each.caseId === caseId)).toBe(false);
    const problem = await lead.problem('getModelJob', { params: { jobId: job?.id ?? '' } });
    expect(problem.code).toBe('model-job.unknown');
    const refused = await lead.problem('startModelJobs', { params, body: wanted('threshold', [caseId]) });
    expect(refused.code).toBe('access.blinded');
    expect(await modelReads(lead, caseId)).toEqual([]);
  });

  test('nobody reopens what a model has labelled', async () => {
    const [job] = (await dora.call('listModelJobs', { params: { projectId: study.project.id } })).filter(
      ({ state, caseId }) => state === 'done' && caseId !== study.case_.id
    );
    const params = { readId: job?.read ?? '' };
    expect(await lead.problem('reopenRead', { params, body: { reason: 'it is wrong' } })).toMatchObject({
      code: 'read.by-model'
    });
  });
});
