import type {
  Consensus,
  Decision,
  Difference,
  DisputeRegion,
  LabelMapReference,
  LabelMapSnapshot,
  Read,
  Release
} from '@voxcord/schemas/api';
import { decodeBrick } from '@voxcord/schemas/labelmap';
import type { ReviewView } from '../../extension/lib/review/reviewView.js';
import type { Deployment } from '../support/deployment.js';
import { expect, test } from '../support/fixtures.js';
import { Person } from '../support/person.js';
import { choosePassphrase, lockProtocol, newStudy, PASSPHRASE, type Study } from '../support/study.js';
import { type Ball, submitAgain, submitReads } from '../support/submittedReads.js';

/** Ben is reader A, Cara reader B: a boundary that they draw apart, and a lesion that only Cara sees. */
const BEN: readonly Ball[] = [
  { segment: 1, centre: [30, 28, 24], radius: 15 },
  { segment: 2, centre: [26, 30, 24], radius: 4 }
];
const CARA: readonly Ball[] = [
  { segment: 1, centre: [31, 28, 24], radius: 16 },
  { segment: 2, centre: [27, 30, 24], radius: 4.4 },
  { segment: 2, centre: [39, 22, 26], radius: 3 }
];

async function consensusOf(deployment: Deployment, study: Study): Promise<Consensus> {
  const [newest] = await deployment.call<Consensus[]>('ada', 'GET', `/cases/${study.case.id}/consensus`);
  if (newest === undefined) throw new Error('There is no consensus.');
  return deployment.call<Consensus>('ada', 'GET', `/consensus/${newest.id}`);
}

function resultOf(draft: Consensus): NonNullable<Consensus['result']> {
  if (draft.result === null) throw new Error('The consensus is not computed.');
  return draft.result;
}

/** A label map that never changes, as the service stores it: i fastest. */
async function fixedLabels(deployment: Deployment, reference: LabelMapReference): Promise<Uint8Array> {
  const { dims, bricks } = await deployment.call<LabelMapSnapshot>('ada', 'GET', `/label-maps/${reference}`);
  const answer = await fetch(`${deployment.baseUrl}voxcord/api/v1/label-maps/${reference}/pack`, {
    headers: { Authorization: `token ${await deployment.token('ada')}` }
  });
  const pack = new Uint8Array(await answer.arrayBuffer());
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  let offset = 0;
  for (const { index, bytes } of bricks) {
    decodeBrick(pack.subarray(offset, offset + bytes), index, dims, labels);
    offset += bytes;
  }
  return labels;
}

async function voxelsOf(deployment: Deployment, draft: Consensus, dispute: number): Promise<number[]> {
  const { runs } = await deployment.call<DisputeRegion>(
    'ada',
    'GET',
    `/consensus/${draft.id}/disputes/${dispute}/region`
  );
  const voxels: number[] = [];
  for (let n = 0; n < runs.length; n += 2) {
    for (let at = 0; at < (runs[n + 1] ?? 0); at++) voxels.push((runs[n] ?? 0) + at);
  }
  return voxels;
}

function decisionsOn(deployment: Deployment, draft: Consensus): Promise<Decision[]> {
  return deployment.call<Decision[]>('ada', 'GET', `/consensus/${draft.id}/decisions`);
}

/** Opens the consensus of the case from the list of cases. */
async function openReview(person: Person, study: Study): Promise<void> {
  await person.execute('voxcord:open-home');
  await person.page
    .locator('.jp-MainAreaWidget .voxcord-Home')
    .getByRole('button', { name: `Open the consensus of ${study.case.title}` })
    .click();
  await expect(person.page.locator('.voxcord-ReviewView')).toBeVisible();
}

async function compute(person: Person, name: string): Promise<void> {
  await person.page.getByRole('button', { name }).click();
  await expect(person.page.locator('[data-draft]')).toBeVisible();
}

async function beginAdjudication(person: Person): Promise<void> {
  await person.page.getByRole('button', { name: 'Begin the adjudication' }).click();
  await expect
    .poll(() => person.page.evaluate(() => window.frontCase().model.session?.read.purpose ?? null))
    .toBe('adjudication');
  await expect.poll(() => person.page.evaluate(() => window.frontCase().model.session?.mayPaint ?? false)).toBe(true);
}

/** Waits until so many decisions are stored and the page has gone on. */
async function decided(person: Person, deployment: Deployment, draft: Consensus, count: number): Promise<void> {
  await expect.poll(async () => (await decisionsOn(deployment, draft)).length).toBe(count);
  await expect
    .poll(() => person.page.evaluate(() => (window.frontCase() as ReviewView).adjudication?.isBusy))
    .toBe(false);
}

/** Number of the dispute that is chosen. */
function chosen(person: Person): Promise<number | null> {
  return person.page.evaluate(() => (window.frontCase() as ReviewView).review?.dispute?.number ?? null);
}

async function sign(person: Person, action: string): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

async function newestRelease(deployment: Deployment, study: Study): Promise<Release> {
  const [newest] = await deployment.call<Release[]>('ada', 'GET', `/projects/${study.project.id}/releases`);
  if (newest === undefined) throw new Error('There is no release.');
  return newest;
}

test.describe('The truth of a case is reviewed, decided, released and compared', () => {
  test('the lead sees where readers disagree and decides by key: reader A, the consensus, own paint', async ({
    ada,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Review by key');
    await lockProtocol(deployment, study);
    await openReview(ada, study);
    await expect(ada.page.locator('#voxcord-consensus-panel')).toContainText('No read of this case is submitted yet');
    await ada.execute('application:close-all');

    await submitReads(deployment, study, { ben: BEN, cara: CARA });
    await openReview(ada, study);
    await compute(ada, 'Compute the consensus');
    const draft = await consensusOf(deployment, study);
    const { disputes, agreement, criteria } = resultOf(draft);
    const asked = disputes.filter(dispute => dispute.asked);
    expect(asked.length).toBeGreaterThanOrEqual(3);

    // What is shown is what was computed.
    const panel = ada.page.locator('#voxcord-consensus-panel');
    const dice = agreement[0]?.pairs[0]?.dice ?? 0;
    await expect(panel.locator('[data-pair=AB]')).toHaveText(dice.toFixed(2).replace(/^0/, ''));
    await expect(panel.locator('[data-criterion]')).toHaveCount(criteria.length);
    await expect(panel.locator('[data-decided]')).toHaveAttribute('data-decided', `0/${asked.length}`);
    await expect(ada.page.locator('[data-listed-dispute][data-state=open]')).toHaveCount(asked.length);

    // A cell of the table leads to a voxel that the two readers label differently.
    const before = await ada.page.evaluate(() => window.frontCase().viewer.crosshair);
    await panel.locator('[data-pair=AB]').click();
    await expect.poll(() => ada.page.evaluate(() => window.frontCase().viewer.crosshair)).not.toEqual(before);

    await beginAdjudication(ada);
    const consensus = await fixedLabels(deployment, `consensus:${draft.id}`);
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(consensus)).toBe(true);
    const [readerA] = resultOf(draft).readers;
    const ofA = await fixedLabels(deployment, `revision:${readerA?.revision ?? ''}`);

    await ada.focusPicture();
    await ada.page.keyboard.press('j');
    const first = await chosen(ada);
    expect(first).not.toBeNull();
    await ada.page.getByLabel('Why (kept with the decision)').fill('The boundary follows the capsule');
    await ada.focusPicture();
    await ada.page.keyboard.press('a');
    await decided(ada, deployment, draft, 1);
    const second = await chosen(ada);
    expect(second).not.toBe(first);

    // Exactly the voxels of the dispute have the labels of reader A.
    const expected = consensus.slice();
    for (const voxel of await voxelsOf(deployment, draft, first ?? 0)) expected[voxel] = ofA[voxel] ?? 0;
    expect(Buffer.from(expected).equals(consensus)).toBe(false);
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(expected)).toBe(true);

    await ada.page.keyboard.press('v');
    await decided(ada, deployment, draft, 2);
    expect(Buffer.from(await ada.labels()).equals(expected)).toBe(true);

    const third = await chosen(ada);
    await ada.page.keyboard.press('e');
    await expect.poll(() => ada.page.evaluate(() => window.frontCase().tool)).toBe('brush');
    const place = await ada.page.evaluate(() => window.frontCase().viewer.crosshair);
    await ada.paint(2, [[place[0], place[1], place[2]]], { radius: 14 });
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(expected)).toBe(false);
    await ada.focusPicture();
    await ada.page.keyboard.press('e');
    await decided(ada, deployment, draft, 3);

    const decisions = await decisionsOn(deployment, draft);
    expect(decisions.map(({ dispute, choice, by }) => [dispute, choice, by.username])).toEqual([
      [first, { kind: 'reader', letter: 'A' }, 'ada'],
      [second, { kind: 'consensus' }, 'ada'],
      [third, { kind: 'painted' }, 'ada']
    ]);
    expect(decisions[0]?.reason).toBe('The boundary follows the capsule');
    expect(decisions[0]?.shown.overlays).toContain('disagreement');
    expect(decisions[0]?.shown.volume).toBe(study.volume.hash);
    await expect(panel.locator('[data-decided]')).toHaveAttribute('data-decided', `3/${asked.length}`);

    // Undo takes back what was painted last, and K leads back.
    await ada.page.keyboard.press('z');
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(expected)).toBe(true);
  });

  test('a decision of somebody else appears, and what-if leaves the draft of the protocol alone', async ({
    ada,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Two deciders');
    await lockProtocol(deployment, study);
    await deployment.call('dov', 'GET', '/me');
    await deployment.call('ada', 'PUT', `/projects/${study.project.id}/members/dov`, { role: 'adjudicator' });
    await submitReads(deployment, study, { ben: BEN, cara: CARA });
    await openReview(ada, study);
    await compute(ada, 'Compute the consensus');
    await beginAdjudication(ada);
    const draft = await consensusOf(deployment, study);
    const dispute = resultOf(draft).disputes.find(one => one.asked);
    await deployment.call('dov', 'POST', `/consensus/${draft.id}/disputes/${dispute?.number ?? 0}/decisions`, {
      choice: { kind: 'consensus' },
      reason: '',
      shown: { overlays: [], centre: dispute?.centre, window: null, volume: study.volume.hash }
    });
    await ada.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(ada.page.locator(`[data-listed-dispute="${dispute?.number ?? 0}"]`)).toHaveAttribute(
      'data-state',
      'done'
    );

    await ada.page.getByLabel('Method').selectOption('vote.kofn');
    await expect(ada.page.locator('#voxcord-consensus-panel')).toContainText('What if');
    await expect
      .poll(async () => {
        const drafts = await deployment.call<Consensus[]>('ada', 'GET', `/cases/${study.case.id}/consensus`);
        return drafts.map(({ number, deviates }) => [number, deviates]);
      })
      .toEqual([
        [2, true],
        [1, false]
      ]);
    await expect(ada.page.getByRole('button', { name: 'Sign and release…' })).toHaveCount(0);
    await ada.page.locator('#voxcord-consensus-panel').getByRole('button', { name: 'Back' }).click();
    await expect(ada.page.locator('[data-draft="1"]')).toBeVisible();
    await expect(ada.page.getByRole('button', { name: 'Sign and release…' })).toBeVisible();
  });

  test('a release is signed by two people and verified; the next version tells what changed', async ({
    ada,
    browser,
    deployment
  }) => {
    test.setTimeout(420_000);
    const study = await newStudy(deployment, 'Two versions');
    await lockProtocol(deployment, study, 2);
    await choosePassphrase(deployment, 'dov');
    await deployment.call('ada', 'PUT', `/projects/${study.project.id}/members/dov`, { role: 'adjudicator' });
    const [ofBen] = await submitReads(deployment, study, { ben: BEN, cara: CARA });
    await openReview(ada, study);
    await compute(ada, 'Compute the consensus');

    /** Accepts the consensus wherever the protocol asks, signs that, and has a release put together. */
    const releaseFromReview = async (): Promise<Release> => {
      const draft = await consensusOf(deployment, study);
      const { adjudication, disputes } = resultOf(draft);
      if (adjudication.needed) {
        await beginAdjudication(ada);
        await ada.focusPicture();
        await ada.page.keyboard.press('j');
        for (let n = 1; n <= disputes.filter(({ asked }) => asked).length; n++) {
          await ada.page.keyboard.press('v');
          await decided(ada, deployment, draft, n);
        }
      }
      await ada.page.getByRole('button', { name: 'Sign and release…' }).click();
      if (adjudication.needed) await sign(ada, 'Sign the adjudication');
      await expect(ada.page.locator(`[data-candidate-case="${study.case.id}"]`)).toHaveAttribute(
        'data-readiness',
        'ready'
      );
      await ada.page.locator('[data-act=prepare]').click();
      await expect(ada.page.locator('[data-release-state=signing] [data-act=sign]')).toBeVisible();
      return newestRelease(deployment, study);
    };

    const signByTwo = async (release: Release, dov: Person): Promise<void> => {
      await ada.page.locator('[data-release-state=signing] [data-act=sign]').click();
      await sign(ada, 'Sign');
      await expect(ada.page.locator('[data-missing="1"]')).toBeVisible();
      expect((await newestRelease(deployment, study)).state).toBe('signing');
      await dov.execute('voxcord:open-release', { release: release.id });
      await dov.page.locator('[data-act=sign]').click();
      await sign(dov, 'Sign');
      await expect(dov.page.locator('[data-release-state=released]')).toBeVisible();
    };

    const dov = await Person.signIn(browser, deployment, 'dov');
    try {
      const release = await releaseFromReview();
      expect(release.version).toBe('1.0.0');
      await signByTwo(release, dov);
      const signed = await newestRelease(deployment, study);
      expect(signed.state).toBe('released');
      expect(signed.signatures.map(({ username, meaning }) => [username, meaning])).toEqual([
        ['ada', 'responsibility'],
        ['dov', 'approval']
      ]);
      await expect(dov.page.locator('[data-signature]')).toHaveCount(2);
      await expect(dov.page.locator('[data-manifest]')).toHaveAttribute('data-manifest', signed.manifest ?? '');
      await dov.page.locator('[data-act=verify]').click();
      await expect(dov.page.locator('[data-valid=true]')).toContainText('2 signatures');
      const downloading = dov.page.waitForEvent('download');
      await dov.page.locator('[data-act=download]').click();
      expect((await downloading).suggestedFilename()).toBe('two-versions-1.0.0.zip');

      // Ben finds what Cara had seen: the draft is outdated, a new one leads to the next version.
      const third = CARA[2];
      if (ofBen === undefined || third === undefined) throw new Error('Nothing was read.');
      const ben = ofBen.read.reader.username === 'ben' ? ofBen.read : await readOf(deployment, study, 'ben');
      await submitAgain(deployment, study, 'ben', ben.id, [...BEN, third]);
      await ada.execute('application:close-all');
      await openReview(ada, study);
      await compute(ada, 'Compute again');
      await expect(ada.page.locator('[data-draft="2"]')).toBeVisible();
      const draft = await consensusOf(deployment, study);
      const changed = await deployment.call<Difference>(
        'ada',
        'GET',
        `/differences?before=release:${release.id}:${study.case.id}&after=consensus:${draft.id}`
      );
      expect(changed.changes.some(({ kind, segment }) => kind === 'added' && segment === 2)).toBe(true);

      const versions = ada.page.locator(`[data-release="1.0.0"]`);
      await versions.getByRole('button', { name: 'Compare' }).click();
      const rows = ada.page.locator('[data-change]');
      await expect(rows).toHaveCount(changed.changes.length);
      await ada.page.locator('[data-change=added]').first().getByRole('button').click();
      const added = changed.changes.find(({ kind }) => kind === 'added');
      const crosshair = await ada.page.evaluate(() => window.frontCase().viewer.crosshair);
      for (const axis of [0, 1, 2] as const) {
        expect(Math.abs(crosshair[axis] - (added?.centre[axis] ?? 0))).toBeLessThan(0.01);
      }
      await ada.page.locator('#voxcord-dispute-panel').getByRole('button', { name: 'Back' }).click();

      const next = await releaseFromReview();
      await dov.execute('application:close-all');
      expect(next.version).toBe('1.1.0');
      await signByTwo(next, dov);
      const second = await newestRelease(deployment, study);
      expect([second.version, second.state, second.parent]).toEqual(['1.1.0', 'released', release.id]);
      const changes = second.cases[0]?.changes ?? [];
      expect(changes.some(({ kind }) => kind === 'added')).toBe(true);
      await expect(dov.page.locator('.jp-MainAreaWidget:not(.lm-mod-hidden) [data-changes]')).toHaveAttribute(
        'data-changes',
        String(changes.length)
      );
      await dov.tidyUp();
    } finally {
      await dov.leave();
    }
  });
});

async function readOf(deployment: Deployment, study: Study, username: string): Promise<Read> {
  const { reads } = await deployment.call<Study['case']>('ada', 'GET', `/cases/${study.case.id}`);
  const read = reads.find(({ reader }) => reader.username === username);
  if (read === undefined) throw new Error(`${username} has no read.`);
  return read;
}
