import type { ReleaseManifest } from '@voxcord/schemas/files';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { votes, TruthStudy } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
  study = await TruthStudy.start(service);
});
afterAll(() => service.stop());

const inProject = (): { params: { projectId: string } } => ({ params: { projectId: study.projectId } });
const ofCase = (): { params: { caseId: string } } => ({ params: { caseId: study.caseId } });

async function strata(): Promise<Readonly<Record<string, string>> | undefined> {
  const [first] = await study.lead.call('listStrata', inProject());
  return first?.strata;
}

async function manifestOf(releaseId: string): Promise<ReleaseManifest> {
  const response = await study.lead.send('getReleaseArchive', { params: { releaseId } });
  const files = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())));
  const [, bytes] = files.find(([name]) => name.endsWith('/release.json')) ?? [];
  return JSON.parse(new TextDecoder().decode(bytes)) as ReleaseManifest;
}

describe('groups of cases', () => {
  test('are set one by one: what is not named stays, null takes away', async () => {
    expect(await study.lead.call('listStrata', inProject())).toEqual([
      { caseId: study.caseId, title: 'Case 1', strata: {} }
    ]);
    const change = (body: object): Promise<unknown> => study.lead.call('changeStrata', { ...ofCase(), body });
    await Promise.all([change({ phase: 'arterial' }), change({ centre: 'A' }), change({ 'sex at birth': 'female' })]);
    expect(await strata()).toEqual({ phase: 'arterial', centre: 'A', 'sex at birth': 'female' });
    expect(await change({ phase: 'portal venous', centre: null, scanner: null })).toMatchObject({
      strata: { phase: 'portal venous', 'sex at birth': 'female' }
    });
  });

  test('stand in the audit log, once each, and not where nothing changed', async () => {
    const told = async (): Promise<number> =>
      (await study.study.actions()).filter(action => action === 'case.groups-changed').length;
    expect(await told()).toBe(4);
    await study.lead.call('changeStrata', { ...ofCase(), body: { phase: 'portal venous', scanner: null } });
    expect(await told()).toBe(4);
    const events = await study.lead.call('listAuditEvents', inProject());
    expect(events.findLast(({ action }) => action === 'case.groups-changed')?.details).toMatchObject({
      before: { phase: 'arterial', centre: 'A', 'sex at birth': 'female' },
      after: { phase: 'portal venous', 'sex at birth': 'female' }
    });
  });

  test('have names of one line that nothing else has', async () => {
    const refused = async (body: object): Promise<string> =>
      (await study.lead.problem('changeStrata', { ...ofCase(), body })).code;
    for (const name of ['modality', 'Largest lesion']) {
      expect(await refused({ [name]: 'CT' }), name).toBe('strata.measured');
    }
    const wrong = ['', ' phase', 'phase ', 'a\nb', '__proto__', 'x'.repeat(65)];
    for (const name of wrong) {
      const code = name === '__proto__' ? 'request.not-json' : 'request.invalid';
      expect(await refused(JSON.parse(`{${JSON.stringify(name)}: "x"}`) as object), name).toBe(code);
    }
    for (const value of ['', ' a', 'a\tb', 'x'.repeat(129), 3, ['a']]) {
      expect(await refused({ phase: value }), String(value)).toBe('request.invalid');
    }
    expect(await refused({})).toBe('request.invalid');
    const names = Array.from({ length: 31 }, (_, n) => [`name ${n}`, 'x']);
    expect(await refused(Object.fromEntries(names) as object)).toBe('strata.too-many');
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female' });
  });

  test('may be called like what every object has', async () => {
    const body = { constructor: 'x', toString: 'y' };
    await study.lead.call('changeStrata', { ...ofCase(), body });
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female', ...body });
    await study.lead.call('changeStrata', { ...ofCase(), body: { constructor: null, toString: null } });
    expect(await strata()).toEqual({ phase: 'portal venous', 'sex at birth': 'female' });
  });

  test('are for managers: they may tell what is to be found', async () => {
    for (const username of ['ada', 'dora']) {
      const by = study.as(username);
      expect((await by.problem('listStrata', inProject())).code, username).toBe('access.denied');
      const body = { phase: 'late' };
      expect((await by.problem('changeStrata', { ...ofCase(), body })).code, username).toBe('access.denied');
    }
    expect((await service.as('stranger').problem('listStrata', inProject())).code).toBe('project.unknown');
    const nowhere = { params: { caseId: study.projectId }, body: { phase: 'late' } };
    expect((await study.lead.problem('changeStrata', nowhere)).code).toBe('case.unknown');
  });

  test('are hidden from a manager who has a blind read to submit', async () => {
    const other = await TruthStudy.start(service, votes());
    await other.study.setRole('ada', 'manager');
    const ada = other.as('ada');
    const params = { caseId: other.caseId };
    await ada.call('changeStrata', { params, body: { phase: 'late' } });
    await other.study.assign(['ada']);
    expect((await ada.problem('listStrata', { params: { projectId: other.projectId } })).code).toBe('access.blinded');
    expect((await ada.problem('changeStrata', { params, body: { phase: 'x' } })).code).toBe('access.blinded');
  });
});

describe('a release', () => {
  test('tells the groups as they were when it was begun, and how many cases they have', async () => {
    await study.read();
    const consensus = await study.consensus();
    const read = await study.beginAdjudication('dora', consensus.id);
    await study.decideAll('dora', consensus);
    await study.submit('dora', read.id);
    const prepared = await study.prepare();
    await study.lead.call('changeStrata', { ...ofCase(), body: { phase: 'late' } });
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

  test('is what an evaluation takes them from', async () => {
    const [release] = await study.lead.call('listReleases', inProject());
    const { id } = await study.lead.call('startEvaluation', {
      ...inProject(),
      body: { release: release?.id ?? '', reader: 'ada', missing: 'leave-out' }
    });
    for (;;) {
      const evaluation = await study.lead.call('getEvaluation', { params: { evaluationId: id } });
      if (evaluation.progress.state === 'running') {
        await new Promise(resolve => setTimeout(resolve, 20));
        continue;
      }
      expect(evaluation.result?.cases[0]?.strata).toMatchObject({ phase: 'portal venous', 'sex at birth': 'female' });
      break;
    }
  });
});
