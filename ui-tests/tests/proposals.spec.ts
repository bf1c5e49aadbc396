import type { Proposal } from '@voxcord/schemas/api';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import { newCtCase } from '../support/models.js';
import { CT_BALLS } from '../support/nibabel.js';
import { countsOf, type Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';

const [, BALL] = CT_BALLS;

/** What is proposed now, as the page draws it. */
function proposed(person: Person): Promise<Proposal | null> {
  return person.page.evaluate(() => window.frontCase().proposals.proposing.proposed?.proposal ?? null);
}

/** Voxels that a proposal paints with a segment. */
function painted(proposal: Proposal, count: number, segment: number): Buffer {
  const labels = Buffer.alloc(count);
  for (let n = 0; n < proposal.runs.length; n += 2) {
    const start = proposal.runs[n] ?? 0;
    labels.fill(segment, start, start + (proposal.runs[n + 1] ?? 0));
  }
  return labels;
}

test('a click proposes the nodule under it; corrected, accepted and undone it leaves what it should', async ({
  ada,
  deployment
}) => {
  const made = await newCtCase(deployment, 'Propose');
  const { affine, dims } = made.volume.grid;
  const toWorld = ([i, j, k]: readonly [number, number, number]): World => {
    const along = (row: number): number =>
      (affine[4 * row] ?? 0) * i +
      (affine[4 * row + 1] ?? 0) * j +
      (affine[4 * row + 2] ?? 0) * k +
      (affine[4 * row + 3] ?? 0);
    return [along(0), along(1), along(2)];
  };
  await ada.openCase(made);
  await ada.focusPicture();
  const { mouse, keyboard } = ada.page;
  const line = ada.page.locator('.voxcord-ProposalStrip-line');
  const empty = await ada.labels();
  const click = async (world: World, modifier?: 'Shift'): Promise<void> => {
    const { x, y } = await ada.pixelOf('axial', world);
    await mouse.move(x, y);
    if (modifier !== undefined) await keyboard.down(modifier);
    await mouse.down();
    await mouse.up();
    if (modifier !== undefined) await keyboard.up(modifier);
    await expect(line).toHaveAttribute('data-proposal', 'there');
  };

  const middle = toWorld(BALL.centre);
  await ada.goTo(middle);
  await keyboard.press('2');
  await keyboard.press('g');
  await expect.poll(() => ada.page.evaluate(() => window.frontCase().tool)).toBe('propose');
  await click(middle);
  const first = await proposed(ada);
  if (first === null) throw new Error('Nothing is proposed.');
  const exact = (4 / 3) * Math.PI * BALL.radius ** 3;
  expect(first.voxels).toBeGreaterThan(0.8 * exact);
  expect(first.voxels).toBeLessThan(1.25 * exact);
  await expect(line).toContainText(`${first.voxels.toLocaleString()} voxels`);
  // A proposal is nobody's paint.
  expect(Buffer.from(await ada.labels()).equals(empty)).toBe(true);

  // Refused, nothing is left of it.
  await keyboard.press('Escape');
  await expect(line).toBeHidden();
  expect(await proposed(ada)).toBeNull();

  await click(middle);
  const [i, j, k] = BALL.centre;
  await click(toWorld([i + 3, j, k]), 'Shift');
  const corrected = await proposed(ada);
  if (corrected === null) throw new Error('Nothing is proposed.');
  expect(corrected.voxels).toBeLessThan(first.voxels);
  // Backspace takes the last click back.
  await keyboard.press('Backspace');
  await expect.poll(async () => (await proposed(ada))?.runs).toEqual(first.runs);
  await click(toWorld([i + 3, j, k]), 'Shift');
  await expect.poll(async () => (await proposed(ada))?.runs).toEqual(corrected.runs);

  await keyboard.press('Enter');
  await expect(line).toBeHidden();
  const wanted = painted(corrected, dims[0] * dims[1] * dims[2], 2);
  expect(wanted[i + 3 + dims[0] * (j + dims[1] * k)]).toBe(0);
  await expect.poll(async () => Buffer.from(await ada.labels()).equals(wanted)).toBe(true);
  await settle(ada);
  expect(Buffer.from((await deployment.exportLabels(made)).canonical).equals(wanted)).toBe(true);

  await keyboard.press('z');
  await expect.poll(async () => countsOf(await ada.labels())).toEqual({});
});
