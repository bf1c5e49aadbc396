import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Difference, Release } from '@voxcord/schemas/api';
import { expect, type Locator } from '@playwright/test';
import { ADDED, REMOVED } from '../../../extension/lib/review/changedVoxels.js';
import type { Deployment } from '../deployment.js';
import { readExport } from '../nibabel.js';
import type { Person } from '../person.js';
import { unpack, verifyByBoth } from '../releaseFolder.js';
import { newestRelease, openReview, overlayValues, sign, signFirst } from '../review.js';
import { homeOf, NODULE, type Story, TITLE } from './story.js';

/** The page of a release that is in front. */
export function releaseIn({ page }: Person): Locator {
  return page.locator('.jp-MainAreaWidget:not(.lm-mod-hidden) [data-release-state]');
}

/** The lead has a release put together and signs it; somebody else signs it too, and it is released. */
export async function release(
  lead: Person,
  signer: Person,
  deployment: Deployment,
  story: Story,
  { version, isFirst }: { readonly version: string; readonly isFirst: boolean }
): Promise<Release> {
  await lead.execute('voxcord:open-home');
  await homeOf(lead)
    .getByRole('button', { name: `Releases of ${TITLE}` })
    .click();
  await expect(lead.page.locator(`[data-candidate-case="${story.case.id}"]`)).toHaveAttribute(
    'data-readiness',
    'ready'
  );
  await expect(lead.page.locator('[data-next-version]')).toHaveText(version);
  await lead.page.locator('[data-act=prepare]').click();
  await expect(releaseIn(lead)).toHaveAttribute('data-release-state', 'signing');
  await releaseIn(lead).locator('[data-act=sign]').click();
  await sign(lead, 'Sign');
  await expect(releaseIn(lead).locator('[data-missing="1"]')).toBeVisible();
  // One person cannot sign twice.
  await expect(releaseIn(lead).locator('[data-act=sign]')).toHaveCount(0);
  const waiting = await newestRelease(deployment, story);
  expect([waiting.version, waiting.state]).toEqual([version, 'signing']);

  await signer.execute('voxcord:open-home');
  await homeOf(signer)
    .getByRole('button', { name: `Releases of ${TITLE}` })
    .click();
  await signer.page.getByRole('button', { name: `Open release ${version}` }).click();
  await releaseIn(signer).locator('[data-act=sign]').click();
  if (isFirst) await signFirst(signer, 'Sign');
  else await sign(signer, 'Sign');
  await expect(releaseIn(signer)).toHaveAttribute('data-release-state', 'released');
  const signed = await newestRelease(deployment, story);
  expect([signed.id, signed.state]).toEqual([waiting.id, 'released']);
  expect(signed.signatures.map(({ username, meaning }) => [username, meaning])).toEqual([
    ['ada', 'responsibility'],
    ['finn', 'approval']
  ]);
  await expect(releaseIn(signer).locator('[data-manifest]')).toHaveAttribute('data-manifest', signed.manifest ?? '');
  return signed;
}

/** Downloads the release in front and checks the folder with both verifiers; its label map is `truth`. */
export async function downloadAndVerify(
  signer: Person,
  deployment: Deployment,
  truth: Uint8Array,
  name: string
): Promise<string> {
  await releaseIn(signer).locator('[data-act=verify]').click();
  await expect(releaseIn(signer).locator('[data-valid=true]')).toContainText('2 signatures');
  const downloading = signer.page.waitForEvent('download');
  await releaseIn(signer).locator('[data-act=download]').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(name);
  const folder = await unpack(download, path.join(deployment.layout.folder, 'downloads'));
  for (const verdict of await verifyByBoth(folder)) expect(verdict).toEqual({ valid: true, broken: null, exitCode: 0 });
  const released = await readExport(await truthFile(folder), deployment.volumes.plain.path);
  expect(released.sameGrid).toBe(true);
  expect(Buffer.from(released.canonical).equals(truth), 'what was released is what the adjudicator saw').toBe(true);
  return folder;
}

/** Where the ground truth of the only case lies. */
export async function truthFile(folder: string): Promise<string> {
  const { files } = JSON.parse(await readFile(path.join(folder, 'release.json'), 'utf8')) as {
    files: { path: string }[];
  };
  const truth = files.find(file => file.path.endsWith('/truth.nii.gz'));
  if (truth === undefined) throw new Error('The release has no ground truth.');
  return path.join(folder, truth.path);
}

/** Per voxel what became of it: added, removed, or the segment that it has now. */
function changesBetween(before: Uint8Array, after: Uint8Array): Uint8Array {
  return after.map((label, n) => {
    const old = before[n] ?? 0;
    if (old === label) return 0;
    return old === 0 ? ADDED : label === 0 ? REMOVED : label;
  });
}

/** The lead compares the release before with what was adjudicated since, in a table and on the picture. */
export async function compareReleases(
  lead: Person,
  deployment: Deployment,
  story: Story,
  [first, second]: readonly [Release, Release],
  [before, after]: readonly [Uint8Array, Uint8Array]
): Promise<void> {
  const { dims } = story.volume.grid;
  await openReview(lead, story);
  await lead.page.locator('[data-release="1.0.0"]').getByRole('button', { name: 'Compare' }).click();
  await lead.page
    .locator('.voxcord-Version')
    .filter({ hasText: /^To/ })
    .locator('select')
    .selectOption(`release:${second.id}:${story.case.id}`);
  const changed = await deployment.call<Difference>(
    'ada',
    'GET',
    `/differences?before=release:${first.id}:${story.case.id}&after=release:${second.id}:${story.case.id}`
  );
  expect(changed.changes.some(({ kind, segment }) => kind === 'added' && segment === NODULE)).toBe(true);
  await expect(lead.page.locator('[data-change]')).toHaveCount(changed.changes.length);
  expect(second.cases[0]?.changes).toEqual(changed.changes);

  const shownChanges = changesBetween(before, after);
  expect(shownChanges).toContain(ADDED);
  await expect
    .poll(async () => {
      const shown = await overlayValues(lead, 'changes', dims);
      return shown !== null && Buffer.from(shown).equals(shownChanges);
    })
    .toBe(true);
  await lead.page.locator('[data-change=added]').first().getByRole('button').click();
  const added = changed.changes.find(({ kind }) => kind === 'added');
  const crosshair = await lead.page.evaluate(() => window.frontCase().viewer.crosshair);
  for (const axis of [0, 1, 2] as const) expect(crosshair[axis]).toBeCloseTo(added?.centre[axis] ?? NaN, 1);
}
