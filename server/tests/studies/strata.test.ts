import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { CaseStrata, EvaluationResult, Release } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateCommand } from '../../src/cli/evaluateCommand.js';
import { Output } from '../../src/cli/output.js';
import type { EvaluationReport } from '../../src/evaluation/report/evaluationReport.js';
import { TestService, type Caller } from '../http/testService.js';
import { DISPUTED, DRAWN, liver, SEEN, TruthStudy, TUMOUR, tumour, votes } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
  study = await TruthStudy.start(service);
});
afterAll(() => service.stop());

const inProject = (): { params: { projectId: string } } => ({ params: { projectId: study.projectId } });

/** Of the case of the study. */
function change(groups: object, by: Caller = study.lead): Promise<CaseStrata[]> {
  return by.call('changeStrata', { ...inProject(), body: { [study.caseId]: groups } });
}

async function refused(groups: object, by: Caller = study.lead): Promise<string> {
  return (await by.problem('changeStrata', { ...inProject(), body: { [study.caseId]: groups } })).code;
}

async function strata(): Promise<CaseStrata['strata'] | undefined> {
  const [first] = await study.lead.call('listStrata', inProject());
  return first?.strata;
}

async function anotherCase(title: string): Promise<string> {
  const volumes = study.study.case_.volumes.map(({ hash }) => hash);
  return (await study.lead.call('createCase', { ...inProject(), body: { title, volumes } })).id;
}

async function filesOf(releaseId: string, by: Caller = study.lead): Promise<Map<string, string>> {
  const response = await by.send('getReleaseArchive', { params: { releaseId } });
  expect(response.status).toBe(200);
  const files = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  return new Map(files.map(([name, bytes]) => [name.replace(/^[^/]*\//, ''), strFromU8(bytes, true)]));
}

async function manifestOf(releaseId: string, by: Caller = study.lead): Promise<ReleaseManifest> {
  return JSON.parse((await filesOf(releaseId, by)).get('release.json') ?? '') as ReleaseManifest;
}

describe('groups of cases', () => {
  test('are set one by one: what is not named stays, null takes away', async () => {
    const none = { caseId: study.caseId, title: 'Case 1', strata: {} };
    expect(await study.lead.call('listStrata', inProject())).toEqual([none]);
    await Promise.all([change({ phase: 'arterial' }), change({ centre: 'A' }), change({ 'sex at birth': 'female' })]);
    expect(await strata()).toEqual({ phase: 'arterial', centre: 'A', 'sex at birth': 'female' });
    const after = { phase: 'portal venous', 'sex at birth': 'female' };
    expect(await change({ phase: 'portal venous', centre: null, scanner: null })).toEqual([{ ...none, strata: after }]);
  });

  test('stand in the audit log, once each, not where nothing changed, and without what they are', async () => {
    const told = async () =>
      (await study.lead.call('listAuditEvents', inProject())).filter(({ action }) => action === 'case.groups-changed');
    expect(await told()).toHaveLength(4);
    await change({ phase: 'portal venous', scanner: null });
    const events = await told();
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({ actor: 'lead', subject: `case:${study.caseId}` });
    expect(JSON.stringify(events)).not.toMatch(/phase|arterial|portal|centre|female/);
  });

  test('have names of one line that nothing else has', async () => {
    for (const name of ['modality', 'Largest lesion', 'ｍodality']) {
      expect(await refused({ [name]: 'CT' }), name).toBe('strata.measured');
    }
    for (const name of [
      '',
      ' phase',
      'phase ',
      'a\nb',
      '_a',
      'x'.repeat(65),
      'modality\u200b',
      'a\u202eb',
      'a\u2028b'
    ]) {
      expect(await refused({ [name]: 'x' }), name).toBe('request.invalid');
    }
    expect(await refused(JSON.parse('{"__proto__": "x"}') as object)).toBe('request.not-json');
    for (const value of ['', ' a', 'a\tb', 'x'.repeat(129), 'a\u007f', 3, ['a']]) {
      expect(await refused({ phase: value }), String(value)).toBe('request.invalid');
    }
    expect(await refused({})).toBe('request.invalid');
    const names = Array.from({ length: 31 }, (_, n) => [`name ${n}`, 'x']);
    expect(await refused(Object.fromEntries(names) as object)).toBe('strata.too-many');
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female' });
  });

  test('may be called like what every object has, and in every script', async () => {
    const groups = { constructor: 'x', toString: 'y', مرحله: 'می‌شود', '😀': '肝' };
    await change(groups);
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female', ...groups });
    await change(Object.fromEntries(Object.keys(groups).map(name => [name, null])));
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female' });
  });

  test('are alike if they look alike', async () => {
    await change({ ['Zu\u0308rich']: 'Zu\u0308rich' });
    expect((await strata())?.['Z\u00fcrich']).toBe('Z\u00fcrich');
    await change({ ['Z\u00fcrich']: null });
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female' });
  });

  test('of several cases change together, or none does', async () => {
    const second = await anotherCase('Case 2');
    const nowhere = study.projectId;
    const many = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`name ${n}`, 'x']));
    const attempts = [
      [{ [study.caseId]: { phase: 'late' }, [nowhere]: { phase: 'late' } }, 'case.unknown'],
      [{ [study.caseId]: { phase: 'late' }, [second]: { modality: 'CT' } }, 'strata.measured'],
      [{ [second]: { phase: 'late' }, [study.caseId]: many }, 'strata.too-many']
    ] as const;
    for (const [body, code] of attempts) {
      expect((await study.lead.problem('changeStrata', { ...inProject(), body })).code).toBe(code);
    }
    const body = { [second]: { phase: 'late' }, [study.caseId]: { centre: 'Bern' } };
    const all = await study.lead.call('changeStrata', { ...inProject(), body });
    expect(all.map(each => each.strata)).toEqual([
      { phase: 'portal venous', 'sex at birth': 'female', centre: 'Bern' },
      { phase: 'late' }
    ]);
    await change({ centre: null });
  });

  test('are for managers: they may tell what is to be found', async () => {
    for (const username of ['ada', 'dora']) {
      const by = study.as(username);
      expect((await by.problem('listStrata', inProject())).code, username).toBe('access.denied');
      expect(await refused({ phase: 'late' }, by), username).toBe('access.denied');
    }
    expect((await service.as('stranger').problem('listStrata', inProject())).code).toBe('project.unknown');
  });

  test('of another project cannot be reached through this one', async () => {
    const other = await TruthStudy.start(service);
    const body = { [other.caseId]: { phase: 'late' } };
    expect((await study.lead.problem('changeStrata', { ...inProject(), body })).code).toBe('case.unknown');
  });

  test('are hidden from a manager who has a blind read to submit', async () => {
    const other = await TruthStudy.start(service, votes());
    await other.study.setRole('ada', 'manager');
    const ada = other.as('ada');
    const params = { projectId: other.projectId };
    const body = { [other.caseId]: { phase: 'late' } };
    await ada.call('changeStrata', { params, body });
    await other.study.assign(['ada']);
    expect((await ada.problem('listStrata', { params })).code).toBe('access.blinded');
    expect((await ada.problem('changeStrata', { params, body })).code).toBe('access.blinded');
  });
});

describe('a release', () => {
  test('tells the groups of its cases as they were when it was begun, and how many cases they have', async () => {
    const [, other] = await study.lead.call('listStrata', inProject());
    const secret = { 'lesions expected': 'three in segment VII' };
    await study.lead.call('changeStrata', { ...inProject(), body: { [other?.caseId ?? '']: secret } });
    await study.read();
    const consensus = await study.consensus();
    const read = await study.beginAdjudication('dora', consensus.id);
    // The consensus has two lesions, the truth has one.
    await study.decideAll('dora', consensus, { kind: 'painted' });
    await study.paint('dora', read.id, [{ ...tumour(DISPUTED), segment: 0 }]);
    await study.submit('dora', read.id);
    const prepared = await study.prepare();
    await change({ phase: 'late' });
    const released = await study.sign(prepared.id);
    const manifest = await manifestOf(released.id);
    expect(manifest.cases.map(each => each.strata)).toEqual([{ phase: 'portal venous', 'sex at birth': 'female' }]);
    const table = manifest.tables.find(({ id }) => id === 'case-groups');
    expect(table?.rows).toEqual([
      ['phase', 'portal venous', 1, 1],
      ['sex at birth', 'female', 1, 1]
    ]);
    const verified = await study.lead.call('verifyRelease', { params: { releaseId: released.id } });
    expect(verified.valid).toBe(true);
  });

  test('tells nobody the groups of a case that it does not hold', async () => {
    const [release] = await study.lead.call('listReleases', inProject());
    const files = await filesOf(release?.id ?? '', study.as('ada'));
    expect(files.get('audit.jsonl')).toContain('case.groups-changed');
    for (const [name, text] of files) expect(text, name).not.toMatch(/lesions expected|three in segment/);
  });

  test('says what has changed of the groups since the release before', async () => {
    await change({ 'sex at birth': null, scanner: 'B' });
    const patch = await study.sign((await study.prepare({ step: 'patch', notes: 'Groups' })).id);
    const { changes } = await manifestOf(patch.id);
    expect(changes?.summary).toBe('The truth is that of 1.0.0. Groups have changed: 1 of 1 cases.');
    expect(changes?.cases[0]?.changes).toEqual([
      'Group phase: portal venous -> late',
      'Group scanner: none -> B',
      'Group sex at birth: female -> none'
    ]);
  });
});

/** Those of the page, that of the protocol first. */
const DEFINITIONS = ['deepmind', 'metricsreloaded', 'mesh'] as const;

describe('an evaluation', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-groups-'));
  let of: TruthStudy;
  let release: Release;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Everybody sees the same lesion in another case: nothing has to be decided. */
  async function readAnother(title: string): Promise<string> {
    const projectId = of.projectId;
    const volumes = of.study.case_.volumes.map(({ hash }) => hash);
    const { id } = await of.lead.call('createCase', { params: { projectId }, body: { title, volumes } });
    const body = { readers: Object.keys(DRAWN), due: null, repeat: false };
    await of.lead.call('assignReaders', { params: { caseId: id }, body });
    for (const username of Object.keys(DRAWN)) {
      const read = await of.study.begin(username);
      await of.paint(username, read.id, [liver(), tumour(SEEN)]);
      await of.study.submit(username);
    }
    const started = await of.lead.call('startConsensus', { params: { caseId: id }, body: {} });
    await of.computed(started.id);
    return id;
  }

  /** Of the reader who has missed a lesion that only the first case has. */
  async function evaluated(): Promise<EvaluationResult | null> {
    const params = { projectId: of.projectId };
    const body = { release: release.id, reader: 'cleo', missing: 'leave-out' };
    const { id } = await of.lead.call('startEvaluation', { params, body });
    const found = async () => of.lead.call('getEvaluation', { params: { evaluationId: id } });
    await expect.poll(async () => (await found()).progress.state).toBe('done');
    return (await found()).result;
  }

  test('gives figures of each group that the release tells, whatever was changed since', async () => {
    of = await TruthStudy.start(service);
    await of.read();
    const consensus = await of.consensus();
    const read = await of.beginAdjudication('dora', consensus.id);
    await of.decideAll('dora', consensus);
    await of.submit('dora', read.id);
    const other = await readAnother('Case 2');
    const params = { projectId: of.projectId };
    const groups = { [of.caseId]: { phase: 'late', centre: 'Bern' }, [other]: { phase: 'arterial', centre: 'Bern' } };
    await of.lead.call('changeStrata', { params, body: groups });
    release = await of.sign((await of.prepare({ cases: [of.caseId, other] })).id);
    await of.lead.call('changeStrata', { params, body: { [other]: { phase: 'late' } } });

    const result = await evaluated();
    const byPhase = result?.strata
      .filter(({ name }) => name === 'phase')
      .map(({ value, cases, segments }) => {
        const detection = segments.find(({ number }) => number === TUMOUR)?.lesions?.detection;
        return [value, cases, detection?.found, detection?.lesions];
      });
    expect(byPhase).toEqual([
      ['arterial', 1, 1, 1],
      ['late', 1, 1, 2]
    ]);
    // All cases are of one centre: it parts nothing.
    expect(result?.strata.some(({ name }) => name === 'centre')).toBe(false);
  });

  test('by the command line parts the cases alike, with the same figures', async () => {
    const response = await of.lead.send('getReleaseArchive', { params: { releaseId: release.id } });
    const [archive, predictions] = [path.join(folder, 'release.zip'), path.join(folder, 'predictions')];
    const bytes = new Uint8Array(await response.arrayBuffer());
    writeFileSync(archive, bytes);
    mkdirSync(predictions);
    const files = unzipSync(bytes);
    for (const each of (await manifestOf(release.id, of.lead)).cases) {
      const own = each.reads.find(({ manifest }) => manifest.reader.username === 'cleo')?.path ?? 'none';
      const labels = Object.entries(files).find(([name]) => name.endsWith(`/${own}`))?.[1];
      writeFileSync(path.join(predictions, `${each.id}.nii.gz`), labels ?? new Uint8Array());
    }
    const stdout = new PassThrough();
    await evaluateCommand(
      archive,
      predictions,
      {
        missing: 'leave-out',
        definition: DEFINITIONS,
        lesion: [],
        map: new Map(),
        score: 'maximum',
        allowBroken: false
      },
      new Output(stdout, new PassThrough(), true)
    );
    const report = JSON.parse(String(stdout.read())) as EvaluationReport;
    expect(report.result.strata).toEqual((await evaluated())?.strata);
  });
});
