import type { Read } from '@voxcord/schemas/api';
import { expect } from '@playwright/test';
import { consensusOfCase, type SegmentRule } from '../../../server/lib/consensus/index.js';
import type { Deployment } from '../deployment.js';
import { readExport } from '../nibabel.js';
import type { Person } from '../person.js';
import { voxcordOnFiles } from '../releaseFolder.js';
import {
  beginAdjudication,
  chosen,
  choiceWord,
  consensusOf,
  decided,
  decisionsOn,
  fixedLabels,
  openReview,
  overlayValues,
  resultOf,
  sign,
  signFirst,
  voxelsOf
} from '../review.js';
import { LIVER, NODULE, type Reader, READERS, type Story } from './story.js';

interface CommandAgreement {
  readonly segments: readonly {
    readonly number: number;
    readonly pairs: readonly { readonly a: string; readonly b: string; readonly dice: number | null }[];
  }[];
}

/** The review shows what the engines say of the files that the readers' reads are exported to. */
export async function expectEnginesAgree(
  lead: Person,
  deployment: Deployment,
  story: Story,
  reads: Readonly<Record<Reader, Read>>
): Promise<void> {
  const draft = await consensusOf(deployment, story);
  const result = resultOf(draft);
  const { dims } = story.volume.grid;
  expect(result.readers.map(({ letter, reader }) => [letter, reader.username])).toEqual([
    ['A', 'ben'],
    ['B', 'cara'],
    ['C', 'dov']
  ]);

  // The matrix, against the command.
  const files = await Promise.all(READERS.map(reader => deployment.exportFile(reads[reader].id)));
  const measured = await voxcordOnFiles<CommandAgreement>('agreement', ...files, '--tau', '2', '--roi', 'union');
  for (const segment of [LIVER, NODULE]) {
    await lead.page.getByLabel('Segment', { exact: true }).selectOption(String(segment));
    const pairs = measured.segments.find(({ number }) => number === segment)?.pairs ?? [];
    expect(pairs).toHaveLength(3);
    for (const [index, cell] of ['AB', 'AC', 'BC'].entries()) {
      const dice = pairs[index]?.dice ?? NaN;
      await expect(lead.page.locator(`[data-pair=${cell}]`)).toHaveText(dice.toFixed(2).replace(/^0/, ''));
      const stored = result.agreement.find(({ number }) => number === segment)?.pairs[index];
      expect(`${stored?.a ?? ''}${stored?.b ?? ''}`).toBe(cell);
      expect(stored?.dice).toBeCloseTo(dice, 12);
    }
  }

  // The consensus and what lies over the picture, against the engine.
  const labels = await Promise.all(
    files.map(async file => (await readExport(file, deployment.volumes.plain.path)).canonical)
  );
  const { lesions } = draft.rules;
  const rules: readonly SegmentRule[] = [
    { kind: 'structure', segment: LIVER, method: draft.rules.structures },
    { kind: 'lesion', segment: NODULE, matching: lesions.matching, presence: lesions.presence, shape: lesions.shape }
  ];
  const computed = consensusOfCase({
    dims,
    spacing: story.volume.spacing,
    reads: labels.map((map, n) => ({ id: READERS[n] ?? '', labels: map, weight: 1, notRead: [] })),
    rules
  });
  expect(Buffer.from(await fixedLabels(deployment, `consensus:${draft.id}`)).equals(computed.labels)).toBe(true);
  await expect
    .poll(async () => {
      const shown = await overlayValues(lead, 'disagreement', dims);
      return shown !== null && Buffer.from(shown).equals(computed.disagreement);
    })
    .toBe(true);
  expect(computed.disagreement.some(value => value > 0)).toBe(true);
  expect(result.disputes.map(({ voxels }) => voxels)).toEqual(computed.disputes.map(({ voxels }) => voxels));
}

/** Walks from dispute to dispute by key: A, B, the consensus, own paint, then the consensus. Answers the final labels. */
export async function adjudicate(adjudicator: Person, deployment: Deployment, story: Story): Promise<Uint8Array> {
  const { page } = adjudicator;
  await openReview(adjudicator, story);
  await expect(page.locator('[data-draft="1"]')).toBeVisible();
  await beginAdjudication(adjudicator);
  const draft = await consensusOf(deployment, story);
  const asked = resultOf(draft).disputes.filter(dispute => dispute.asked);
  expect(asked.length).toBeGreaterThanOrEqual(5);
  const consensus = await fixedLabels(deployment, `consensus:${draft.id}`);
  const candidates: Readonly<Record<string, Uint8Array>> = {
    a: await labelsOf(deployment, draft.result?.readers[0]?.revision),
    b: await labelsOf(deployment, draft.result?.readers[1]?.revision),
    v: consensus
  };
  let now: Uint8Array = consensus;
  await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(now)).toBe(true);

  await adjudicator.focusPicture();
  await page.keyboard.press('j');
  const walked: (number | null)[] = [];
  for (let n = 1; n <= asked.length; n++) {
    const dispute = (await chosen(adjudicator)) ?? 0;
    walked.push(dispute);
    const key = ['a', 'b', 'v', 'e'][n - 1] ?? 'v';
    if (key === 'e') {
      await page.keyboard.press('e');
      await expect.poll(() => page.evaluate(() => window.frontCase().tool)).toBe('brush');
      const place = await page.evaluate(() => window.frontCase().viewer.crosshair);
      await adjudicator.paint(NODULE, [[place[0], place[1], place[2]]], { radius: 6, shape: 'sphere' });
      await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(now)).toBe(false);
      await adjudicator.focusPicture();
      await page.keyboard.press('e');
      await decided(adjudicator, deployment, draft, n);
      now = await adjudicator.labels();
      continue;
    }
    await page.keyboard.press(key);
    await decided(adjudicator, deployment, draft, n);
    // Exactly the voxels of the dispute have the labels of the candidate.
    const expected = now.slice();
    for (const voxel of await voxelsOf(deployment, draft, dispute)) expected[voxel] = candidates[key]?.[voxel] ?? 0;
    await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(expected)).toBe(true);
    now = expected;
  }
  const decisions = await decisionsOn(deployment, draft);
  expect(decisions.map(({ dispute }) => dispute)).toEqual(walked);
  expect(decisions.slice(0, 4).map(({ choice }) => choiceWord(choice))).toEqual(['A', 'B', 'consensus', 'painted']);
  expect(decisions.every(({ by }) => by.username === 'esi')).toBe(true);
  expect(Buffer.from(now).equals(consensus)).toBe(false);
  return now;
}

function labelsOf(deployment: Deployment, revision: string | undefined): Promise<Uint8Array> {
  if (revision === undefined) throw new Error('There is no such reader.');
  return fixedLabels(deployment, `revision:${revision}`);
}

/** The adjudicator signs what was decided. */
export async function signDecisions(adjudicator: Person, isFirst: boolean): Promise<void> {
  await adjudicator.page.getByRole('button', { name: 'Sign the adjudication…' }).click();
  if (isFirst) await signFirst(adjudicator, 'Sign the adjudication');
  else await sign(adjudicator, 'Sign the adjudication');
  await expect(adjudicator.page.locator('[data-adjudication=signed]')).toBeVisible();
  await expect.poll(() => adjudicator.page.evaluate(() => window.frontCase().model.session === null)).toBe(false);
}
