import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { TruthStudy } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
  study = await TruthStudy.start(service);
  await study.read();
  const consensus = await study.consensus();
  const read = await study.beginAdjudication('dora', consensus.id);
  await study.decideAll('dora', consensus);
  await study.submit('dora', read.id);
}, 120_000);
afterAll(() => service.stop());

/** While `work` runs, files can be read but no new one can be written, as on a disk that is full. */
async function withoutRoom<T>(work: () => Promise<T>): Promise<T> {
  const scratch = path.join(service.folder, 'data', 'scratch');
  const aside = `${scratch}.aside`;
  renameSync(scratch, aside);
  try {
    return await work();
  } finally {
    renameSync(aside, scratch);
  }
}

test('a release that cannot be written fails as a whole, says why, and does not stand in the way of the next', async () => {
  const failed = await withoutRoom(() => study.prepare());
  expect([failed.state, failed.progress.state, failed.manifest, failed.archive]).toEqual([
    'failed',
    'failed',
    null,
    null
  ]);
  const detail = failed.progress.state === 'failed' ? failed.progress.detail : '';
  expect(detail).toContain('A blob could not be written');
  expect(detail).toContain('Withdraw this release and prepare it anew.');
  const next = await study.prepare();
  expect([next.version, next.state]).toEqual(['1.0.0', 'signing']);
});

test('a signed release that cannot be sealed stays signed, and is finished by the next start', async () => {
  const [release] = await study.lead.call('listReleases', { params: { projectId: study.projectId } });
  const releaseId = release?.id ?? '';
  const signed = await withoutRoom(async () => {
    for (const username of ['lead', 'sam']) {
      const body = { meaning: 'approval', passphrase: 'a long passphrase of this person' };
      await study.as(username).call('signRelease', { params: { releaseId }, body });
    }
    for (;;) {
      const now = await study.lead.call('getRelease', { params: { releaseId } });
      if (now.progress.state === 'failed') return now;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  });
  expect([signed.state, signed.signatures.length, signed.archive]).toEqual(['signing', 2, null]);
  expect(signed.progress).toMatchObject({ state: 'failed', code: 'release.not-sealed' });
  await service.running.stop();
  service = await service.restart();
  const lead = service.as('lead', 'Lea Lead');
  for (;;) {
    const released = await lead.call('getRelease', { params: { releaseId } });
    if (released.state === 'released') break;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  expect(await lead.call('verifyRelease', { params: { releaseId } })).toMatchObject({ valid: true });
});
