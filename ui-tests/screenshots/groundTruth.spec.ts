import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Case, Project } from '@voxcord/schemas/api';
import { root } from '../../scripts/support/project.mjs';
import { expect, test } from '../support/fixtures.js';
import { Person } from '../support/person.js';
import { choosePassphrase, PASSPHRASE } from '../support/study.js';

const IMAGES = path.join(root, 'docs', 'images');

const VIEWS = [
  { suffix: '', theme: 'JupyterLab Light', width: 1400, height: 860 },
  { suffix: '-dark', theme: 'JupyterLab Dark', width: 1400, height: 860 },
  { suffix: '-narrow', theme: 'JupyterLab Light', width: 1024, height: 700 }
] as const;

/** Photographs what is in front, light, dark and narrow, and leaves it light and wide. */
async function photograph(person: Person, name: string, views: readonly (typeof VIEWS)[number][] = VIEWS) {
  for (const { suffix, theme, width, height } of [...views, VIEWS[0]]) {
    await person.page.setViewportSize({ width, height });
    await person.execute('apputils:change-theme', { theme });
    // Panels find their place, and the 3D view draws coarsely at first.
    await person.page.waitForTimeout(6000);
    await person.page.screenshot({ path: path.join(IMAGES, `${name}${suffix}.png`) });
  }
}

test('pictures of the liver demonstration, from its protocol to a release', async ({ browser, deployment }) => {
  await mkdir(IMAGES, { recursive: true });
  // Before anybody is signed in: JupyterLab is stopped meanwhile.
  await deployment.makeLiverDemo();
  const cara = await Person.signIn(browser, deployment, 'cara');
  const { page } = cara;
  const [light] = VIEWS;
  await page.setViewportSize({ width: light.width, height: light.height });
  const projects = await deployment.call<Project[]>('cara', 'GET', '/projects');
  const project = projects.find(({ title }) => title.startsWith('Liver'));
  if (project === undefined) throw new Error('There is no liver.');
  const [liver] = await deployment.call<Case[]>('cara', 'GET', `/projects/${project.id}/cases`);
  if (liver === undefined) throw new Error('The liver has no case.');
  await choosePassphrase(deployment, 'cara');

  await cara.execute('voxcord:open-home');
  await photograph(cara, 'cases', [light]);
  await cara.execute('voxcord:edit-protocol', { project: project.id });
  await expect(page.locator('[data-locked]')).toBeVisible();
  await photograph(cara, 'protocol', [light]);
  await cara.closeAll();

  await cara.execute('voxcord:open-review', { case: liver.id });
  await page.getByRole('button', { name: 'Compute the consensus' }).click();
  await expect(page.locator('[data-draft]')).toBeVisible();
  await page.getByRole('button', { name: 'Begin the adjudication' }).click();
  await expect(page.getByRole('button', { name: 'Begin the adjudication' })).toHaveCount(0);
  await page.getByLabel('Segment', { exact: true }).selectOption({ label: 'Nodule (lesion)' });
  const disputes = page.locator('[data-listed-dispute]');
  const asked = await page.locator('[data-listed-dispute][data-state=open]').count();
  // One is decided already, the next one is in question.
  await disputes.first().getByRole('button').click();
  await decide(cara, 'v', 1);
  await cara.execute('voxcord:layout', { layout: 'axial' });
  await cara.execute('voxcord:overlay', { overlay: 'outlines' });
  await photograph(cara, 'review');
  for (let n = 2; n <= asked; n++) await decide(cara, 'v', n);

  await page.getByRole('button', { name: 'Sign and release…' }).click();
  await sign(cara, 'Sign the adjudication');
  await page.locator('[data-act=prepare]').click();
  await page.locator('[data-release-state=signing] [data-act=sign]').click();
  await sign(cara, 'Sign');
  await expect(page.locator('[data-release-state=released]')).toBeVisible();
  await page.locator('[data-act=verify]').click();
  await expect(page.locator('[data-valid=true]')).toBeVisible();
  await photograph(cara, 'release', [light]);
  await cara.execute('voxcord:open-agreement', { project: project.id });
  await expect(page.locator('.voxcord-Release h1').last()).toHaveText(project.title);
  await photograph(cara, 'agreement', [light]);
  await cara.tidyUp();
  await cara.leave();
});

async function decide(person: Person, key: string, count: number): Promise<void> {
  await person.focusPicture();
  await person.page.keyboard.press(key);
  await expect(person.page.locator('[data-decided]')).toHaveAttribute('data-decided', new RegExp(`^${count}/`));
}

async function sign(person: Person, action: string): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}
