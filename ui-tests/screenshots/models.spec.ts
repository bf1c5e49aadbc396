import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Case, ModelList, Project } from '@voxcord/schemas/api';
import { root } from '../../scripts/support/project.mjs';
import { expect, test } from '../support/fixtures.js';
import { Person } from '../support/person.js';

const IMAGES = path.join(root, 'docs', 'images');
/** The model that comes with Voxcord. */
const MODEL = 'liver-phantom';
const TITLE = 'Livers, painted together';

test('pictures of the models, and of what one of them has labelled', async ({ browser, deployment }) => {
  await mkdir(IMAGES, { recursive: true });
  // Before anybody is signed in: JupyterLab is stopped meanwhile.
  await deployment.makeLiverDemo();
  const cara = await Person.signIn(browser, deployment, 'cara');
  const { page } = cara;
  await page.setViewportSize({ width: 1400, height: 860 });
  const projects = await deployment.call<Project[]>('cara', 'GET', '/projects');
  const project = projects.find(({ title }) => title.startsWith('Liver'));
  if (project === undefined) throw new Error('There is no liver.');
  const [liver] = await deployment.call<Case[]>('cara', 'GET', `/projects/${project.id}/cases`);
  if (liver === undefined) throw new Error('The liver has no case.');
  // Where people paint together, what a model has labelled can be copied.
  const together = await deployment.call<Project>('cara', 'POST', '/projects', {
    title: TITLE,
    segments: project.segments.map(({ name, colour, codes }) => ({ name, colour, codes })),
    everyone: 'reader'
  });
  const shared = await deployment.call<Case>('cara', 'POST', `/projects/${together.id}/cases`, {
    title: liver.title,
    volumes: liver.volumes.map(({ hash }) => hash),
    access: 'shared'
  });
  await expect
    .poll(async () => {
      const { models } = await deployment.call<ModelList>('cara', 'GET', '/models');
      return models.map(({ file }) => file.name);
    })
    .toContain(MODEL);

  await cara.execute('voxcord:open-models', { project: together.id });
  await cara.lookAgain();
  const card = page.locator(`[data-model^="${MODEL}@"]`);
  await card.getByRole('button', { name: /^Run/ }).click();
  await page.locator(`[data-run-case="${shared.id}"] input`).check();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const done = page.locator('[data-job][data-state=done]');
  await expect(done).toHaveCount(1, { timeout: 300_000 });
  await done.getByText('How it was made').click();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: path.join(IMAGES, 'models.png') });

  await done.getByRole('button', { name: /^Open the read/ }).click();
  await cara.showCasePanel();
  await expect(page.locator('#voxcord-case-panel .voxcord-CopyForm')).toBeVisible();
  // Panels find their place, and the 3D view draws coarsely at first.
  await page.waitForTimeout(15_000);
  await page.screenshot({ path: path.join(IMAGES, 'model-read.png') });
  await cara.tidyUp();
  await cara.leave();
});
