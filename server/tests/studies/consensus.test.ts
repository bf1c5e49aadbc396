import type { VoxelIndex } from '@voxcord/schemas/labelmap';
import { defaultProtocol } from '@voxcord/schemas/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { protocolContent } from './support/study.js';
import { DISPUTED, DRAWN, liver, painted, SEEN, TruthStudy, tumour, unpack, votes, type Box } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

describe('a consensus', () => {
  test('is computed from what everybody has submitted, and tells all about it', async () => {
    study = await TruthStudy.start(service);
    const revisions = await study.read();
    const consensus = await study.consensus();
    expect(consensus.progress).toEqual({ state: 'done' });
    expect(consensus).toMatchObject({ number: 1, deviates: false, outdated: false, protocolVersion: 1 });
    const { result } = consensus;
    expect(
      result?.readers.map(({ letter, reader, revision, weight }) => [letter, reader.username, revision, weight])
    ).toEqual([
      ['A', 'ada', revisions.get('ada')?.hash, 1],
      ['B', 'ben', revisions.get('ben')?.hash, 1],
      ['C', 'cleo', revisions.get('cleo')?.hash, 1]
    ]);
    // Two of three: the larger liver, and the lesion that two have seen.
    const expected = painted([liver(), tumour(SEEN), tumour(DISPUTED)]);
    expect(await study.labels(`consensus:${consensus.id}`)).toEqual(expected);
    expect(result?.segments.map(({ number, voxels }) => [number, voxels])).toEqual([
      [1, 464],
      [2, 16]
    ]);
    expect(result?.lesions.map(({ accepted, readers }) => [accepted, readers.map(({ present }) => present)])).toEqual([
      [true, [true, true, true]],
      [true, [true, true, false]]
    ]);
    expect(result?.agreement.map(({ number, pairs }) => [number, pairs.map(({ a, b }) => a + b)])).toEqual([
      [1, ['AB', 'AC', 'BC']],
      [2, ['AB', 'AC', 'BC']]
    ]);
    expect(result?.criteria.map(({ id, met }) => [id, met])).toEqual([
      ['liver', true],
      ['tumour', false]
    ]);
    expect(result?.adjudication).toMatchObject({ needed: true, read: null });
    expect(result?.adjudication.triggers.map(({ met }) => met)).toEqual([true]);
  });

  test('shows where readers disagree, and how probable each segment is', async () => {
    const [newest] = await study.lead.call('listConsensus', { params: { caseId: study.caseId } });
    const params = { consensusId: newest?.id ?? '' };
    const map = await study.lead.call('getDisagreement', { params });
    const pack = await study.lead.send('getDisagreementPack', { params });
    const disagreement = unpack(map, new Uint8Array(await pack.arrayBuffer()));
    const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map(name => painted(DRAWN[name] ?? []));
    disagreement.forEach((value, voxel) => {
      const isUnanimous = ada?.[voxel] === ben?.[voxel] && ada?.[voxel] === cleo?.[voxel];
      expect(value === 0, String(voxel)).toBe(isUnanimous);
    });
    const soft = await study.lead.call('getSoftMap', { params: { ...params, number: 2 } });
    const softPack = await study.lead.send('getSoftMapPack', { params: { ...params, number: 2 } });
    const probability = unpack(soft, new Uint8Array(await softPack.arrayBuffer()));
    const voxelOf = ([i, j, k]: readonly [number, number, number]): number => (k * 10 + j) * 12 + i;
    expect(probability[voxelOf(SEEN)]).toBe(255);
    expect(probability[voxelOf([0, 0, 0])]).toBe(0);
    const missing = await study.lead.problem('getSoftMap', { params: { ...params, number: 9 } });
    expect(missing.code).toBe('segment.no-soft-map');
  });

  test('names its disputes with the voxels of each', async () => {
    const [newest] = await study.lead.call('listConsensus', { params: { caseId: study.caseId } });
    const { id, result } = await study.computed(newest?.id ?? '');
    const lesion = result?.disputes.find(({ kind }) => kind === 'presence');
    expect(lesion).toMatchObject({ lesion: 2, voxels: 8, asked: true, decision: null });
    expect(lesion?.candidates.map(({ letter, present }) => [letter, present])).toEqual([
      ['A', true],
      ['B', true],
      ['C', false]
    ]);
    const { runs } = await study.lead.call('getDisputeRegion', {
      params: { consensusId: id, dispute: lesion?.number ?? 0 }
    });
    const voxels = new Set<number>();
    for (let at = 0; at < runs.length; at += 2) {
      for (let n = 0; n < (runs[at + 1] ?? 0); n++) voxels.add((runs[at] ?? 0) + n);
    }
    const expected = painted([tumour(DISPUTED)]);
    expect([...voxels].sort((a, b) => a - b)).toEqual([...expected.keys()].filter(voxel => expected[voxel] === 2));
    const unknown = await study.lead.problem('getDisputeRegion', { params: { consensusId: id, dispute: 99 } });
    expect(unknown.code).toBe('dispute.unknown');
  });

  test('is refused while reads are missing, and says how many, not whose', async () => {
    study = await TruthStudy.start(service);
    await study.study.assign(['ada', 'ben', 'cleo']);
    await study.study.begin('ada');
    await study.study.submit('ada');
    const problem = await study.lead.problem('startConsensus', { params: { caseId: study.caseId }, body: {} });
    expect([problem.status, problem.code]).toEqual([409, 'consensus.reads-missing']);
    expect(problem.detail).toContain('2 of 3 reads');
    for (const name of ['ada', 'ben', 'cleo']) expect(problem.detail).not.toContain(name);
  });

  test('needs as many reads as the protocol says at least, and all that are assigned', async () => {
    study = await TruthStudy.start(service);
    await study.read({ ada: DRAWN['ada'] ?? [], ben: DRAWN['ben'] ?? [] });
    const start = { params: { caseId: study.caseId }, body: {} };
    expect((await study.lead.problem('startConsensus', start)).detail).toContain('1 of 3 reads');
    // A fourth reader is more than the protocol asks for, and counts all the same.
    await study.study.setRole('eli', 'reader');
    await study.study.assign(['cleo', 'eli']);
    await study.study.begin('cleo');
    await study.study.submit('cleo');
    expect((await study.lead.problem('startConsensus', start)).detail).toContain('1 of 4 reads');
    const { read } = (await study.as('eli').call('listMyReads'))[0] ?? {};
    await study.lead.call('withdrawAssignment', { params: { readId: read?.id ?? '' } });
    expect((await study.consensus()).result?.readers).toHaveLength(3);
  });

  test('that waits or runs can be cancelled by who may compute it; one that is done stays', async () => {
    study = await TruthStudy.start(service);
    await study.read();
    const start = { params: { caseId: study.caseId }, body: {} };
    const started = [];
    for (let n = 0; n < 4; n++) started.push(await study.lead.call('startConsensus', start));
    const last = { params: { consensusId: started.at(-1)?.id ?? '' } };
    expect((await study.as('ada').problem('cancelConsensus', last)).code).toBe('consensus.unknown');
    await study.lead.call('cancelConsensus', last);
    const cancelled = await study.lead.call('getConsensus', last);
    expect(cancelled).toMatchObject({ progress: { state: 'cancelled' }, result: null });
    expect((await study.lead.problem('getDisagreement', last)).code).toBe('consensus.not-computed');
    const first = await study.computed(started[0]?.id ?? '');
    expect(first.progress).toEqual({ state: 'done' });
    await study.lead.call('cancelConsensus', { params: { consensusId: first.id } });
    expect((await study.computed(first.id)).result).toEqual(first.result);
    // Cancelling one does not keep the next from being computed.
    expect((await study.consensus()).progress).toEqual({ state: 'done' });
  });

  test('of forty segments has each of them', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n + 1);
    const { codes = [] } = protocolContent().segments[0] ?? {};
    const { segments } = defaultProtocol(
      'Forty',
      numbers.map(number => ({ number, name: `Part ${number}`, colour: '#8c564b', codes, retired: false }))
    );
    study = await TruthStudy.start(service, votes({ segments, acceptance: [] }));
    const place = (number: number): VoxelIndex => [
      2 * ((number - 1) % 6),
      2 * (Math.floor((number - 1) / 6) % 5),
      2 * Math.floor((number - 1) / 30)
    ];
    const all = numbers.map(number => ({ segment: number, at: place(number), size: [2, 2, 2] as const }));
    const without = (number: number): Box[] => all.filter(({ segment }) => segment !== number);
    // Each of two leaves out another segment: two of three have it.
    await study.read({ ada: all, ben: without(7), cleo: without(40) });
    const consensus = await study.consensus();
    expect(await study.labels(`consensus:${consensus.id}`)).toEqual(painted(all));
    expect(consensus.result?.segments.map(({ number, voxels }) => [number, voxels])).toEqual(
      numbers.map(number => [number, 8])
    );
    const diceOf = (wanted: number): (number | null)[] | undefined =>
      consensus.result?.agreement.find(({ number }) => number === wanted)?.pairs.map(({ dice }) => dice);
    expect([diceOf(1), diceOf(7), diceOf(40)]).toEqual([
      [1, 1, 1],
      [0, 1, 0],
      [1, 0, 0]
    ]);
    const params = { consensusId: consensus.id, number: 40 };
    const pack = await study.lead.send('getSoftMapPack', { params });
    const soft = unpack(await study.lead.call('getSoftMap', { params }), new Uint8Array(await pack.arrayBuffer()));
    expect([...new Set(soft)].sort((a, b) => a - b)).toEqual([0, 170]);
  });

  test('does not exist for readers of a blind study, nor for anybody who has still to read', async () => {
    study = await TruthStudy.start(service);
    await study.read();
    const { id } = await study.consensus();
    const params = { consensusId: id };
    const asked = { params: { caseId: study.caseId } };
    for (const username of ['ada', 'ben']) {
      expect((await study.as(username).problem('getConsensus', { params })).code).toBe('consensus.unknown');
      expect(await study.as(username).call('listConsensus', asked)).toEqual([]);
      expect((await study.as(username).problem('startConsensus', { ...asked, body: {} })).code).toBe('access.denied');
      const reference = `consensus:${id}`;
      expect((await study.as(username).problem('getFixedLabelMap', { params: { reference } })).status).toBe(404);
    }
    expect((await study.as('dora').call('getConsensus', { params })).id).toBe(id);
    // A manager who is asked to read the case loses it from sight at once.
    await study.study.assign(['sam']);
    expect((await study.as('sam').problem('getConsensus', { params })).code).toBe('consensus.unknown');
    expect(await study.as('sam').call('listConsensus', asked)).toEqual([]);
    expect((await study.as('dora').call('getConsensus', { params })).outdated).toBe(true);
  });

  test('by other rules than the protocol is for comparison only', async () => {
    study = await TruthStudy.start(service);
    await study.read();
    const rules = votes().consensus;
    const all = { id: 'vote.kofn', threshold: 3, ties: 'background' } as const;
    const strict = await study.consensus(study.lead, {
      rules: { ...rules, structures: all, lesions: { ...rules.lesions, presence: 3, shape: all } }
    });
    expect(strict.deviates).toBe(true);
    // Where two saw a lesion and one saw liver, nothing has three votes.
    const nothing = { segment: 0, at: DISPUTED, size: [2, 2, 2] as const };
    const expected = painted([liver([2, 1, 1], [9, 8, 6]), tumour(SEEN), nothing]);
    expect(await study.labels(`consensus:${strict.id}`)).toEqual(expected);
    const problem = await study.as('dora').problem('beginAdjudication', { params: { consensusId: strict.id } });
    expect(problem.code).toBe('consensus.deviates');
  });

  test('of one reader is that read, and of two leaves undecided what they differ on', async () => {
    const { readers } = votes();
    const adjudication = { rule: 'none', triggers: [], minimumVolume: 0 } as const;
    const one = await TruthStudy.start(
      service,
      votes({ readers: { ...readers, perCase: 1 }, adjudication: { ...adjudication, triggers: [] } })
    );
    await one.read({ ada: DRAWN['ada'] ?? [] });
    const alone = await one.consensus();
    expect(await one.labels(`consensus:${alone.id}`)).toEqual(painted(DRAWN['ada'] ?? []));
    expect(alone.result?.agreement.map(({ pairs }) => pairs)).toEqual([[], []]);
    expect(alone.result?.criteria[0]).toMatchObject({ met: null });
    expect(alone.result?.criteria[0]?.reason).toContain('two readers');

    const two = await TruthStudy.start(service, votes({ readers: { ...readers, perCase: 2 } }));
    await two.read({ ada: [liver()], ben: [liver([2, 1, 1], [9, 8, 6])] });
    const both = await two.consensus();
    expect(await two.labels(`consensus:${both.id}`)).toEqual(painted([liver([2, 1, 1], [9, 8, 6])]));
    expect(both.result?.segments[0]?.undecidedVoxels).toBe(48);
  });

  test('is not made of a read that is upside down: nobody would notice', async () => {
    study = await TruthStudy.start(service);
    const lopsided = [liver([1, 1, 1], [4, 3, 2]), tumour([2, 2, 1], [2, 1, 1])];
    const flipped = [liver([7, 1, 1], [4, 3, 2]), tumour([8, 2, 1], [2, 1, 1])];
    await study.read({ ada: lopsided, ben: lopsided, cleo: flipped });
    const consensus = await study.consensus();
    expect(consensus.progress).toMatchObject({ state: 'failed', code: 'consensus.read-flipped' });
    expect(consensus.result).toBeNull();
    const problem = await study.lead.problem('getDisagreement', { params: { consensusId: consensus.id } });
    expect(problem.code).toBe('consensus.not-computed');
  });
});

describe('the same reads', () => {
  test('give the same label map and the same figures, in whatever order they were submitted', async () => {
    const names = ['ada', 'ben', 'cleo'];
    const results = await Promise.all(
      [names, [...names].reverse()].map(async order => {
        const other = await TestService.start();
        const made = await TruthStudy.start(other);
        await made.read(Object.fromEntries(order.map(name => [name, DRAWN[name] ?? []])));
        const { result } = await made.consensus();
        await other.stop();
        return result;
      })
    );
    const [first, second] = results;
    expect(first?.labelMapRoot).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.labelMapRoot).toBe(first?.labelMapRoot);
    expect(second?.segments.map(({ voxels }) => voxels)).toEqual(first?.segments.map(({ voxels }) => voxels));
    expect(second?.disputes.map(({ voxels, severity }) => [voxels, severity])).toEqual(
      first?.disputes.map(({ voxels, severity }) => [voxels, severity])
    );
    const agreementOf = (result: typeof first): unknown[] =>
      (result?.agreement ?? []).map(({ pairs }) => pairs.map(({ dice }) => dice).sort());
    expect(agreementOf(second)).toEqual(agreementOf(first));
  });
});
