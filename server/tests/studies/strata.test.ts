import type { CaseStrata } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService, type Caller } from '../http/testService.js';
import { votes, TruthStudy } from './support/truth.js';

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

async function manifestOf(releaseId: string): Promise<ReleaseManifest> {
  return JSON.parse((await filesOf(releaseId)).get('release.json') ?? '') as ReleaseManifest;
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
    await study.decideAll('dora', consensus);
    await study.submit('dora', read.id);
    const prepared = await study.prepare();
    await change({ phase: 'late' });
    const released = await study.sign(prepared.id);
    const manifest = await manifestOf(released.id);
    expect(manifest.cases.map(each => each.strata)).toEqual([{ phase: 'portal venous', 'sex at birth': 'female' }]);
    const table = manifest.tables.find(({ id }) => id === 'case-groups');
    expect(table?.rows).toEqual([
      ['phase', 'portal venous', 1, 2],
      ['sex at birth', 'female', 1, 2]
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

  test('is what an evaluation takes them from', async () => {
    const [release] = await study.lead.call('listReleases', inProject());
    const { id } = await study.lead.call('startEvaluation', {
      ...inProject(),
      body: { release: release?.id ?? '', reader: 'ada', missing: 'leave-out' }
    });
    const finished = async () => study.lead.call('getEvaluation', { params: { evaluationId: id } });
    await expect.poll(async () => (await finished()).progress.state).toBe('done');
    expect((await finished()).result?.cases[0]?.strata).toEqual({
      phase: 'portal venous',
      'sex at birth': 'female',
      modality: study.study.case_.volumes[0]?.modality
    });
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
