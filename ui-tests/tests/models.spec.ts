import type { Read } from '@voxcord/schemas/api';
import type { Locator } from '@playwright/test';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import {
  dropModel,
  jobsOf,
  modelReads,
  newCtCase,
  runModel,
  takeModelAway,
  thresholdLabels,
  zipModel
} from '../support/models.js';
import { countsOf, type Person } from '../support/person.js';
import { assign, lockProtocol, newStudy } from '../support/study.js';

function page(person: Person): Locator {
  return person.page.locator('.voxcord-Models');
}

function card(person: Person, model: string): Locator {
  return page(person).locator(`[data-model="${model}"]`);
}

/** Looks at the models until one of them, or a refused folder, is there. */
async function waitFor(person: Person, place: Locator): Promise<void> {
  await expect(async () => {
    await person.lookAgain();
    await expect(place).toBeVisible({ timeout: 1000 });
  }).toPass();
}

test.describe('Models are readers among readers', () => {
  test('a folder that is dropped appears, one that cannot be run says why, an archive is taken in and goes again', async ({
    ada,
    deployment
  }) => {
    await deployment.newCase();
    await ada.execute('voxcord:open-models');
    await dropModel(deployment, 'threshold');
    await dropModel(deployment, 'wrong-hash');
    const dropped = card(ada, 'threshold@1.0.0');
    await waitFor(ada, dropped);
    await expect(dropped).toContainText('Tests of Voxcord. It has learnt nothing');
    await expect(dropped).toContainText('BSD-3-Clause');
    await expect(dropped).toContainText('CT with voxels of 0.1 to 10 mm');
    await expect(dropped).toContainText('Nodule');
    await expect(page(ada)).toContainText('Not a medical device');
    // Whoever put a folder there removes it in the same way.
    await expect(dropped.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
    const refused = page(ada).locator('[data-refused="wrong-hash"]');
    await waitFor(ada, refused);
    await expect(refused).toContainText('SHA-256');

    await upload(ada, await zipModel(deployment, 'wrong-hash'));
    await expect(page(ada).locator('.voxcord-Models-add').getByRole('alert')).toContainText('SHA-256');
    await upload(ada, await zipModel(deployment, 'slow'));
    const added = card(ada, 'slow@1.0.0');
    await expect(added).toBeVisible();
    await added.getByRole('button', { name: 'Remove Takes its time' }).click();
    await added.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(added).toHaveCount(0);
    await takeModelAway(deployment, 'wrong-hash');
    await expect(async () => {
      await ada.lookAgain();
      await expect(refused).toHaveCount(0, { timeout: 1000 });
    }).toPass();
  });

  test('a model is run with progress, cancelled and let finish; its read is looked at, copied from and undone', async ({
    ada,
    deployment
  }) => {
    const labelled = await newCtCase(deployment, 'Run a model');
    const labels = thresholdLabels(labelled.volume);
    await dropModel(deployment, 'threshold');
    await dropModel(deployment, 'slow');
    await ada.openCase(labelled);
    const painted = await ada.labels();
    expect(countsOf(painted)).toEqual({});
    await ada.execute('voxcord:run-model');
    await waitFor(ada, card(ada, 'slow@1.0.0'));
    await card(ada, 'slow@1.0.0').getByRole('button', { name: 'Run Takes its time' }).click();
    // The case that one comes from is chosen.
    await expect(page(ada).locator(`[data-run-case="${labelled.case.id}"] input`)).toBeChecked();
    const run = page(ada).getByRole('button', { name: 'Run', exact: true });
    await run.click();
    const slow = page(ada).locator('[data-job]').first();
    await expect(slow).toHaveAttribute('data-state', 'running');
    await expect.poll(async () => Number(await slow.locator('progress').getAttribute('value'))).toBeGreaterThan(0);
    await slow.getByRole('button', { name: /^Cancel/ }).click();
    await expect(slow).toHaveAttribute('data-state', 'cancelled');
    expect(await modelReads(deployment, labelled.case.id)).toEqual([]);

    await waitFor(ada, card(ada, 'threshold@1.0.0'));
    await card(ada, 'threshold@1.0.0').getByRole('button', { name: 'Run Bright and brighter' }).click();
    await page(ada).locator(`[data-run-case="${labelled.case.id}"] input`).check();
    await run.click();
    const done = page(ada).locator('[data-job]').first();
    await expect(done).toHaveAttribute('data-state', 'done');
    const [job] = await jobsOf(deployment, labelled.project.id);
    await done.getByText('How it was made').click();
    await expect(done.locator('[data-provenance]')).toContainText(job?.provenance?.model.sha256 ?? 'nothing');
    await expect(done.locator('[data-provenance]')).toContainText(labelled.volume.hash);
    await expect(card(ada, 'threshold@1.0.0')).toContainText('Case of Run a model');

    await done.getByRole('button', { name: /^Open the read/ }).click();
    await expect.poll(() => openRead(ada)).toEqual({ purpose: 'model', mayPaint: false });
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(labels)).toBe(true);
    await ada.showCasePanel();
    const panel = ada.page.locator('#voxcord-case-panel');
    await expect(panel.locator('.voxcord-mod-current .voxcord-ModelMark')).toHaveText('AI');
    await expect(panel).toContainText('threshold@1.0.0');

    await panel.getByRole('checkbox', { name: /^Liver/ }).uncheck();
    await panel.getByRole('button', { name: /^Copy into/ }).click();
    await expect.poll(() => openRead(ada)).toEqual({ purpose: 'reading', mayPaint: true });
    const nodules = labels.map(label => (label === 2 ? 2 : 0));
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(nodules)).toBe(true);
    const copied = panel.locator('.voxcord-Origins [data-origin=copied]');
    await expect(copied).toHaveText(/^Nodule copied by Ada/);
    const ofModel = panel.locator('.voxcord-Origins li').filter({ hasText: 'copied by' });
    await expect(ofModel).toContainText(/^AI.*Bright and brighter 1\.0\.0/);
    await expect(ofModel).toHaveAttribute('title', `SHA-256 ${job?.model.sha256 ?? 'nothing'}`);
    await ada.focusPicture();
    await ada.page.keyboard.press('z');
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(painted)).toBe(true);
    // What was seen was seen.
    await expect(copied).toHaveCount(1);
    await ada.page.keyboard.press('Shift+Z');
    await expect.poll(async () => Buffer.from(await ada.labels()).equals(nodules)).toBe(true);
    await settle(ada);
    expect(Buffer.from((await deployment.exportLabels(labelled)).canonical).equals(nodules)).toBe(true);
    // Somebody else copies into the shared read too.
    const more = { from: job?.read ?? '', segments: [1] };
    await deployment.call('ben', 'POST', `/reads/${labelled.read.id}/copy`, more);
    await ada.lookAgain();
    await expect(copied).toHaveText([/^Nodule copied by Ada/, /^Liver copied by Ben/]);
  });

  test('a job that never ends is cancelled from its case; the next one fails, says why, and whoever asked is told', async ({
    ada,
    deployment
  }) => {
    const labelled = await newCtCase(deployment, 'Fail');
    await dropModel(deployment, 'nan-later');
    await dropModel(deployment, 'never-ends-later');
    await ada.openCase(labelled);
    await ada.execute('voxcord:run-model');
    for (const [name, title] of [
      ['never-ends-later', 'Never ends on bright images'],
      ['nan-later', 'Not a number on bright images']
    ] as const) {
      await waitFor(ada, card(ada, `${name}@1.0.0`));
      await card(ada, `${name}@1.0.0`)
        .getByRole('button', { name: `Run ${title}` })
        .click();
      await page(ada).locator(`[data-run-case="${labelled.case.id}"] input`).check();
      await page(ada).getByRole('button', { name: 'Run', exact: true }).click();
    }
    await expect(page(ada).locator('[data-job][data-state=waiting]')).toContainText('Not a number');

    await ada.execute('voxcord:open-case', { case: labelled.case.id });
    await ada.showCasePanel();
    const panel = ada.page.locator('#voxcord-case-panel');
    const endless = panel.locator('[data-case-job][data-state=running]').filter({ hasText: 'Never ends' });
    await endless.getByRole('button', { name: /^Cancel/ }).click();
    await expect(endless).toHaveCount(0);
    await expect(panel.locator('[data-case-job][data-state=failed]')).toContainText('NaN');
    const notice = ada.page.locator('.Toastify__toast').filter({ hasText: 'could not label the case' });
    await notice.getByRole('button', { name: 'Jobs' }).click();
    const failed = page(ada).locator('[data-job][data-state=failed]');
    await expect(failed.locator('[data-code="inference.not-finite"]')).toContainText('NaN');
    const jobs = await jobsOf(deployment, labelled.project.id);
    expect(jobs.map(({ state }) => state)).toEqual(['failed', 'cancelled']);
    expect(await modelReads(deployment, labelled.case.id)).toEqual([]);
  });

  test('who reads a case blind sees nothing of models in it', async ({ ben, deployment }) => {
    const study = await newStudy(deployment, 'Blind to models', ['ben']);
    await lockProtocol(deployment, study);
    await dropModel(deployment, 'threshold');
    const [given] = await assign(deployment, study, ['ben']);
    await runModel(deployment, study.case, 'threshold');
    await deployment.call<Read>('ben', 'POST', `/reads/${given?.id ?? ''}/begin`);
    await ben.execute('voxcord:open-case', { case: study.case.id });
    await ben.whenCaseIsReady();
    await ben.showCasePanel();
    const panel = ben.page.locator('#voxcord-case-panel');
    await expect(panel).toContainText('My read');
    await expect(panel.locator('.voxcord-ModelMark')).toHaveCount(0);
    await expect(panel).not.toContainText('Models');
    expect(await ben.page.evaluate(() => window.frontCase().model.case?.reads.length)).toBe(1);
    expect(
      await ben.page.evaluate(() =>
        (window.jupyterapp.commands as unknown as { isEnabled(id: string): boolean }).isEnabled('voxcord:run-model')
      )
    ).toBe(false);
  });
});

/** Chooses an archive of this computer. */
async function upload(person: Person, archive: string): Promise<void> {
  const choosing = person.page.waitForEvent('filechooser');
  await page(person).getByRole('button', { name: 'Add a model…' }).click();
  await (await choosing).setFiles(archive);
}

/** What is open in the case in front. */
function openRead(person: Person): Promise<{ purpose: string | undefined; mayPaint: boolean | undefined }> {
  return person.page.evaluate(() => {
    const { read, session } = window.frontCase().model;
    return { purpose: read?.purpose, mayPaint: session?.mayPaint };
  });
}
