import type { Person, ReadOrigin } from '@voxcord/schemas/api';
import type { PreAnnotation } from '@voxcord/schemas/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presentOrigin } from '../../src/studies/readOrigins.js';
import { TestService, type Caller } from '../http/testService.js';
import { ask, ended, ModelShelf } from './modelJobs/support.js';
import { RoomClient } from './support/roomClient.js';
import { DIMS, Study } from './support/study.js';
import { votes } from './support/truth.js';

const CLICKS = { kind: 'model', name: 'click-distance', version: '1.0.0' } as const;

let shelf: ModelShelf;
let service: TestService;
beforeAll(async () => {
  shelf = ModelShelf.with('threshold', 'click-distance');
  service = await TestService.start({}, { shippedModels: shelf.folder });
});
afterAll(async () => {
  await service.stop();
  shelf.remove();
});

function origins(caller: Caller, readId: string): Promise<ReadOrigin[]> {
  return caller.call('listReadOrigins', { params: { readId } });
}

async function refusal(caller: Caller, readId: string): Promise<[number, string]> {
  const { status, code } = await caller.problem('listReadOrigins', { params: { readId } });
  return [status, code];
}

async function click(caller: Caller, readId: string, volume: string): Promise<void> {
  const { grid } = await caller.call('getVolume', { params: { volumeHash: volume } });
  const [, , , x = 0, , , , y = 0, , , , z = 0] = grid.affine;
  const body = { volume, method: CLICKS, places: [{ world: [x, y, z], on: true }] };
  await caller.call('propose', { params: { readId }, body });
}

describe('a read that rests on models', () => {
  test('says so in order, to a viewer too, and goes on saying so when its paint is undone', async () => {
    const [lead, ada] = [service.as('lead', 'Lea Lead'), service.as('ada', 'Ada Okafor')];
    const project = await lead.project({
      everyone: 'viewer',
      segments: [
        { name: 'Nodule', number: 7 },
        { name: 'Liver', number: 9 }
      ]
    });
    const { person } = await ada.call('me');
    const params = { projectId: project.id, username: 'ada' };
    await lead.call('setMember', { params, body: { role: 'reader' } });
    const volume = await lead.volume({ dims: DIMS });
    const made = await lead.call('createCase', {
      params: { projectId: project.id },
      body: { title: 'Case', volumes: [volume], access: 'shared' }
    });
    const readId = made.reads[0]?.id ?? '';
    const { read: from } = await ended(lead, await ask(lead, project.id, made.id));
    expect(await origins(lead, readId)).toEqual([]);

    await ada.call('copyIntoRead', { params: { readId }, body: { from: from ?? '', segments: [7] } });
    await click(lead, readId, volume);
    await click(lead, readId, volume);
    const told = await origins(service.as('vera'), readId);
    const { models } = await lead.call('listModels');
    const hashOf = (name: string): string | undefined => models.find(({ file }) => file.name === name)?.sha256;
    expect(told).toEqual([
      {
        kind: 'copied',
        model: { name: 'threshold', version: '1.0.0', sha256: hashOf('threshold') },
        segments: [{ from: 7, to: 7 }],
        read: { id: from, revision: null },
        at: expect.stringMatching(/Z$/) as string,
        by: person
      },
      {
        kind: 'proposed',
        model: { name: 'click-distance', version: '1.0.0', sha256: hashOf('click-distance') },
        at: expect.stringMatching(/Z$/) as string,
        by: (await lead.call('me')).person
      }
    ]);

    const room = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
    expect(room.labels().includes(7)).toBe(true);
    for (const { id } of room.log.entries()) room.hide(id);
    await room.saved();
    expect(room.labels().every(label => label === 0)).toBe(true);
    await room.leave();
    expect(await origins(ada, readId)).toEqual(told);
    expect(await origins(ada, from ?? '')).toEqual([]);
  });

  test('tells it, while people read blind, to nobody but its reader, and then to whoever decides', async () => {
    const study = await Study.start(service, { ada: 'reader', ben: 'reader', dora: 'adjudicator' });
    const [ada, ben, dora] = ['ada', 'ben', 'dora'].map(name => study.as(name)) as [Caller, Caller, Caller];
    await study.assign(['ada', 'ben']);
    const { id: readId } = await study.readOf('ada');
    expect(await refusal(ada, readId)).toEqual([409, 'read.not-begun']);
    await study.begin('ada');
    await click(ada, readId, study.case_.volumes[0]?.hash ?? '');
    expect(await origins(ada, readId)).toMatchObject([{ kind: 'proposed', by: { username: 'ada' } }]);
    expect(await refusal(dora, readId)).toEqual([403, 'access.blinded']);
    expect(await refusal(ben, readId)).toEqual([404, 'read.unknown']);
    await study.submit('ada');
    expect(await origins(dora, readId)).toEqual(await origins(ada, readId));
    expect(await refusal(ben, readId)).toEqual([404, 'read.unknown']);
    expect(await refusal(service.as('stranger'), readId)).toEqual([404, 'read.unknown']);
  });

  test('of a model whose read is hidden by now tells as much as its own revision does', async () => {
    const content = votes();
    const visible = { ...content, readers: { ...content.readers, blind: false, perCase: 2 } };
    const study = await Study.start(service, { ben: 'reader' }, visible);
    const { read } = await ended(study.lead, await ask(study.lead, study.project.id, study.case_.id));
    const from = read ?? '';
    const [revision] = await study.lead.call('listRevisions', { params: { readId: from } });
    await study.assign(['ben']);
    const { id: readId } = await study.begin('ben');
    const ben = study.as('ben');
    await ben.call('copyIntoRead', { params: { readId }, body: { from, segments: [1] } });
    await study.submit('ben');
    await study.lock({ ...content, readers: { ...content.readers, blind: true } });
    expect((await ben.problem('getRead', { params: { readId: from } })).code).toBe('read.unknown');
    expect(await origins(ben, readId)).toMatchObject([
      { kind: 'copied', read: { id: from, revision: revision?.hash }, segments: [{ from: 1, to: 1 }] }
    ]);
  });
});

describe('what is stored of an origin', () => {
  const sha256 = 'a'.repeat(64);
  const model = { name: 'threshold', version: '1.0.0', sha256 };
  const at = '2026-05-04T08:00:00.000Z';
  const read = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
  const copied = { model, read, revision: null, segments: [{ from: 1, to: 2 }], at, by: 'ada' };
  const named = (username: string): Promise<Person> =>
    Promise.resolve({ username, displayName: 'Ada', initials: 'A', colour: '#aa0000' });

  function stored(details: PreAnnotation['details'], kind: PreAnnotation['kind'] = 'model'): PreAnnotation {
    return { kind, name: 'model:threshold@1.0.0', sha256, details };
  }

  test('is told in all its parts if they are all there', async () => {
    expect(await presentOrigin(stored(copied), named)).toMatchObject({ kind: 'copied', by: { displayName: 'Ada' } });
    const proposed = await presentOrigin(stored({ model, proposals: true, at, by: 'ada' }), named);
    expect(proposed).toEqual({ kind: 'proposed', model, at, by: await named('ada') });
  });

  test.each<[string, PreAnnotation]>([
    ['a file', stored(copied, 'file')],
    ['a revision', stored({}, 'revision')],
    ['a model of which nothing more is known', stored({})],
    ['a copy of nothing', stored({ ...copied, segments: [] })],
    ['a copy of something else than segments', stored({ ...copied, segments: 'Liver' })],
    ['a copy by nobody', stored({ ...copied, by: null })],
    ['proposals at no time', stored({ model, proposals: true, at: 'yesterday', by: 'ada' })],
    ['proposals of no version', stored({ model: { name: 'threshold', sha256 }, proposals: true, at, by: 'ada' })]
  ])('is told by its name if it is %s', async (_, origin) => {
    expect(await presentOrigin(origin, named)).toEqual({ kind: 'other', name: 'model:threshold@1.0.0' });
  });
});
