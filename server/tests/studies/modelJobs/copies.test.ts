import path from 'node:path';
import type { Case, Project } from '@voxcord/schemas/api';
import { UndoHistory, LabelMap } from '@voxcord/schemas/labelmap';
import { originsOf, sessionsOf } from '@voxcord/schemas/rooms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import { readRevision } from '../../../src/studies/records.js';
import { TestService, type Caller } from '../../http/testService.js';
import { RoomClient } from '../support/roomClient.js';
import { DIMS, Study } from '../support/study.js';
import { votes } from '../support/truth.js';
import { ask, ended, labelsOf, modelReads, ModelShelf } from './support.js';

let shelf: ModelShelf;
let service: TestService;
let lead: Caller;
let ada: Caller;
let project: Project;
let case_: Case;
let model: string;

beforeAll(async () => {
  shelf = ModelShelf.with('threshold');
  service = await TestService.start({}, { shippedModels: shelf.folder });
  lead = service.as('lead', 'Lea Lead');
  ada = service.as('ada');
  // The model labels what it calls Liver and Nodule; the reads begin with other numbers for them.
  project = await lead.project({
    everyone: 'reader',
    segments: [
      { name: 'Nodule', number: 7 },
      { name: 'Liver', number: 9 }
    ]
  });
  const volumes = [await lead.volume({ dims: DIMS })];
  case_ = await lead.call('createCase', { params: { projectId: project.id }, body: { title: 'Case', volumes } });
  model = (await ended(lead, await ask(lead, project.id, case_.id))).read ?? '';
}, 120_000);
afterAll(async () => {
  await service.stop();
  shelf.remove();
});

async function newRead(by: Caller, access = 'shared'): Promise<string> {
  return (await by.call('createRead', { params: { caseId: case_.id }, body: { access } })).id;
}

function copy(by: Caller, readId: string, segments: readonly number[], from = model): ReturnType<Caller['send']> {
  return by.send('copyIntoRead', { params: { readId }, body: { from, segments } });
}

describe('what a model has labelled', () => {
  test('is painted into an own read for everybody to see, with its origin, and one undo takes it back', async () => {
    const readId = await newRead(ada);
    const other = await RoomClient.join(lead, `read:${readId}`, { dims: DIMS });
    expect((await copy(ada, readId, [9, 7])).status).toBe(200);
    const expected = await labelsOf(lead, model);
    await other.when(() => other.labels().some(label => label === 7) && other.labels().some(label => label === 9));
    expect(other.labels()).toEqual(expected);

    const again = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
    expect(again.labels()).toEqual(expected);
    const entries = again.log.entries();
    const [first] = entries;
    const client = first?.id.client ?? 0;
    expect(sessionsOf(again.doc).get(String(client))).toMatchObject({ username: 'ada' });
    const [source] = await modelReads(lead, case_.id);
    expect(originsOf(again.doc).get(`${client}:0`)).toMatchObject({
      model: { name: 'threshold', version: '1.0.0' },
      read: source?.id,
      revision: null,
      segments: [
        { from: 7, to: 7 },
        { from: 9, to: 9 }
      ]
    });
    // The undo of a page: of all that carries the person's name.
    const labelMap = LabelMap.open(DIMS, { base: null, head: null, records: entries });
    const isHers = (each: number): boolean => sessionsOf(again.doc).get(String(each))?.username === 'ada';
    const undone = new UndoHistory(isHers, labelMap).undoable();
    expect(undone).toHaveLength(entries.length);
    for (const id of undone) again.hide(id);
    await again.saved();
    expect(again.labels().some(label => label !== 0)).toBe(false);
    for (const room of [other, again]) await room.leave();
    expect(service.log.join('')).not.toContain('"level":50');
  });

  test('asked for twice at once while somebody else paints: two gestures, each of which goes by an undo of its own', async () => {
    const readId = await newRead(ada);
    const other = await RoomClient.join(lead, `read:${readId}`, { dims: DIMS });
    const copies = [copy(ada, readId, [9, 7]), copy(ada, readId, [9, 7])];
    for (let row = 0; row < 8; row++) other.paint(row, 9);
    expect((await Promise.all(copies)).map(({ status }) => status)).toEqual([200, 200]);
    await other.saved();
    const again = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
    await other.when(() => Buffer.compare(other.labels(), again.labels()) === 0);
    expect(originsOf(again.doc).size).toBe(2);
    const isHers = (each: number): boolean => sessionsOf(again.doc).get(String(each))?.username === 'ada';
    const gestures: number[] = [];
    for (;;) {
      const records = again.log.entries();
      const undone = new UndoHistory(isHers, LabelMap.open(DIMS, { base: null, head: null, records })).undoable();
      if (undone.length === 0) break;
      gestures.push(undone.length);
      for (const id of undone) again.hide(id);
      await again.saved();
    }
    expect(gestures).toHaveLength(2);
    expect(gestures[0]).toBe(gestures[1]);
    const alone = await newRead(lead);
    const painter = await RoomClient.join(lead, `read:${alone}`, { dims: DIMS });
    for (let row = 0; row < 8; row++) painter.paint(row, 9);
    await other.when(() => Buffer.compare(other.labels(), painter.labels()) === 0);
    for (const room of [other, again, painter]) await room.leave();
  });

  test('is copied by the segment, and nothing of it is painted where something is wrong', async () => {
    const readId = await newRead(ada);
    expect((await copy(ada, readId, [7])).status).toBe(200);
    const copied = (await labelsOf(lead, model)).map(label => (label === 7 ? 7 : 0));
    const room = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS });
    expect(room.labels()).toEqual(copied);
    await room.leave();
    const body = { from: model, segments: [3] };
    const unknown = await ada.problem('copyIntoRead', { params: { readId }, body });
    expect(unknown).toMatchObject({ status: 422, code: 'copy.segment' });
    const person = await newRead(lead);
    const notAModel = await ada.problem('copyIntoRead', { params: { readId }, body: { from: person, segments: [7] } });
    expect(notAModel).toMatchObject({ status: 422, code: 'copy.not-a-model' });
    const blind = await newRead(lead, 'blind');
    expect((await ada.problem('copyIntoRead', { params: { readId: blind }, body })).code).toBe('read.unknown');
    const visible = await newRead(lead, 'visible');
    expect((await ada.problem('copyIntoRead', { params: { readId: visible }, body })).code).toBe('access.denied');
    expect((await ada.problem('copyIntoRead', { params: { readId: model }, body })).code).toBe('access.denied');
  });
});

test('a read that is submitted says what was copied into it, and a blinded reader copies nothing', async () => {
  const content = votes();
  const readers = { ...content.readers, blind: false, perCase: 2 };
  const study = await Study.start(service, { ben: 'reader' }, { ...content, readers });
  const caseId = study.case_.id;
  const byModel = (await ended(study.lead, await ask(study.lead, study.project.id, caseId))).read ?? '';
  await study.assign(['ben']);
  const { id: readId } = await study.begin('ben');
  const ben = study.as('ben');
  await ben.call('copyIntoRead', { params: { readId }, body: { from: byModel, segments: [1] } });
  const { hash } = await study.submit('ben');
  const [revision] = await study.lead.call('listRevisions', { params: { readId: byModel } });
  const events = await study.lead.call('listAuditEvents', { params: { projectId: study.project.id } });
  const told = events.find(({ action }) => action === 'read.copied-from-model');
  expect(told?.details).toMatchObject({ by: 'ben', read: byModel, revision: revision?.hash });
  const store = await openEmbeddedStore(path.join(service.folder, 'data'), { readOnly: true });
  const { manifest } = readRevision(await store.catalogue.get('revision', hash));
  await store.close();
  expect(manifest.origins).toMatchObject([
    { kind: 'model', name: 'model:threshold@1.0.0', details: { read: byModel, revision: revision?.hash, by: 'ben' } }
  ]);
  expect((await ben.problem('copyIntoRead', { params: { readId }, body: { from: byModel, segments: [1] } })).code).toBe(
    'access.denied'
  );

  const blind = await Study.start(service, { ada: 'reader' });
  const hidden = (await ended(blind.lead, await ask(blind.lead, blind.project.id, blind.case_.id))).read ?? '';
  await blind.assign(['ada']);
  const { id: own } = await blind.begin('ada');
  const problem = await ada.problem('copyIntoRead', { params: { readId: own }, body: { from: hidden, segments: [1] } });
  expect(problem).toMatchObject({ status: 404, code: 'read.unknown' });
});
