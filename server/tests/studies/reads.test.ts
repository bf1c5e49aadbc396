import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { RoomClient } from './support/roomClient.js';
import { choosePassphrase, DIMS, protocolContent, signing, Study } from './support/study.js';

let service: TestService;
let now = new Date('2026-05-04T08:00:00.000Z');

beforeAll(async () => {
  service = await TestService.start({}, { now: () => now });
});
afterAll(() => service.stop());

const READERS = { ada: 'reader', ben: 'reader', cleo: 'reader', dora: 'adjudicator', vic: 'viewer' };

describe('a read that people shared before their project reads blind', () => {
  test('is hidden from readers then, also from the one who began it; those who decide see what is painted', async () => {
    const [lead, ada, ben] = [service.as('lead', 'Lea Lead'), service.as('ada'), service.as('ben')];
    const { id: projectId } = await lead.project({ title: 'Free at first', everyone: 'reader' });
    const body = { title: 'Case', volumes: [await ada.volume({ dims: DIMS })], access: 'shared' };
    const { id: caseId, reads } = await ada.call('createCase', { params: { projectId }, body });
    const params = { readId: reads[0]?.id ?? '' };
    const rooms = await Promise.all([ada, ben].map(by => RoomClient.join(by, `read:${params.readId}`, { dims: DIMS })));
    for (const [seed, room] of rooms.entries()) {
      room.paint(seed);
      await room.saved();
    }
    const content = protocolContent();
    await choosePassphrase(lead);
    const draft = await lead.call('saveProtocolDraft', { params: { projectId }, body: { edition: null, content } });
    await lead.call('lockProtocol', { params: { projectId }, body: { edition: draft.edition, signing: signing() } });

    for (const room of rooms) await room.whenClosed();
    for (const by of [ada, ben]) {
      expect((await by.call('getCase', { params: { caseId } })).reads).toEqual([]);
      for (const name of ['getRead', 'getLabelMapHead', 'listReadOrigins'] as const) {
        expect((await by.problem(name, { params })).code, name).toBe('read.unknown');
      }
    }
    expect(await lead.call('getRead', { params })).toMatchObject({ mayView: true, reader: { username: 'ada' } });
  });
});

describe('a read', () => {
  test('is assigned, begun, submitted, reopened and submitted again, each step in the audit log', async () => {
    const study = await Study.start(service, READERS);
    const made = await study.assign(['ada', 'ben'], { due: '2026-06-01T00:00:00.000Z' });
    expect(made.map(({ state, access, reader, mayView }) => [state, access, reader.username, mayView])).toEqual([
      ['assigned', 'blind', 'ada', false],
      ['assigned', 'blind', 'ben', false]
    ]);
    const begun = await study.begin('ada');
    expect([begun.state, begun.mayWrite, begun.protocolVersion]).toEqual(['open', true, 1]);

    const first = await study.submit('ada', 'difficult');
    expect(first).toMatchObject({ number: 1, parent: null, remark: 'difficult', reason: null, protocolVersion: 1 });
    expect(first.signature).toMatchObject({ username: 'ada', name: 'ada', meaning: 'authorship' });

    const params = { readId: begun.id };
    const again = await study.as('ada').call('reopenRead', { params, body: { reason: 'forgot the tumour' } });
    expect([again.state, again.mayWrite, again.revisions]).toEqual(['open', true, 1]);
    const second = await study.submit('ada');
    expect(second).toMatchObject({ number: 2, parent: first.hash, reason: 'forgot the tumour' });
    expect(await study.as('ada').call('listRevisions', { params })).toEqual([first, second]);

    expect(await study.actions()).toEqual([
      ...Object.keys(READERS).map(() => 'member.added'),
      'protocol.draft-saved',
      'protocol.locked',
      'read.assigned',
      'read.assigned',
      'read.begun',
      'read.submitted',
      'read.reopened',
      'read.submitted'
    ]);
  });

  test('is due first when it is due first, and last when it is submitted', async () => {
    const early = await Study.start(service, { ada: 'reader' });
    const late = await Study.start(service, { ada: 'reader' });
    const never = await Study.start(service, { ada: 'reader' });
    await never.assign(['ada']);
    await late.assign(['ada'], { due: '2026-09-01T00:00:00.000Z' });
    await early.assign(['ada'], { due: '2026-07-01T00:00:00.000Z' });
    const ids = [early, late, never].map(({ project }) => project.id);
    const order = async (): Promise<string[]> =>
      (await service.as('ada').call('listMyReads')).map(({ projectId }) => projectId).filter(id => ids.includes(id));
    expect(await order()).toEqual(ids);
    await early.begin('ada');
    await early.submit('ada');
    expect(await order()).toEqual([late.project.id, never.project.id, early.project.id]);
  });

  test('keeps to the order of its steps', async () => {
    const study = await Study.start(service, READERS);
    const [read] = await study.assign(['ada']);
    const params = { readId: read?.id ?? '' };
    const ada = study.as('ada');
    const steps = [
      await ada.problem('submitRead', { params, body: { signing: signing() } }),
      await ada.problem('listSegments', { params }),
      await ada.problem('getLabelMapHead', { params }),
      await ada.problem('reopenRead', { params, body: { reason: 'why not' } }),
      await study.lead.problem('beginRead', { params })
    ];
    expect(steps.map(({ code }) => code)).toEqual([
      'read.not-begun',
      'read.not-begun',
      'read.not-begun',
      'access.denied',
      'access.denied'
    ]);
    await study.begin('ada');
    const open = [
      await ada.problem('beginRead', { params }),
      await ada.problem('reopenRead', { params, body: { reason: 'why not' } }),
      await study.lead.problem('withdrawAssignment', { params }),
      await study.lead.problem('submitRead', { params, body: { signing: signing() } }),
      await study.as('vic').problem('beginRead', { params }),
      await study.as('ben').problem('beginRead', { params })
    ];
    expect(open.map(({ code }) => code)).toEqual([
      'read.not-assigned',
      'read.not-submitted',
      'assignment.begun',
      'access.denied',
      'read.unknown',
      'read.unknown'
    ]);
    await study.submit('ada');
    const submitted = [
      await ada.problem('submitRead', { params, body: { signing: signing() } }),
      await ada.problem('beginRead', { params }),
      await study.as('dora').problem('reopenRead', { params, body: { reason: 'why not' } })
    ];
    expect(submitted.map(({ code }) => code)).toEqual(['read.not-open', 'read.not-assigned', 'access.denied']);
  });

  test('has the segments of the protocol, which nobody can change in it', async () => {
    const study = await Study.start(service, READERS);
    await study.assign(['ada']);
    const { id } = await study.begin('ada');
    const ada = study.as('ada');
    const segments = await ada.call('listSegments', { params: { readId: id } });
    expect(segments.map(({ number, name }) => [number, name])).toEqual([
      [1, 'Liver'],
      [2, 'Tumour']
    ]);
    const added = await ada.problem('addSegment', { params: { readId: id }, body: { name: 'Cyst' } });
    const changed = await ada.problem('changeSegment', { params: { readId: id, number: 1 }, body: { name: 'Cyst' } });
    expect([added.status, added.code, changed.code]).toEqual([409, 'segments.fixed', 'segments.fixed']);
  });

  test('is repeated after the days that the protocol asks for, while the earlier one is hidden', async () => {
    const readers = { ...protocolContent().readers, repeat: { share: 0.2, afterDays: 14 } };
    const study = await Study.start(service, READERS, protocolContent({ readers }));
    const ada = study.as('ada');
    const repeat = { repeat: true };
    const assign = { params: { caseId: study.case_.id }, body: { readers: ['ada'], due: null, repeat: true } };
    expect((await study.lead.problem('assignReaders', assign)).code).toBe('assignment.no-repeat');
    await study.assign(['ada']);
    expect((await study.lead.problem('assignReaders', assign)).code).toBe('assignment.twice');
    const first = await study.begin('ada');
    await study.submit('ada');
    expect(await study.seenBy('ada')).toEqual(['ada submitted view']);

    await study.assign(['ada'], repeat);
    expect(await study.seenBy('ada')).toEqual(['ada assigned']);
    for (const name of ['getRead', 'listRevisions', 'getLabelMapHead', 'listSegments'] as const) {
      expect((await ada.problem(name, { params: { readId: first.id } })).code, name).toBe('read.unknown');
    }
    const waiting = await study.readOf('ada');
    expect(waiting.repeat).toBe(true);
    const early = await ada.problem('beginRead', { params: { readId: waiting.id } });
    expect([early.status, early.code]).toEqual([409, 'read.too-early']);
    now = new Date('2026-05-18T08:00:00.000Z');
    await study.begin('ada');
    expect(await study.seenBy('ada')).toEqual(['ada open view write']);
    await study.submit('ada');
    expect(await study.seenBy('ada')).toEqual(['ada submitted view', 'ada submitted view']);
  });

  test('that was begun outside a protocol cannot be submitted', async () => {
    const project = await service.as('ada').project();
    const hash = await service.as('ada').volume();
    const { reads } = await service.as('ada').call('createCase', {
      params: { projectId: project.id },
      body: { title: 'Free', volumes: [hash], access: 'blind' }
    });
    const body = { signing: signing() };
    const problem = await service.as('ada').problem('submitRead', { params: { readId: reads[0]?.id ?? '' }, body });
    expect([problem.status, problem.code]).toEqual([409, 'read.outside-protocol']);
  });
});

describe('assignments', () => {
  test('need a locked protocol, a manager and people who may read', async () => {
    const project = await service.as('lead').project({ everyone: null });
    const hash = await service.as('lead').volume();
    const { id: caseId } = await service.as('lead').call('createCase', {
      params: { projectId: project.id },
      body: { title: 'Case', volumes: [hash] }
    });
    const body = { readers: ['lead'], due: null, repeat: false };
    const without = await service.as('lead').problem('assignReaders', { params: { caseId }, body });
    expect([without.status, without.code]).toEqual([409, 'protocol.none']);

    const study = await Study.start(service, READERS);
    const assign = async (by: string, readers: string[]): Promise<string> =>
      (
        await study
          .as(by)
          .problem('assignReaders', { params: { caseId: study.case_.id }, body: { readers, due: null, repeat: false } })
      ).code;
    expect(await assign('ada', ['ada'])).toBe('access.denied');
    expect(await assign('lead', ['nobody'])).toBe('member.unknown');
    expect(await assign('lead', ['vic'])).toBe('assignment.role');
    expect(await assign('lead', ['ada', 'vic'])).toBe('assignment.role');
    expect(await study.seenBy('lead')).toEqual([]);
    await study.assign(['ada']);
    expect(await assign('lead', ['ada'])).toBe('assignment.twice');
  });

  test('are taken back as if they had never been, but for the audit log', async () => {
    const study = await Study.start(service, READERS);
    const [read] = await study.assign(['ada']);
    await study.lead.call('withdrawAssignment', { params: { readId: read?.id ?? '' } });
    expect(await study.seenBy('lead')).toEqual([]);
    expect((await study.as('ada').problem('getRead', { params: { readId: read?.id ?? '' } })).code).toBe(
      'read.unknown'
    );
    expect((await study.actions()).slice(-2)).toEqual(['read.assigned', 'read.withdrawn']);
    await study.assign(['ada']);
  });

  test('are the only way to a read, and cases are for managers to start, once a protocol is locked', async () => {
    const study = await Study.start(service, READERS);
    const params = { caseId: study.case_.id };
    const free = await study.as('ada').problem('createRead', { params, body: { access: 'shared' } });
    expect([free.status, free.code]).toEqual([409, 'read.not-assigned']);
    const body = { title: 'Mine', volumes: ['0'.repeat(64)] };
    const started = await study.as('ada').problem('createCase', { params: { projectId: study.project.id }, body });
    expect(started.code).toBe('access.denied');
  });
});
