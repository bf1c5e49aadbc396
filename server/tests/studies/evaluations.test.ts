import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Evaluation, KeptScores, LesionSummary, Release } from '@voxcord/schemas/api';
import { affineFromRows } from '@voxcord/schemas/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateCase, summariseEvaluation, type EvaluationSettings } from '../../src/evaluation/index.js';
import { sweepBlobs } from '../../src/housekeeping.js';
import { runInference } from '../../src/inference/runInference.js';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';
import { readEvaluation } from '../../src/studies/evaluations/evaluationRecords.js';
import { TestService, type Caller } from '../http/testService.js';
import { taskOf } from '../inference/support/tasks.js';
import { ask, ended, labelsOf, ModelShelf } from './modelJobs/support.js';
import { withNodules } from './support/study.js';
import { DISPUTED, GRID, SEEN, tumour, TruthStudy, votes } from './support/truth.js';

let shelf: ModelShelf;
let service: TestService;
let study: TruthStudy;
let release: Release;
/** Revision of the truth. */
let decided: string;

/** HU of the image on its canonical grid: `threshold` sees a nodule where they are above 150, and the surer the higher. */
function imageValues(): Int16Array {
  const values = new Int16Array(GRID[0] * GRID[1] * GRID[2]);
  const at = ([i, j, k]: readonly [number, number, number]): number => i + GRID[0] * (j + GRID[1] * k);
  const [i, j, k] = SEEN;
  for (const [n, value] of [200, 190, 170, 230].entries()) values[at([i + (n % 2), j + Math.floor(n / 2), k])] = value;
  const [first, second, third] = DISPUTED;
  for (let n = 0; n < 2; n++) values[at([first + n, second, third])] = 152 + 3 * n;
  values[at([10, 1, 6])] = 210;
  values[at([0, 9, 7])] = 160;
  values[at([1, 9, 7])] = 154;
  return values;
}

/** In the order of the file, whose first axis runs the other way. */
function imageFile(): number[] {
  const values = imageValues();
  const [ni] = GRID;
  return Array.from(values, (_, n) => values[n - (n % ni) + ni - 1 - (n % ni)] ?? 0);
}

beforeAll(async () => {
  shelf = ModelShelf.with('threshold');
  service = await TestService.start({}, { shippedModels: shelf.folder });
  study = await TruthStudy.start(service, withNodules(votes()), { dims: GRID, voxels: imageFile() });
  await study.read();
  const consensus = await study.consensus();
  const read = await study.beginAdjudication('dora', consensus.id);
  await study.decideAll('dora', consensus);
  decided = (await study.submit('dora', read.id)).hash;
  release = await study.sign((await study.prepare()).id);
}, 60_000);
afterAll(async () => {
  await service.stop();
  shelf.remove();
});

const MODEL = 'model:threshold@1.0.0';

const inProject = (): { params: { projectId: string } } => ({ params: { projectId: study.projectId } });

function start(by: Caller, reader: string, missing = 'leave-out'): Promise<Evaluation> {
  return by.call('startEvaluation', { ...inProject(), body: { release: release.id, reader, missing } });
}

async function done(evaluationId: string, by: Caller = service.as('lead')): Promise<Evaluation> {
  for (;;) {
    const evaluation = await by.call('getEvaluation', { params: { evaluationId } });
    if (evaluation.progress.state !== 'running') return evaluation;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

describe('a reader against a release', () => {
  test('can be chosen among those who have submitted a read of it', async () => {
    const readers = await study.lead.call('listEvaluableReaders', { params: { releaseId: release.id } });
    expect(readers.map(({ reader, kind, cases }) => [reader.username, kind, cases])).toEqual([
      ['ada', 'person', 1],
      ['ben', 'person', 1],
      ['cleo', 'person', 1]
    ]);
  });

  test('is measured, and it is said what the figures are worth', async () => {
    const { id } = await start(study.lead, 'cleo');
    const { progress, result, release: against, revisions, kind } = await done(id);
    expect(progress).toEqual({ state: 'done' });
    expect(against).toEqual({ id: release.id, version: '1.0.0', manifest: release.manifest });
    expect([revisions.length, kind]).toEqual([1, 'person']);
    const [liver, tumour] = result?.segments ?? [];
    const dice = liver?.measures.find(({ measure }) => measure.definition === 'dice')?.mean;
    // Cleo's liver: 10 x 8 x 6 voxels less one lesion of 8; in the truth it lacks another one.
    expect(dice?.value).toBeCloseTo((2 * 464) / (472 + 464), 12);
    expect(dice?.interval).toBeNull();
    expect(tumour?.lesions?.detection).toMatchObject({ lesions: 2, found: 1, marks: 1, falsePositives: 0 });
    expect(result?.conditions).toMatchObject({ surface: 'deepmind', tau: 2 });
    expect(liver?.measures.map(({ measure }) => measure.definition)).toContain('hd95.mesh');
    const lesions = result?.cases[0]?.lesions.map(({ outcome, lesion }) => [outcome, lesion]);
    expect(lesions).toEqual([
      ['found', 1],
      ['missed', 2]
    ]);
    expect(result?.warnings.map(({ code }) => code)).toEqual(['reader-in-truth', 'few-cases', 'no-scores']);
  });

  test('is computed once: whoever asks again gets what there is', async () => {
    const first = await start(study.lead, 'ben');
    await done(first.id);
    const again = await start(study.as('dora'), 'ben');
    expect(again.id).toBe(first.id);
    expect((await start(study.lead, 'ben', 'count-as-empty')).id).not.toBe(first.id);
    const listed = await study.lead.call('listEvaluations', inProject());
    expect(listed.map(({ reader, missing, result }) => [reader.username, missing, result])).toEqual([
      ['ben', 'count-as-empty', null],
      ['ben', 'leave-out', null],
      ['cleo', 'leave-out', null]
    ]);
  });

  test('is nothing if the reader has read nothing, or the release is another one', async () => {
    const body = { release: release.id, reader: 'sam', missing: 'leave-out' };
    expect((await study.lead.problem('startEvaluation', { ...inProject(), body })).code).toBe('evaluation.no-reads');
    const other = { ...body, release: '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11' };
    expect((await study.lead.problem('startEvaluation', { ...inProject(), body: other })).code).toBe('release.unknown');
    const params = { evaluationId: other.release };
    expect((await study.lead.problem('getEvaluation', { params })).code).toBe('evaluation.unknown');
  });

  test('is in the audit log, with what was evaluated', async () => {
    const events = await study.lead.call('listAuditEvents', { ...inProject(), query: { after: 0 } });
    const started = events.filter(({ action }) => action === 'evaluation.started');
    expect(started.map(({ actor, details }) => [actor, details['reader']])).toEqual([
      ['lead', 'cleo'],
      ['lead', 'ben'],
      ['lead', 'ben']
    ]);
    expect(started[0]?.details['manifest']).toBe(release.manifest);
  });
});

async function keptScores(): Promise<KeptScores> {
  const [job] = await study.lead.call('listModelJobs', inProject());
  const [scores] = job?.provenance?.scores ?? [];
  if (scores === undefined) throw new Error('The model has left no scores.');
  return scores;
}

function nodulesOf({ result }: Evaluation): LesionSummary | null | undefined {
  return result?.segments.find(({ number }) => number === 2)?.lesions;
}

/** What the engine says of the model's read if it is given the scores of every voxel. */
async function curveOfWholeMaps(): Promise<{ froc: LesionSummary['froc'] | undefined; scores: unknown[] }> {
  const [volume] = study.study.case_.volumes;
  if (volume === undefined) throw new Error('The case has no image.');
  const { grid, spacing } = volume;
  const affine = affineFromRows(grid.affine);
  const folder = path.join(service.folder, 'whole');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'image'), imageValues());
  const task = taskOf(
    'threshold',
    {
      path: path.join(folder, 'image'),
      firstVoxel: 0,
      voxelType: 'int16',
      dims: grid.dims,
      slope: 1,
      intercept: 0,
      affine,
      modality: 'CT'
    },
    folder
  );
  await runInference(task, { signal: new AbortController().signal, report: () => undefined });
  const plane = GRID[0] * GRID[1] * GRID[2];
  const maps = new Float32Array(new Uint8Array(readFileSync(task.scoresFile)).buffer);
  const [job] = await study.lead.call('listModelJobs', inProject());
  const { agreement, consensus, segments } = withNodules(votes());
  const settings: EvaluationSettings = {
    definitions: [agreement.surface],
    tau: agreement.tolerance,
    matching: consensus.lesions.matching,
    score: 'maximum'
  };
  const figures = evaluateCase(
    {
      grid: { dims: grid.dims, affine, spacing },
      truth: await study.labels(`revision:${decided}`),
      prediction: await labelsOf(study.lead, job?.read ?? ''),
      segments,
      scores: new Map([[2, maps.subarray(2 * plane, 3 * plane)]])
    },
    settings
  );
  const result = summariseEvaluation({
    names: segments.map(({ number, name, kind }) => ({ number, name, kind })),
    settings,
    warnings: [],
    cases: [
      {
        caseId: study.caseId,
        title: '',
        prediction: null,
        strata: {},
        standing: 'measured',
        segments: [...figures.segments],
        lesions: [...figures.lesions]
      }
    ]
  });
  return {
    froc: result.segments.find(({ number }) => number === 2)?.lesions?.froc,
    scores: figures.lesions.map(({ outcome, score }) => [outcome, score])
  };
}

describe('a model against a release', () => {
  test('is a reader like the others: before them in the list, with a word on what is not known of it', async () => {
    const job = await ended(study.lead, await ask(study.lead, study.projectId, study.caseId));
    expect(job.problem).toBe(null);
    const readers = await study.lead.call('listEvaluableReaders', { params: { releaseId: release.id } });
    expect(readers[0]).toMatchObject({ reader: { username: 'model:threshold@1.0.0' }, kind: 'model', cases: 1 });
    const { id } = await start(study.lead, MODEL);
    const { result, kind } = await done(id);
    expect(kind).toBe('model');
    const codes = result?.warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['training-data', 'few-cases']));
    expect(codes).not.toContain('reader-in-truth');
    expect(result?.cases[0]?.standing).toBe('measured');
    expect(result?.segments[0]).toMatchObject({ number: 1, cases: 1 });
    expect(codes).not.toContain('no-scores');
  });

  test('has the free-response curve that scores of the whole image give', async () => {
    const evaluation = await done((await start(study.lead, MODEL)).id);
    const whole = await curveOfWholeMaps();
    expect(nodulesOf(evaluation)?.froc).toEqual(whole.froc);
    expect(evaluation.result?.cases[0]?.lesions.map(({ outcome, score }) => [outcome, score])).toEqual(whole.scores);
    // Two lesions and two false marks, each with a score of its own.
    expect(whole.froc?.points.map(({ sensitivity }) => sensitivity)).toEqual([0, 0.5, 0.5, 0.5, 1]);
    expect(new Set(whole.froc?.points.map(({ threshold }) => threshold)).size).toBe(5);
  });

  test('whose scores are damaged has one point and a warning; once they are restored it has its curve again', async () => {
    const { sha256, ...about } = await keptScores();
    expect(about).toEqual({ segment: 2, voxels: 9 });
    const file = path.join(service.folder, 'data', 'blobs', sha256.slice(0, 2), sha256);
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map(byte => byte ^ 1)
    );
    const damaged = await done((await start(study.lead, MODEL, 'count-as-empty')).id);
    writeFileSync(file, bytes);
    expect(damaged.progress).toEqual({ state: 'done' });
    expect(damaged.result?.warnings.find(({ code }) => code === 'damaged-scores')?.text).toContain('Case 1');
    expect(nodulesOf(damaged)?.froc).toMatchObject({ scored: false, points: [{ sensitivity: 1 }] });
    const again = await done((await start(study.lead, MODEL, 'count-as-empty')).id);
    expect(again.id).not.toBe(damaged.id);
    expect(nodulesOf(again)?.froc.points).toHaveLength(5);
    expect(again.result?.warnings.map(({ code }) => code)).not.toContain('damaged-scores');
  });

  test('is given up by whoever waits for it no longer, and can be begun anew', async () => {
    const first = await start(study.lead, 'ada');
    const second = await start(study.lead, 'ada', 'count-as-empty');
    await study.lead.call('cancelEvaluation', { params: { evaluationId: second.id } });
    expect((await done(second.id)).progress).toEqual({ state: 'cancelled' });
    expect((await done(first.id)).progress).toEqual({ state: 'done' });
    const again = await start(study.lead, 'ada', 'count-as-empty');
    expect(again.id).not.toBe(second.id);
    expect((await done(again.id)).progress).toEqual({ state: 'done' });
  });

  test('is told to be outdated once its reader has submitted something newer', async () => {
    const before = await start(study.lead, 'ada');
    expect(before.outdated).toBe(false);
    const ada = study.as('ada');
    const { reads } = await ada.call('getCase', { params: { caseId: study.caseId } });
    const readId = reads.find(({ reader }) => reader.username === 'ada')?.id ?? '';
    await study.lead.call('reopenRead', { params: { readId }, body: { reason: 'A nodule was missing' } });
    await study.paint('ada', readId, [tumour([9, 1, 1])], 100);
    // What is open again is nobody else's business, and so is what was measured of it.
    const params = { evaluationId: before.id };
    expect((await study.lead.problem('getEvaluation', { params })).code).toBe('evaluation.unknown');
    await study.submit('ada', readId);
    expect((await done(before.id)).outdated).toBe(true);
    const after = await start(study.lead, 'ada');
    expect(after.id).not.toBe(before.id);
    expect((await done(after.id)).result?.segments[1]?.lesions?.detection.falsePositives).toBe(1);
  });
});

describe('who may see it', () => {
  test('members who may see the release and the reads; viewers start none, strangers see nothing', async () => {
    const params = { projectId: study.projectId, username: 'vera' };
    await service.as('vera').call('me');
    await study.lead.call('setMember', { params, body: { role: 'viewer' } });
    expect((await study.as('ada').call('listEvaluations', inProject())).length).toBe(10);
    expect((await service.as('vera').call('listEvaluations', inProject())).length).toBe(10);
    const body = { release: release.id, reader: 'ada', missing: 'leave-out' };
    expect((await service.as('vera').problem('startEvaluation', { ...inProject(), body })).code).toBe('access.denied');
    expect((await service.as('mallory').problem('listEvaluations', inProject())).code).toBe('project.unknown');
    const [{ id } = { id: '' }] = await study.lead.call('listEvaluations', inProject());
    const stranger = await service.as('mallory').problem('getEvaluation', { params: { evaluationId: id } });
    expect(stranger.code).toBe('evaluation.unknown');
  });

  test('nobody who has still to read one of its cases on their own', async () => {
    const [{ id } = { id: '' }] = await study.lead.call('listEvaluations', inProject());
    await study.as('gus').call('me');
    await study.study.setRole('gus', 'reader');
    expect((await study.as('gus').call('listEvaluations', inProject())).length).toBe(10);
    await study.study.assign(['gus']);
    const gus = study.as('gus');
    expect(await gus.call('listEvaluations', inProject())).toEqual([]);
    const params = { releaseId: release.id };
    expect((await gus.problem('listEvaluableReaders', { params })).code).toBe('access.blinded');
    expect((await gus.problem('getEvaluation', { params: { evaluationId: id } })).code).toBe('evaluation.unknown');
    expect((await gus.problem('cancelEvaluation', { params: { evaluationId: id } })).code).toBe('evaluation.unknown');
    const body = { release: release.id, reader: 'ben', missing: 'leave-out' };
    expect((await gus.problem('startEvaluation', { ...inProject(), body })).code).toBe('access.blinded');
  });
});

describe('when the service stops', () => {
  test('what was not finished is begun again, but not for ever; results survive the sweep of blobs', async () => {
    const listed = await study.lead.call('listEvaluations', inProject());
    const [first, third] = listed;
    const second = listed.find(({ reader, missing }) => reader.username === 'ben' && missing === 'leave-out');
    const before = await done(first?.id ?? '');
    const { sha256 } = await keptScores();
    await service.running.stop();
    const store = await openEmbeddedStore(`${service.folder}/data`);
    const interrupt = async (id: string, attempts: number): Promise<void> => {
      const stored = await store.catalogue.get('evaluation', id);
      const running = { state: 'running', done: 0.5, step: 'Measuring' };
      const value = { ...readEvaluation(stored), progress: running, attempts, result: null };
      await store.catalogue.replace('evaluation', id, stored, value);
    };
    await interrupt(first?.id ?? '', 1);
    await interrupt(second?.id ?? '', 2);
    await sweepBlobs(store);
    await sweepBlobs(store);
    expect(await store.blobs.size(sha256)).not.toBe(null);
    await store.close();
    service = await service.restart();
    const lead = service.as('lead', 'Lea Lead');
    expect((await done(first?.id ?? '', lead)).result).toEqual(before.result);
    const givenUp = await done(second?.id ?? '', lead);
    expect(givenUp.progress).toMatchObject({ state: 'failed', code: 'evaluation.interrupted' });
    expect((await done(third?.id ?? '', lead)).result?.cases).toHaveLength(1);
    // What failed is tried again by whoever asks.
    const body = { release: release.id, reader: 'ben', missing: 'leave-out' };
    const again = await lead.call('startEvaluation', { ...inProject(), body });
    expect(again.id).not.toBe(second?.id);
    expect((await done(again.id, lead)).progress).toEqual({ state: 'done' });
  });
});
