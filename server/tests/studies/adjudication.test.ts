import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { RoomClient } from './support/roomClient.js';
import { DISPUTED, GRID, liver, painted, SEEN, TruthStudy, tumour, votes } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const CONSENSUS = painted([liver(), tumour(SEEN), tumour(DISPUTED)]);

describe('an adjudication', () => {
  test('is a read that starts as the consensus, the same one for everybody', async () => {
    study = await TruthStudy.start(service);
    await study.read();
    const consensus = await study.consensus();
    const read = await study.beginAdjudication('dora', consensus.id);
    expect(read).toMatchObject({ purpose: 'adjudication', state: 'open', mayWrite: true });
    expect((await study.beginAdjudication('sam', consensus.id)).id).toBe(read.id);
    expect((await study.computed(consensus.id)).result?.adjudication.read).toBe(read.id);
    const { head, base } = await study.as('dora').call('getLabelMapHead', { params: { readId: read.id } });
    expect(head).toBeNull();
    const room = await RoomClient.join(study.as('dora'), `read:${read.id}`, { dims: GRID });
    expect(room.doc.getMap('about').get('base')).toEqual({ snapshot: base?.hash, horizon: 1 });
    await room.leave();
  });

  test('is decided dispute by dispute; who, when, why and what was shown stays on record', async () => {
    const [{ id } = { id: '' }] = await study.lead.call('listConsensus', { params: { caseId: study.caseId } });
    const consensus = await study.computed(id);
    const asked = consensus.result?.disputes.filter(dispute => dispute.asked) ?? [];
    expect(asked.length).toBeGreaterThan(1);
    const [first] = asked;
    await study.decide(
      'dora',
      id,
      first?.number ?? 0,
      { kind: 'reader', letter: 'C' },
      'No lesion in the arterial phase'
    );
    await study.decide('sam', id, first?.number ?? 0, { kind: 'consensus' }, 'Seen on the venous phase');
    const decisions = await study.lead.call('listDecisions', { params: { consensusId: id } });
    expect(
      decisions.map(({ by, reason, choice, shown }) => [by.username, reason, choice.kind, shown.overlays])
    ).toEqual([
      ['dora', 'No lesion in the arterial phase', 'reader', ['disagreement']],
      ['sam', 'Seen on the venous phase', 'consensus', ['disagreement']]
    ]);
    const now = await study.computed(id);
    expect(now.result?.disputes.find(({ number }) => number === first?.number)?.decision).toMatchObject({
      choice: { kind: 'consensus' },
      by: { username: 'sam' }
    });
    const actions = await study.study.actions();
    expect(actions.filter(action => action === 'dispute.decided')).toHaveLength(2);
  });

  test('cannot be submitted while a dispute that was asked about is open', async () => {
    const [{ id } = { id: '' }] = await study.lead.call('listConsensus', { params: { caseId: study.caseId } });
    const { result } = await study.computed(id);
    const readId = result?.adjudication.read ?? '';
    const body = { signing: { meaning: 'review', passphrase: 'a long passphrase of this person' } };
    const refused = await study.as('dora').problem('submitRead', { params: { readId }, body });
    expect([refused.status, refused.code]).toEqual([409, 'adjudication.open-disputes']);
    await study.decideAll('dora', await study.computed(id));
    await study.decide('dora', id, 1, { kind: 'open' });
    expect((await study.as('dora').problem('submitRead', { params: { readId }, body })).detail).toContain(': 1.');
    await study.decide('dora', id, 1, { kind: 'consensus' });
    const revision = await study.submit('dora', readId);
    expect(await study.labels(`revision:${revision.hash}`)).toEqual(CONSENSUS);
    expect(revision.labelMapRoot).toBe(result?.labelMapRoot);
    const closed = { choice: { kind: 'consensus' }, reason: '', shown: consensusShown() };
    const late = await study.as('dora').problem('decideDispute', {
      params: { consensusId: id, dispute: 1 },
      body: closed
    });
    expect(late.code).toBe('adjudication.closed');
  });

  test('notes whether the label map is as was decided, or was painted afterwards', async () => {
    study = await TruthStudy.start(service);
    await study.read();
    const consensus = await study.consensus();
    const lesion = consensus.result?.disputes.find(({ kind }) => kind === 'presence');
    const read = await study.beginAdjudication('dora', consensus.id);
    await study.decideAll('dora', consensus);
    await study.decide('dora', consensus.id, lesion?.number ?? 0, { kind: 'reader', letter: 'C' }, 'A vessel');
    await study.paint('dora', read.id, [{ segment: 1, at: DISPUTED, size: [2, 2, 2] }], 2);
    // The boundary was decided as the consensus has it, and then painted over.
    await study.paint('dora', read.id, [{ segment: 0, at: [1, 1, 1], size: [1, 2, 2] }], 3);
    const revision = await study.submit('dora', read.id);
    expect(await study.labels(`revision:${revision.hash}`)).toEqual(
      painted([liver(), tumour(SEEN), { segment: 0, at: [1, 1, 1], size: [1, 2, 2] }])
    );
    const events = await study.lead.call('listAuditEvents', { params: { projectId: study.projectId } });
    const compared = events.find(({ action }) => action === 'adjudication.compared');
    expect(compared?.details['asDecided']).toEqual([lesion?.number]);
    expect(compared?.details['painted']).toEqual(
      consensus.result?.disputes.filter(({ kind }) => kind !== 'presence').map(({ number }) => number)
    );
  });

  test('is for somebody who has not read the case', async () => {
    study = await TruthStudy.start(service);
    await study.study.assign(['sam']);
    await study.read({ ada: [liver()], ben: [liver(), tumour(SEEN)] });
    await study.study.begin('sam');
    await study.study.submit('sam');
    const { id } = await study.consensus();
    const problem = await study.as('sam').problem('beginAdjudication', { params: { consensusId: id } });
    expect([problem.status, problem.code]).toEqual([403, 'adjudication.independence']);
    await study.beginAdjudication('dora', id);
    const body = { choice: { kind: 'consensus' }, reason: '', shown: consensusShown() };
    const refused = await study.as('sam').problem('decideDispute', { params: { consensusId: id, dispute: 1 }, body });
    expect(refused.code).toBe('adjudication.independence');
  });

  test('is not begun where nothing has to be decided', async () => {
    study = await TruthStudy.start(
      service,
      votes({ adjudication: { rule: '2+1', triggers: ['dice < 0.1'], minimumVolume: 0 } })
    );
    await study.read();
    const consensus = await study.consensus();
    expect(consensus.result?.adjudication.needed).toBe(false);
    expect(consensus.result?.disputes.every(({ asked }) => !asked)).toBe(true);
    const problem = await study.as('dora').problem('beginAdjudication', { params: { consensusId: consensus.id } });
    expect(problem.code).toBe('adjudication.not-needed');
  });
});

function consensusShown(): object {
  return { overlays: [], centre: [0, 0, 0], window: null, volume: study.study.case_.volumes[0]?.hash };
}
