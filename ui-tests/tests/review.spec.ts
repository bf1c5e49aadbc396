import type { Consensus } from '@voxcord/schemas/api';
import { expect, test } from '../support/fixtures.js';
import {
  beginAdjudication,
  chosen,
  compute,
  consensusOf,
  decided,
  decisionsOn,
  fixedLabels,
  openReview,
  resultOf,
  voxelsOf
} from '../support/review.js';
import { lockProtocol, newStudy } from '../support/study.js';
import { type Ball, submitReads } from '../support/submittedReads.js';

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

test.describe('The truth of a case is reviewed, decided, released and compared', () => {
  test('the lead sees where readers disagree and decides by key: reader A, the consensus, own paint', async ({
    ada,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Review by key');
    await lockProtocol(deployment, study);
    await openReview(ada, study);
    await expect(ada.page.locator('#voxcord-consensus-panel')).toContainText('No read of this case is submitted yet');
    await ada.closeAll();

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
    await ada.lookAgain();
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

  test('a review is there again after a reload, with the draft that was on show', async ({ ada, deployment }) => {
    const study = await newStudy(deployment, 'Kept review');
    await lockProtocol(deployment, study);
    await submitReads(deployment, study, { ben: BEN, cara: CARA });
    await openReview(ada, study);
    await compute(ada, 'Compute the consensus');
    await ada.whenLayoutIsKept(`voxcord-cases:review:${study.case.id}`, { case: study.case.id });
    await ada.reload();
    await expect(ada.page.locator('.voxcord-ReviewView')).toBeVisible();
    await expect(ada.page.locator('#voxcord-consensus-panel [data-draft="1"]')).toBeVisible();
    await expect(ada.page.locator('[data-listed-dispute]').first()).toBeVisible();
  });
});
