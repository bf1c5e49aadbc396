import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderFiles, verifyRelease } from '../../src/truth/index.js';
import { KillableService } from './support/killableService.js';
import { signing } from './support/study.js';
import { DISPUTED, liver, painted, SEEN, TruthStudy, tumour } from './support/truth.js';

let service: KillableService;
let study: TruthStudy;

beforeEach(async () => {
  service = await KillableService.start();
  study = await TruthStudy.start(service);
});
afterEach(() => service.stop());

const TRUTH = painted([liver(), tumour(SEEN), tumour(DISPUTED)]);

async function actions(): Promise<string[]> {
  const events = await study.lead.call('listAuditEvents', { params: { projectId: study.projectId } });
  return events.map(({ action }) => action);
}

describe('a service that is killed', () => {
  test('computes a consensus anew when it starts, and gives it up if that kills it again', async () => {
    await study.read();
    const begun = await study.lead.call('startConsensus', { params: { caseId: study.caseId }, body: {} });
    await service.kill();
    const consensus = await study.computed(begun.id);
    expect(consensus.progress).toEqual({ state: 'done' });
    expect(await study.labels(`consensus:${begun.id}`)).toEqual(TRUTH);

    const second = await study.lead.call('startConsensus', { params: { caseId: study.caseId }, body: {} });
    const attempts = async (): Promise<number> =>
      (await actions()).filter(action => action === 'consensus.begun').length;
    const before = await attempts();
    for (let n = 1; (await attempts()) < before + 3 && n <= 12; n++) await service.kill();
    const after = await study.computed(second.id);
    // However often it was begun before it was killed: it is done, or given up for good.
    expect(['done', 'failed']).toContain(after.progress.state);
    if (after.progress.state === 'failed') expect(after.progress.code).toBe('consensus.interrupted');
    expect(await attempts()).toBeLessThanOrEqual(before + 2);
  });

  test('prepares, seals and releases what it was killed over; every event is told once', async () => {
    await study.read();
    const consensus = await study.consensus();
    const read = await study.beginAdjudication('dora', consensus.id);
    await study.decideAll('dora', consensus);
    await service.kill();
    await study.submit('dora', read.id);
    const body = { step: 'major', cases: [study.caseId], notes: '' };
    const { id } = await study.lead.call('prepareRelease', { params: { projectId: study.projectId }, body });
    await service.kill();
    const prepared = await study.settled(id, 'preparing');
    expect(prepared.state).toBe('signing');
    for (const username of ['lead', 'sam']) {
      const signed = { meaning: 'approval', passphrase: signing().passphrase };
      await study.as(username).call('signRelease', { params: { releaseId: id }, body: signed });
      await service.kill();
    }
    const released = await study.settled(id, 'signing');
    expect(released.state).toBe('released');
    const verification = await study.lead.call('verifyRelease', { params: { releaseId: id } });
    expect(verification).toMatchObject({ valid: true, problem: null });
    expect(await study.labels(`release:${id}:${study.caseId}`, study.as('ada'))).toEqual(TRUTH);
    const folder = await service.exportRelease(id);
    expect(await verifyRelease(new FolderFiles(folder))).toMatchObject({ valid: true, release: { version: '1.0.0' } });
    const told = await actions();
    for (const once of ['release.begun', 'release.prepared', 'release.released']) {
      expect(
        told.filter(action => action === once),
        once
      ).toHaveLength(1);
    }
    expect(told.filter(action => action === 'release.signed')).toHaveLength(2);
  });
});
