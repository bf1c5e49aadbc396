import type { Proposal, ProposalMethod, Volume } from '@voxcord/schemas/api';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import { dropModel, newCtCase, takeModelAway } from '../support/models.js';
import { CT_BALLS } from '../support/nibabel.js';
import { countsOf, type Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';

type Voxel = readonly [number, number, number];

const [, BALL] = CT_BALLS;
const MODEL: ProposalMethod = { kind: 'model', name: 'click-distance', version: '1.0.0' };

/** What is proposed now, as the page draws it. */
function proposed(person: Person): Promise<Proposal | null> {
  return person.page.evaluate(() => window.frontCase().proposals.proposing.proposed?.proposal ?? null);
}

/** Waits until all clicks are answered, of which there are `count`. */
async function whenAnswered({ page }: Person, count: number): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { isAsking, pointed } = window.frontCase().proposals.proposing;
        return isAsking ? 'asking' : pointed.length;
      })
    )
    .toBe(count);
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

function worldOf({ grid: { affine } }: Volume, [i, j, k]: Voxel): World {
  const along = (row: number): number =>
    (affine[4 * row] ?? 0) * i +
    (affine[4 * row + 1] ?? 0) * j +
    (affine[4 * row + 2] ?? 0) * k +
    (affine[4 * row + 3] ?? 0);
  return [along(0), along(1), along(2)];
}

test('a click proposes the nodule under it; corrected, accepted and undone it leaves what it should', async ({
  ada,
  deployment
}) => {
  const made = await newCtCase(deployment, 'Propose');
  const { dims } = made.volume.grid;
  const toWorld = (voxel: Voxel): World => worldOf(made.volume, voxel);
  await ada.openCase(made);
  await ada.focusPicture();
  const { mouse, keyboard } = ada.page;
  const line = ada.page.locator('.voxcord-ProposalStrip-line');
  const empty = await ada.labels();
  const click = async (world: World, count: number, modifier?: 'Shift'): Promise<void> => {
    const { x, y } = await ada.pixelOf('axial', world);
    await mouse.move(x, y);
    if (modifier !== undefined) await keyboard.down(modifier);
    await mouse.down();
    await mouse.up();
    if (modifier !== undefined) await keyboard.up(modifier);
    await whenAnswered(ada, count);
    await expect(line).toHaveAttribute('data-proposal', 'there');
  };

  const middle = toWorld(BALL.centre);
  await ada.goTo(middle);
  await keyboard.press('2');
  await keyboard.press('g');
  await expect.poll(() => ada.page.evaluate(() => window.frontCase().tool)).toBe('propose');
  await click(middle, 1);
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

  // The key that accepts presses the button that has the focus.
  await click(middle, 1);
  await line.getByRole('button', { name: 'Refuse' }).focus();
  await keyboard.press('Enter');
  await expect(line).toBeHidden();
  expect(Buffer.from(await ada.labels()).equals(empty)).toBe(true);

  await click(middle, 1);
  const [i, j, k] = BALL.centre;
  await click(toWorld([i + 3, j, k]), 2, 'Shift');
  const corrected = await proposed(ada);
  if (corrected === null) throw new Error('Nothing is proposed.');
  expect(corrected.voxels).toBeLessThan(first.voxels);
  // Backspace takes the last click back.
  await keyboard.press('Backspace');
  await expect.poll(async () => (await proposed(ada))?.runs).toEqual(first.runs);
  await click(toWorld([i + 3, j, k]), 2, 'Shift');
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

test('a model that answers clicks is chosen beside the method without weights, and answers the same clicks', async ({
  ada,
  deployment
}) => {
  const made = await newCtCase(deployment, 'Propose by a model');
  await dropModel(deployment, 'click-distance');
  await ada.openCase(made);
  await ada.focusPicture();
  await ada.showCasePanel();
  const { mouse, keyboard } = ada.page;
  const line = ada.page.locator('.voxcord-ProposalStrip-line');
  const methods = ada.page.getByLabel('Propose by', { exact: true });
  const { dims } = made.volume.grid;
  const [i, j, k] = BALL.centre;
  const click = async (voxel: Voxel, count: number): Promise<Proposal> => {
    const { x, y } = await ada.pixelOf('axial', worldOf(made.volume, voxel));
    await mouse.click(x, y);
    await whenAnswered(ada, count);
    await expect(line).toHaveAttribute('data-proposal', 'there');
    const proposal = await proposed(ada);
    if (proposal === null) throw new Error('Nothing is proposed.');
    return proposal;
  };

  /** What the service says to the places that the page points at. */
  const answer = async (method: ProposalMethod): Promise<Proposal> => {
    const places = await ada.page.evaluate(() =>
      window
        .frontCase()
        .proposals.proposing.pointed.flatMap(({ places: worlds, on }) =>
          worlds.map(world => ({ world: [...world], on }))
        )
    );
    const body = { volume: made.volume.hash, method, places };
    return deployment.call<Proposal>('ada', 'POST', `/reads/${made.read.id}/proposals`, body);
  };

  await ada.goTo(worldOf(made.volume, BALL.centre));
  await keyboard.press('2');
  // A folder that is new is looked for when the tool is taken up.
  await expect(async () => {
    await ada.choose({ tool: 'crosshair' });
    await ada.focusPicture();
    await keyboard.press('g');
    await expect(methods.getByRole('option', { name: 'What is nearer 1.0.0' })).toHaveCount(1, { timeout: 1000 });
  }).toPass();
  const byGreyValues = await click(BALL.centre, 1);
  expect(byGreyValues.runs).toEqual((await answer({ kind: 'geodesic' })).runs);
  const origin = ada.page.locator('#voxcord-case-panel [data-origin]');
  await expect(origin).toHaveCount(0);
  // Another method answers the click that is there.
  await methods.selectOption('What is nearer 1.0.0');
  await expect(origin).toHaveText(/^proposals, first seen by Ada/);
  await expect(origin).toHaveAttribute('data-origin', 'proposed');
  await expect.poll(async () => (await proposed(ada))?.runs).not.toEqual(byGreyValues.runs);
  expect((await proposed(ada))?.runs).toEqual((await answer(MODEL)).runs);
  const byModel = await click([i + 6, j, k], 2);
  expect(byModel.runs).toEqual((await answer(MODEL)).runs);

  await ada.page.getByRole('button', { name: 'Accept' }).click();
  await expect(line).toBeHidden();
  const wanted = painted(byModel, dims[0] * dims[1] * dims[2], 2);
  expect(wanted[i + dims[0] * (j + dims[1] * k)]).toBe(2);
  await expect.poll(async () => Buffer.from(await ada.labels()).equals(wanted)).toBe(true);
  await settle(ada);
  expect(Buffer.from((await deployment.exportLabels(made)).canonical).equals(wanted)).toBe(true);
  await takeModelAway(deployment, 'click-distance');
});
