import path from 'node:path';
import type { Consensus, ConsensusRules, ProtocolContent } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import { readRelease } from '../../../src/studies/releases/releaseRecords.js';
import { TestService } from '../../http/testService.js';
import { LiveClient } from '../support/liveClient.js';
import { liver, painted, SEEN, TruthStudy, tumour, votes, type Box } from '../support/truth.js';
import { ask, ended, ModelShelf } from './support.js';

/** Two people who read, and a model that marks the liver where values are from 51 to 150. */
const DRAWN: Readonly<Record<string, readonly Box[]>> = {
  ada: [liver([0, 0, 0], [12, 10, 3]), tumour(SEEN)],
  ben: [liver([0, 0, 0], [12, 10, 1]), tumour(SEEN)]
};

let shelf: ModelShelf;
let service: TestService;

beforeAll(async () => {
  shelf = ModelShelf.with('threshold');
  service = await TestService.start({}, { shippedModels: shelf.folder });
});
afterAll(async () => {
  await service.stop();
  shelf.remove();
});

async function begin(changes: Partial<ConsensusRules> = {}): Promise<TruthStudy> {
  const content = votes();
  const consensus = { ...content.consensus, ...changes };
  const readers: ProtocolContent['readers'] = { ...content.readers, perCase: 2 };
  return TruthStudy.start(service, {
    ...content,
    readers,
    consensus,
    adjudication: { ...content.adjudication, rule: 'none' }
  });
}

async function runModel({ lead, projectId, caseId }: TruthStudy): Promise<string> {
  const job = await ended(lead, await ask(lead, projectId, caseId));
  expect(job.problem).toBe(null);
  return job.read ?? '';
}

/** What a consensus says, without what tells two of them apart that are the same. */
function said({ result }: Consensus): object {
  const { readers: _readers, ...rest } = result ?? { readers: [] };
  return rest;
}

/** Reads that the live consensus is made of. */
async function readersLive({ lead, caseId }: TruthStudy): Promise<number> {
  const watching = await LiveClient.watch(lead, caseId);
  watching.socket.close();
  return watching.newest.records.length;
}

describe('a model beside the readers of a case', () => {
  test('is no reader that the protocol asks for', async () => {
    const study = await begin({ modelWeight: 1 });
    await runModel(study);
    await study.read({ ada: DRAWN['ada'] ?? [] });
    const params = { caseId: study.caseId };
    const problem = await study.lead.problem('startConsensus', { params, body: {} });
    expect(problem.code).toBe('consensus.reads-missing');
    expect(problem.detail).toContain('1 of 2');
  });

  test('of weight 0 is shown and changes nothing: not one figure, not one voxel, and nothing is outdated', async () => {
    const study = await begin({ modelWeight: 0 });
    await study.read(DRAWN);
    const before = await study.consensus();
    await runModel(study);
    const { outdated } = await study.lead.call('getConsensus', { params: { consensusId: before.id } });
    expect(outdated).toBe(false);
    const after = await study.consensus();
    expect(said(after)).toEqual(said(before));
    expect(await readersLive(study)).toBe(2);
    expect(await study.labels(`consensus:${after.id}`)).toEqual(await study.labels(`consensus:${before.id}`));
    expect(after.result?.readers.map(({ letter, kind, weight }) => [letter, kind, weight])).toEqual([
      ['A', 'person', 1],
      ['B', 'person', 1],
      ['C', 'model', 0]
    ]);
    const { readers, pooled } = await study.lead.call('getProjectAgreement', {
      params: { projectId: study.projectId }
    });
    expect([readers.map(({ username }) => username), pooled.length]).toEqual([['ada', 'ben'], 2]);
  });

  test('of weight 0.5 decides where two people differ, and not against both; what was computed before is outdated', async () => {
    const study = await begin({ modelWeight: 0.5 });
    await study.read(DRAWN);
    const before = await study.consensus();
    const readId = await runModel(study);
    const { outdated } = await study.lead.call('getConsensus', { params: { consensusId: before.id } });
    expect(outdated).toBe(true);
    const model = await study.lead.call('listRevisions', { params: { readId } });
    const byModel = await study.labels(`revision:${model[0]?.hash ?? ''}`);
    const [ada, ben] = [painted(DRAWN['ada'] ?? []), painted(DRAWN['ben'] ?? [])];
    const expected = ada.map((label, voxel) => {
      const isLiver = (labels: Uint8Array): number => (labels[voxel] === 1 ? 1 : 0);
      if (label === 2) return 2;
      return isLiver(ada) + isLiver(ben) + 0.5 * isLiver(byModel) > 1.25 ? 1 : 0;
    });
    expect(await study.labels(`consensus:${(await study.consensus()).id}`)).toEqual(expected);
    expect(await readersLive(study)).toBe(3);
    // It is not what two people alone agree on.
    expect(await study.labels(`consensus:${before.id}`)).not.toEqual(expected);
  });

  test('of weight 1 outvotes one of two people as a third one would', async () => {
    const study = await begin({ modelWeight: 1, lesions: { ...votes().consensus.lesions, presence: 1 } });
    const readId = await runModel(study);
    await study.read(DRAWN);
    const [revision] = await study.lead.call('listRevisions', { params: { readId } });
    const byModel = await study.labels(`revision:${revision?.hash ?? ''}`);
    const [ada, ben] = [painted(DRAWN['ada'] ?? []), painted(DRAWN['ben'] ?? [])];
    const expected = ada.map((label, voxel) => {
      if (label === 2) return 2;
      return [ada, ben, byModel].filter(labels => labels[voxel] === 1).length >= 2 ? 1 : 0;
    });
    expect(await study.labels(`consensus:${(await study.consensus()).id}`)).toEqual(expected);

    // And a release tells of it as what it is.
    const { id: releaseId } = await study.prepare();
    expect((await study.sign(releaseId)).state).toBe('released');
    const verification = await study.lead.call('verifyRelease', { params: { releaseId } });
    expect(verification).toMatchObject({ valid: true, problem: null });
    const store = await openEmbeddedStore(path.join(service.folder, 'data'), { readOnly: true });
    const release = readRelease(await store.catalogue.get('release', releaseId));
    const file = release.files.find(each => each.path === 'release.json')?.sha256 ?? '';
    const bytes = await store.blobs.get(file);
    await store.close();
    const manifest = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as ReleaseManifest;
    const [read] = manifest.cases[0]?.reads.filter(each => each.manifest.model !== undefined) ?? [];
    expect(read?.manifest.reader).toEqual({ username: 'model:threshold@1.0.0', name: 'Bright and brighter 1.0.0' });
    expect(manifest.raters.filter(({ kind }) => kind === 'model').map(({ username }) => username)).toEqual([
      'model:threshold@1.0.0'
    ]);
    expect(manifest.dataset.creators).not.toContain('Bright and brighter 1.0.0');
  });

  test('as a part of a person is refused by a method that counts all readers alike', async () => {
    const staple = { id: 'staple.map', region: { rule: 'union' } } as const;
    const study = await begin({ modelWeight: 0.5, structures: staple });
    await study.read(DRAWN);
    expect((await study.consensus()).progress).toEqual({ state: 'done' });
    await runModel(study);
    const problem = await study.lead.problem('startConsensus', { params: { caseId: study.caseId }, body: {} });
    expect(problem).toMatchObject({ status: 409, code: 'consensus.model-weight' });
    expect(problem.detail).toContain('staple.map');
    const rules = { ...votes().consensus, structures: staple, modelWeight: 0 };
    expect((await study.consensus(study.lead, { rules })).progress).toEqual({ state: 'done' });
  });
});
