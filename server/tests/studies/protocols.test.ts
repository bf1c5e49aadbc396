import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { choosePassphrase, protocolContent, signing, Study } from './support/study.js';

let service: TestService;
let now = new Date('2026-05-04T08:00:00.000Z');

beforeAll(async () => {
  service = await TestService.start({}, { now: () => now });
});
afterAll(() => service.stop());

async function bareProject(): Promise<{ projectId: string }> {
  await choosePassphrase(service.as('lead', 'Lea Lead'));
  const { id } = await service.as('lead', 'Lea Lead').project({ everyone: 'reader' });
  return { projectId: id };
}

describe('a protocol', () => {
  test('is drafted, saved again, locked and signed', async () => {
    const params = await bareProject();
    const lead = service.as('lead', 'Lea Lead');
    const first = await lead.call('saveProtocolDraft', { params, body: { edition: null, content: protocolContent() } });
    expect([first.version, first.state, first.edition, first.lock]).toEqual([1, 'draft', 1, null]);
    const content = protocolContent({ title: 'Better' });
    const second = await lead.call('saveProtocolDraft', { params, body: { edition: 1, content } });
    expect([second.id, second.edition, second.content.title]).toEqual([first.id, 2, 'Better']);
    expect((await lead.call('getProject', { params })).protocol).toBe(null);

    const body = { edition: 2, signing: { ...signing(), meaning: 'approval' } };
    const locked = await lead.call('lockProtocol', { params, body });
    expect(locked).toMatchObject({
      state: 'locked',
      lock: { username: 'lead', name: 'Lea Lead', meaning: 'approval' }
    });
    const project = await lead.call('getProject', { params });
    expect(project.protocol).toEqual({ version: 1, blind: true });
    expect(project.segments.map(({ name }) => name)).toEqual(['Liver', 'Tumour']);
  });

  test('that two people change is saved by the one who knows the other’s changes', async () => {
    const params = await bareProject();
    const lead = service.as('lead', 'Lea Lead');
    const content = protocolContent();
    await lead.call('saveProtocolDraft', { params, body: { edition: null, content } });
    const problems = [
      await lead.problem('saveProtocolDraft', { params, body: { edition: null, content } }),
      await lead.problem('saveProtocolDraft', { params, body: { edition: 7, content } }),
      await lead.problem('lockProtocol', { params, body: { edition: 7, signing: signing() } })
    ];
    expect(problems.map(({ status, code }) => [status, code])).toEqual(problems.map(() => [409, 'protocol.edition']));
    await lead.call('discardProtocolDraft', { params });
    expect((await lead.problem('saveProtocolDraft', { params, body: { edition: 1, content } })).code).toBe(
      'protocol.edition'
    );
    expect((await lead.problem('discardProtocolDraft', { params })).code).toBe('protocol.no-draft');
    expect((await lead.problem('lockProtocol', { params, body: { edition: 1, signing: signing() } })).code).toBe(
      'protocol.no-draft'
    );
    const anew = await lead.call('saveProtocolDraft', { params, body: { edition: null, content } });
    expect(anew.edition).toBeGreaterThan(1);
  });

  test('is not locked while something is wrong with it, nor with a wrong passphrase', async () => {
    const params = await bareProject();
    const lead = service.as('lead', 'Lea Lead');
    const bad = await lead.call('saveProtocolDraft', {
      params,
      body: { edition: null, content: protocolContent({ segments: [] }) }
    });
    const incomplete = await lead.problem('lockProtocol', {
      params,
      body: { edition: bad.edition, signing: signing() }
    });
    expect([incomplete.status, incomplete.code]).toEqual([422, 'protocol.incomplete']);
    expect(incomplete.detail).toContain('/segments: Add the segments');
    const body = { edition: bad.edition, content: protocolContent() };
    const { edition } = await lead.call('saveProtocolDraft', { params, body });
    const wrong = { edition, signing: signing('not the passphrase') };
    expect((await lead.problem('lockProtocol', { params, body: wrong })).code).toBe('signing.passphrase');
    expect((await lead.call('listProtocols', { params })).map(({ state }) => state)).toEqual(['draft']);
  });

  test('that changes after the lock is a new version; reads keep the version they follow and say so', async () => {
    const study = await Study.start(service, { ada: 'reader', ben: 'reader' });
    await study.assign(['ada']);
    await study.begin('ada');
    const params = { projectId: study.project.id };
    const same = await study.lead.call('saveProtocolDraft', {
      params,
      body: { edition: null, content: protocolContent() }
    });
    const lock = { edition: same.edition, signing: signing() };
    expect((await study.lead.problem('lockProtocol', { params, body: lock })).code).toBe('protocol.unchanged');
    await study.lead.call('discardProtocolDraft', { params });
    const { readers } = protocolContent();
    await study.lock(protocolContent({ readers: { ...readers, perCase: 5 } }));

    const versions = await study.lead.call('listProtocols', { params });
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [2, 'locked'],
      [1, 'superseded']
    ]);
    expect(versions[0]?.changes).toEqual([{ path: '/readers/perCase', before: '3', after: '5' }]);
    expect((await study.readOf('ada')).protocolVersion).toBe(1);
    expect((await study.submit('ada')).protocolVersion).toBe(1);
    const [later] = await study.assign(['ben']);
    expect(later?.protocolVersion).toBe(2);
    const events = await study.lead.call('listAuditEvents', { params });
    const locks = events.filter(({ action }) => action === 'protocol.locked');
    expect(locks.map(({ details }) => details['afterFirstRead'])).toEqual([false, true]);
  });

  test('is shown to everybody once it is locked, and drafted by managers alone', async () => {
    const study = await Study.start(service, { ada: 'reader', dora: 'adjudicator' });
    const params = { projectId: study.project.id };
    const content = protocolContent({ title: 'Draft' });
    await study.lead.call('saveProtocolDraft', { params, body: { edition: null, content } });
    for (const who of ['ada', 'dora']) {
      const seen = await study.as(who).call('listProtocols', { params });
      expect(
        seen.map(({ version }) => version),
        who
      ).toEqual([1]);
      const body = { edition: null, content };
      expect((await study.as(who).problem('saveProtocolDraft', { params, body })).code, who).toBe('access.denied');
      expect((await study.as(who).problem('discardProtocolDraft', { params })).code, who).toBe('access.denied');
      const lock = { edition: 1, signing: signing() };
      expect((await study.as(who).problem('lockProtocol', { params, body: lock })).code, who).toBe('access.denied');
    }
  });

  test('that is not blind lets readers look at what the others paint, and paint in their own alone', async () => {
    const readers = { ...protocolContent().readers, blind: false };
    const study = await Study.start(service, { ada: 'reader', ben: 'reader' }, protocolContent({ readers }));
    await study.assign(['ada', 'ben']);
    await study.begin('ada');
    expect(await study.seenBy('ben')).toEqual(['ada open view', 'ben assigned']);
    await study.begin('ben');
    expect(await study.seenBy('ada')).toEqual(['ada open view write', 'ben open view']);
  });
});

describe('members', () => {
  test('are added, changed and removed by managers, each time with an event', async () => {
    const study = await Study.start(service, { ada: 'reader' });
    const params = { projectId: study.project.id, username: 'ada' };
    const profile = { qualification: 'FEBR', yearsOfExperience: 12 };
    const changed = await study.lead.call('setMember', { params, body: { role: 'adjudicator', profile } });
    expect(changed).toEqual({ username: 'ada', displayName: 'ada', role: 'adjudicator', profile });
    const kept = await study.lead.call('setMember', { params, body: { role: 'reader' } });
    expect(kept.profile).toEqual(profile);
    for (const name of ['setMember', 'removeMember'] as const) {
      const input = { params, ...(name === 'setMember' ? { body: { role: 'manager' } } : {}) };
      expect((await study.as('ada').problem(name, input)).code).toBe('access.denied');
    }
    await study.lead.call('removeMember', { params });
    expect((await study.lead.problem('removeMember', { params })).code).toBe('member.unknown');
    expect((await study.as('ada').problem('getProject', { params })).code).toBe('project.unknown');
    const events = await study.lead.call('listAuditEvents', { params: { projectId: study.project.id } });
    const about = events.filter(({ subject }) => subject === 'member:ada');
    expect(about.map(({ action, details }) => [action, details['before'], details['after']])).toEqual([
      ['member.added', null, 'reader'],
      ['member.changed', 'reader', 'adjudicator'],
      ['member.changed', 'adjudicator', 'reader'],
      ['member.removed', 'reader', null]
    ]);
  });

  test('always have a manager among them', async () => {
    const study = await Study.start(service, { ada: 'reader' });
    const params = { projectId: study.project.id, username: 'lead' };
    const problems = [
      await study.lead.problem('removeMember', { params }),
      await study.lead.problem('setMember', { params, body: { role: 'reader' } })
    ];
    expect(problems.map(({ status, code }) => [status, code])).toEqual(
      problems.map(() => [409, 'member.last-manager'])
    );
    await study.setRole('ada', 'manager');
    await study.as('ada').call('removeMember', { params });
    expect((await study.lead.problem('getProject', { params })).code).toBe('project.unknown');
  });

  test('are not told of one another where readers are blind', async () => {
    const study = await Study.start(service, { uma: 'reader', ben: 'reader', dora: 'adjudicator' });
    const params = { projectId: study.project.id };
    const seen = async (who: string): Promise<string[]> =>
      (await study.as(who).call('listMembers', { params })).map(({ username }) => username);
    expect(await seen('uma')).toEqual(['uma']);
    expect(await seen('dora')).toEqual(['lead', 'uma', 'ben', 'dora']);
    const { members } = await study.as('uma').call('getProject', { params });
    expect(members.map(({ username }) => username)).toEqual(['uma']);
    expect((await study.as('uma').call('listPeople')).map(({ username }) => username)).toEqual(['uma']);
    expect((await study.lead.call('listPeople')).map(({ username }) => username)).toContain('dora');
  });
});

describe('the audit log', () => {
  test('is a chain that managers read, page by page, and nobody else', async () => {
    const study = await Study.start(service, { ada: 'reader', dora: 'adjudicator' });
    const params = { projectId: study.project.id };
    const events = await study.lead.call('listAuditEvents', { params });
    expect(events.map(({ previous }) => previous)).toEqual([null, ...events.slice(0, -1).map(({ hash }) => hash)]);
    expect(events.map(({ actor }) => actor)).toEqual(events.map(() => 'lead'));
    const rest = await study.lead.call('listAuditEvents', { params, query: { after: 2 } });
    expect(rest).toEqual(events.slice(2));
    for (const who of ['ada', 'dora']) {
      expect((await study.as(who).problem('listAuditEvents', { params })).code, who).toBe('access.denied');
    }
  });

  test('says when the clock was set back, and its times never go back', async () => {
    const study = await Study.start(service, { ada: 'reader' });
    const params = { projectId: study.project.id };
    const before = now;
    now = new Date(before.getTime() - 3_600_000);
    await study.setRole('ada', 'viewer');
    now = before;
    await study.setRole('ada', 'reader');
    const events = await study.lead.call('listAuditEvents', { params });
    expect(events.slice(-3).map(({ clockBehind }) => clockBehind)).toEqual([false, true, false]);
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
  });

  test('is closed to a manager who has a blind read to submit, and so are the reads of the others', async () => {
    const study = await Study.start(service, { ada: 'reader', max: 'manager' });
    const max = study.as('max');
    await study.assign(['ada', 'max']);
    const params = { projectId: study.project.id };
    const closed = await max.problem('listAuditEvents', { params });
    expect([closed.status, closed.code]).toEqual([403, 'access.blinded']);
    const body = { readers: ['ada'], due: null, repeat: false };
    const assigning = await max.problem('assignReaders', { params: { caseId: study.case_.id }, body });
    expect(assigning.code).toBe('access.blinded');
    expect(await study.seenBy('max')).toEqual(['max assigned']);
    expect((await max.call('listPeople')).map(({ username }) => username)).toEqual(['max']);
    await study.begin('max');
    await study.submit('max');
    expect(await study.seenBy('max')).toEqual(['ada assigned', 'max submitted view']);
    expect((await max.call('listAuditEvents', { params })).length).toBeGreaterThan(5);
  });
});
