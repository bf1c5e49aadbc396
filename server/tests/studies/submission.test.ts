import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOfLabelMap, hashRecord } from '../../src/truth/index.js';
import { TestService } from '../http/testService.js';
import { RoomClient } from './support/roomClient.js';
import { DIMS, protocolContent, signing, Study } from './support/study.js';

let service: TestService;
let study: Study;

beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const READERS = { ada: 'reader', ben: 'reader', dora: 'adjudicator' };

async function opened(): Promise<{ id: string; room: RoomClient }> {
  study = await Study.start(service, READERS);
  await study.assign(['ada', 'ben']);
  const { id } = await study.begin('ada');
  return { id, room: await RoomClient.join(study.as('ada'), `read:${id}`, { dims: DIMS }) };
}

describe('the room of a read', () => {
  test('opens with the read, for its reader alone', async () => {
    study = await Study.start(service, READERS);
    const [read] = await study.assign(['ada']);
    const room = `read:${read?.id ?? ''}`;
    expect((await RoomClient.join(study.as('ada'), room, { dims: DIMS })).closed?.code).toBe(4403);
    await study.begin('ada');
    const ada = await RoomClient.join(study.as('ada'), room, { dims: DIMS });
    expect(ada.mayWrite).toBe(true);
    expect((await RoomClient.join(study.as('ben'), room, { dims: DIMS })).closed?.code).toBe(4404);
    for (const decider of ['lead', 'dora']) {
      expect((await RoomClient.join(study.as(decider), room, { dims: DIMS })).closed?.code, decider).toBe(4403);
    }
    await study.submit('ada');
    const lead = await RoomClient.join(study.as('lead'), room, { dims: DIMS });
    expect([lead.closed, lead.mayWrite]).toEqual([null, false]);
    await Promise.all([ada.leave(), lead.leave()]);
  });

  test('takes nothing any more once the read is submitted, and again once it is reopened', async () => {
    const { id, room } = await opened();
    const second = await RoomClient.join(study.as('ada'), `read:${id}`, { dims: DIMS });
    room.paint(1);
    await room.saved();
    await study.submit('ada');
    await Promise.all([room.until(false), second.until(false)]);
    second.paint(2);
    expect(await second.whenClosed()).toBe(4403);

    await study.as('ada').call('reopenRead', { params: { readId: id }, body: { reason: 'again' } });
    await room.until(true);
    room.paint(3);
    await room.saved();
    expect(room.closed).toBe(null);
    await room.leave();
  });

  test('asks anew who may be there when somebody loses their role', async () => {
    const { id, room } = await opened();
    const params = { projectId: study.project.id, username: 'ada' };
    await study.lead.call('setMember', { params, body: { role: 'viewer' } });
    await room.until(false);
    await study.lead.call('setMember', { params, body: { role: 'reader' } });
    await room.until(true);
    await study.lead.call('removeMember', { params });
    expect(await room.whenClosed()).toBe(4404);
    expect((await RoomClient.join(study.as('ada'), `read:${id}`, { dims: DIMS })).closed?.code).toBe(4404);
  });

  test('lets those go who have to read the case themselves from now on', async () => {
    const { id, room } = await opened();
    await room.leave();
    await study.submit('ada');
    const lead = await RoomClient.join(study.lead, `read:${id}`, { dims: DIMS });
    await study.assign(['lead']);
    expect(await lead.whenClosed()).toBe(4404);
    expect(await study.seenBy('lead')).toEqual(['lead assigned']);
  });
});

describe('a revision', () => {
  test('holds every stroke that was acknowledged, named by its voxels', async () => {
    const { id, room } = await opened();
    for (let seed = 1; seed <= 40; seed++) room.paint(seed, 1 + (seed % 2));
    room.hide({ client: room.doc.clientID, clock: 3 });
    await room.saved();
    const revision = await study.submit('ada');
    expect(revision.labelMapRoot).toBe(contentOfLabelMap(room.labels(), DIMS).root);
    expect(await study.as('ada').call('listRevisions', { params: { readId: id } })).toEqual([revision]);
    await room.leave();
  });

  test('holds the same whatever the order of edits was', async () => {
    const { id, room } = await opened();
    room.paint(5);
    room.paint(9, 2);
    await room.saved();
    const first = await study.submit('ada');
    await study.as('ada').call('reopenRead', { params: { readId: id }, body: { reason: 'nothing' } });
    await room.until(true);
    const again = room.paint(30);
    room.hide(again);
    await room.saved();
    const second = await study.submit('ada');
    expect([second.labelMapRoot, second.hash === first.hash]).toEqual([first.labelMapRoot, false]);
    await room.leave();
  });

  test('holds no stroke that comes while it is made: either all of it was acknowledged before, or none', async () => {
    const { room } = await opened();
    const painting = { isOn: true };
    const untilPainted = (async () => {
      for (let seed = 1; painting.isOn && room.closed === null && room.mayWrite; seed++) {
        room.paint(seed);
        await room.saved();
      }
    })();
    await new Promise(resolve => setImmediate(resolve));
    const { labelMapRoot } = await study.submit('ada');
    painting.isOn = false;
    await untilPainted;
    await room.leave();
    const later = await RoomClient.join(study.as('ada'), `read:${(await reads())[0] ?? ''}`, { dims: DIMS });
    expect(labelMapRoot).toBe(contentOfLabelMap(later.labels(), DIMS).root);
    await later.leave();
  });

  test('is signed over a record that names the protocol, the reader and what was painted', async () => {
    const { room } = await opened();
    room.paint(4);
    await room.saved();
    const revision = await study.submit('ada', 'fine');
    await room.leave();
    const [protocol] = await study.lead.call('listProtocols', { params: { projectId: study.project.id } });
    expect(protocol?.contentHash).toBe(hashRecord(protocolContent()));
    expect(revision.signature?.keyId).toBe((await study.as('ada').call('getSigningKey')).keyId);
    expect(revision.signature?.time).toBe(revision.submittedAt);
  });

  test('of a blind read is shown to those who decide, and not to other readers', async () => {
    const { id, room } = await opened();
    await room.leave();
    const revision = await study.submit('ada');
    const params = { readId: id };
    expect(await study.lead.call('listRevisions', { params })).toEqual([revision]);
    expect(await study.as('dora').call('listRevisions', { params })).toEqual([revision]);
    expect((await study.as('ben').problem('listRevisions', { params })).code).toBe('read.unknown');
    await study.begin('ben');
    await study.submit('ben');
    expect((await study.as('ben').problem('listRevisions', { params })).code).toBe('read.unknown');
  });
});

describe('signing', () => {
  test('needs a passphrase of one’s own, and locks after five wrong ones, which is in the audit log', async () => {
    const { id } = await opened();
    const params = { readId: id };
    const tries = async (passphrase: string): Promise<[number, string]> => {
      const body = { signing: signing(passphrase) };
      const { status, code } = await study.as('ada').problem('submitRead', { params, body });
      return [status, code];
    };
    for (let count = 1; count <= 5; count++) expect(await tries(`wrong ${count}`)).toEqual([403, 'signing.passphrase']);
    expect(await tries('wrong again')).toEqual([423, 'signing.locked']);
    expect((await study.as('ada').problem('submitRead', { params, body: { signing: signing() } })).code).toBe(
      'signing.locked'
    );
    expect((await study.as('ada').call('getSigningKey')).lockedUntil).not.toBe(null);
    expect((await study.as('ada').call('getRead', { params })).state).toBe('open');
    expect((await study.actions()).slice(-5)).toEqual([
      ...Array.from({ length: 4 }, () => 'signing.wrong-passphrase'),
      'signing.locked'
    ]);
  });

  test('is refused to somebody who has not chosen a passphrase, and with too short a one', async () => {
    const eve = service.as('eve');
    expect(await eve.call('getSigningKey')).toEqual({ keyId: null, createdAt: null, lockedUntil: null });
    expect((await eve.problem('setPassphrase', { body: { passphrase: 'short' } })).code).toBe('request.invalid');
    await study.setRole('eve', 'reader');
    await study.assign(['eve']);
    const { id } = await study.begin('eve');
    const body = { signing: signing() };
    const problem = await eve.problem('submitRead', { params: { readId: id }, body });
    expect([problem.status, problem.code]).toEqual([409, 'signing.no-key']);
  });

  test('goes on with another passphrase when the current one is given', async () => {
    const fay = service.as('fay');
    const first = await fay.call('setPassphrase', { body: { passphrase: 'first passphrase' } });
    const change = { passphrase: 'second passphrase' };
    expect((await fay.problem('setPassphrase', { body: change })).code).toBe('signing.key-exists');
    const wrong = { ...change, current: 'not the first one' };
    expect((await fay.problem('setPassphrase', { body: wrong })).code).toBe('signing.passphrase');
    const second = await fay.call('setPassphrase', { body: { ...change, current: 'first passphrase' } });
    expect(second.keyId).not.toBe(first.keyId);
    expect(await fay.call('getSigningKey')).toEqual(second);
  });
});

async function reads(): Promise<string[]> {
  const mine = await study.as('ada').call('listMyReads');
  return mine.filter(({ projectId }) => projectId === study.project.id).map(({ read }) => read.id);
}
