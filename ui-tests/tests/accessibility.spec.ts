import { inspect, unreachableControls } from '../support/accessibility.js';
import { expect, test } from '../support/fixtures.js';
import { dropModel, newCtCase, runModel, takeModelAway } from '../support/models.js';
import type { Person } from '../support/person.js';
import { lockProtocol, newStudy } from '../support/study.js';
import { type Ball, submitReads } from '../support/submittedReads.js';

const BEN: readonly Ball[] = [
  { segment: 1, centre: [30, 28, 24], radius: 15 },
  { segment: 2, centre: [26, 30, 24], radius: 4 }
];
const CARA: readonly Ball[] = [
  { segment: 1, centre: [31, 28, 24], radius: 16 },
  { segment: 2, centre: [39, 22, 26], radius: 3 }
];

test.describe('Everybody can use it: names, roles and contrast by WCAG 2.2 AA, and every control by keyboard', () => {
  test('on the pages from a protocol to a release, in the light and in the dark theme', async ({ ada, deployment }) => {
    const { page } = ada;
    const draft = await newStudy(deployment, 'Still a draft');
    await ada.execute('voxcord:edit-protocol', { project: draft.project.id });
    await page.getByRole('button', { name: 'Write the protocol' }).click();
    await expect(page.locator('.voxcord-Protocol')).toBeVisible();
    expect(await unreachableControls(page, ['.voxcord-Study'])).toEqual([]);
    await expectAccessible(ada, 'a draft of a protocol');
    await ada.closeAll();

    const study = await newStudy(deployment, 'For everybody');
    const project = study.project.id;
    await lockProtocol(deployment, study);
    await submitReads(deployment, study, { ben: BEN, cara: CARA });
    await ada.execute('voxcord:open-home');
    await expect(page.locator('.jp-MainAreaWidget .voxcord-Home')).toContainText('For everybody');
    await expectAccessible(ada, 'the list of cases');
    await ada.execute('voxcord:edit-protocol', { project });
    await expect(page.locator('[data-locked]')).toBeVisible();
    await expectAccessible(ada, 'a protocol that is locked');
    await ada.execute('voxcord:show-members', { project });
    await expect(page.locator('[data-member=ben]')).toBeVisible();
    await expectAccessible(ada, 'the people of a project');
    await ada.execute('voxcord:assign-readers', { project });
    await expect(page.locator('.voxcord-Study')).toContainText('Ben Lindqvist');
    await expectAccessible(ada, 'the reads of a project');
    await deployment.call('ada', 'PATCH', `/projects/${project}/strata`, { [study.case.id]: { phase: 'arterial' } });
    await ada.execute('voxcord:group-cases', { project });
    await expect(page.getByLabel(`phase of ${study.case.title}`)).toHaveValue('arterial');
    await expectAccessible(ada, 'the groups of cases');

    await ada.execute('voxcord:open-review', { case: study.case.id });
    await page.getByRole('button', { name: 'Compute the consensus' }).click();
    await expect(page.locator('[data-draft]')).toBeVisible();
    await ada.focusPicture();
    await page.keyboard.press('j');
    await expect(page.locator('[data-dispute]')).toBeVisible();
    expect(await unreachableControls(page, ['.voxcord-Case', '.voxcord-Panel', '.voxcord-Status'])).toEqual([]);
    await expectAccessible(ada, 'a review');

    await ada.execute('voxcord:open-agreement', { project });
    await expect(page.locator('.voxcord-Release h1')).toHaveText('For everybody');
    await expectAccessible(ada, 'the agreement of readers');
    await ada.execute('voxcord:prepare-release', { project });
    await expect(page.locator(`[data-candidate-case="${study.case.id}"]`)).toBeVisible();
    await expectAccessible(ada, 'a release that is put together');
  });

  test('on the page of models and in a case that a model has labelled, in both themes', async ({ ada, deployment }) => {
    const { page } = ada;
    const labelled = await newCtCase(deployment, 'Models for everybody');
    await dropModel(deployment, 'threshold');
    await dropModel(deployment, 'wrong-hash');
    const models = page.locator('.voxcord-Models');
    await ada.execute('voxcord:open-models', { project: labelled.project.id });
    await expect(async () => {
      await ada.lookAgain();
      await expect(models.locator('[data-model="threshold@1.0.0"]')).toBeVisible({ timeout: 1000 });
      await expect(models.locator('[data-refused="wrong-hash"]')).toBeVisible({ timeout: 1000 });
    }).toPass();
    const read = await runModel(deployment, labelled.case, 'threshold');
    await ada.lookAgain();
    await models.locator('[data-job][data-state=done]').getByText('How it was made').click();
    await models.locator('[data-model="threshold@1.0.0"]').getByText('In detail').click();
    await expectAccessible(ada, 'the page of models');

    await ada.execute('voxcord:open-case', { case: labelled.case.id, read: read.id });
    await ada.showCasePanel();
    await expect(page.locator('#voxcord-case-panel .voxcord-CopyForm')).toBeVisible();
    expect(await unreachableControls(page, ['.voxcord-Models', '#voxcord-case-panel'])).toEqual([]);
    await expectAccessible(ada, 'a read by a model');
    await page.getByRole('button', { name: /^Copy into/ }).click();
    await expect(page.locator('#voxcord-case-panel [data-origin=copied]')).toBeVisible();
    await expectAccessible(ada, 'a read that labels of a model were copied into');
    await takeModelAway(deployment, 'wrong-hash');
  });
});

async function expectAccessible(person: Person, what: string): Promise<void> {
  for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
    await person.execute('apputils:change-theme', { theme });
    await expect(person.page.locator(`body[data-jp-theme-name="${theme}"]`)).toHaveCount(1);
    // JupyterLab removes what covers the page meanwhile a little later, and fails if the theme changes before that.
    await expect(person.page.locator('#jupyterlab-splash')).toHaveCount(0);
    const { violations, passes } = await inspect(person.page);
    expect(violations, `${what}, ${theme}`).toEqual([]);
    expect(passes, `rules that apply to ${what}`).toBeGreaterThan(3);
  }
}
