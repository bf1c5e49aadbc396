import type { Case, Protocol, Read, Revision } from '@voxcord/schemas/api';
import type { Locator } from '@playwright/test';
import { settle } from '../support/agreement.js';
import type { Deployment, Username } from '../support/deployment.js';
import { expect, test } from '../support/fixtures.js';
import { countsOf, Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { assign, choosePassphrase, lockProtocol, newStudy, PASSPHRASE, type Study } from '../support/study.js';
import { submitReads } from '../support/submittedReads.js';

const at = (x: number, y: number): World => [4 + x, -6 + y, 12];

/** The read that somebody has been given, in the list of their reads. */
function listed(person: Person, study: Study): Locator {
  return person.page.locator('.jp-MainAreaWidget .voxcord-Home [data-my-read]').filter({ hasText: study.case.title });
}

async function beginFromHome(person: Person, study: Study): Promise<void> {
  await person.execute('voxcord:open-home');
  await listed(person, study).getByRole('button', { name: 'Begin' }).click();
  await person.whenCaseIsReady();
  await person.showCasePanel();
}

function signing(person: Person): Locator {
  return person.page.getByRole('dialog');
}

/** The dialog puts the focus on the passphrase when it opens: what is filled in elsewhere before that lands there. */
async function remark(person: Person, text: string): Promise<void> {
  await expect(signing(person).getByLabel('Passphrase')).toBeFocused();
  await signing(person).getByLabel('Remark').fill(text);
}

async function submit(person: Person): Promise<void> {
  await settle(person);
  await person.page.getByRole('button', { name: 'Submit read…' }).click();
  await signing(person).getByLabel('Passphrase').fill(PASSPHRASE);
  await signing(person).getByRole('button', { name: 'Sign and submit' }).click();
  await expect(signing(person)).toHaveCount(0);
}

function revisionsOf(deployment: Deployment, reader: Username, read: Read): Promise<Revision[]> {
  return deployment.call<Revision[]>(reader, 'GET', `/reads/${read.id}/revisions`);
}

test.describe('Blind reads are given, begun, submitted with a signature and opened again', () => {
  test('two readers read one case; neither can learn anything of the other', async ({ ada, ben, cara, deployment }) => {
    const study = await newStudy(deployment, 'Blind pair');
    await lockProtocol(deployment, study);
    await choosePassphrase(deployment, 'ben');
    await choosePassphrase(deployment, 'cara');

    // The lead gives the case to both.
    await ada.execute('voxcord:assign-readers', { project: study.project.id, case: study.case.id });
    const row = ada.page.locator(`[data-case-reads="${study.case.id}"]`);
    await row.getByLabel('Ben Lindqvist').check();
    await row.getByLabel('Cara Ito').check();
    await row.getByLabel('Due').fill('2020-02-03');
    await row.getByRole('button', { name: 'Assign' }).click();
    await expect(row.locator('[data-read]')).toHaveCount(2);
    await expect(row.locator('[data-state=assigned]')).toHaveCount(2);
    await expect(row).toContainText('overdue since');

    await beginFromHome(ben, study);
    await expect(ben.page.locator('.voxcord-Blind')).toBeVisible();
    await ben.paint(1, [at(-15, 0), at(15, 0)]);
    await ben.paint(2, [at(0, 14), at(4, 18)], { radius: 4 });
    await ben.paint(2, [at(0, -18), at(4, -18)], { radius: 4 });
    await settle(ben);
    await beginFromHome(cara, study);
    await cara.paint(1, [at(-10, 4), at(14, 4)]);
    await settle(cara);

    const whatBenSees = await deployment.call<Case>('ben', 'GET', `/cases/${study.case.id}`);
    expect(whatBenSees.reads.map(({ reader }) => reader.username)).toEqual(['ben']);
    const carasRead = (await deployment.call<Case>('cara', 'GET', `/cases/${study.case.id}`)).reads[0];
    if (carasRead === undefined) throw new Error('Cara has no read.');
    await expect(deployment.call('ben', 'GET', `/reads/${carasRead.id}`)).rejects.toThrow('404');
    await expect(ben.page.locator('body')).not.toContainText('Cara');
    await expect(cara.page.locator('body')).not.toContainText('Ben');
    expect(countsOf(await cara.labels())[2]).toBeUndefined();

    // Ben sees what he signs.
    const painted = countsOf(await ben.labels());
    await ben.page.getByRole('button', { name: 'Submit read…' }).click();
    const dialog = signing(ben);
    await expect(dialog.locator('[data-painted="2"]')).toContainText('2 lesions');
    await expect(dialog.locator('[data-signer=ben]')).toContainText('Ben Lindqvist');
    await expect(dialog.getByLabel('Meaning')).toHaveValue('authorship');
    await remark(ben, 'Motion in the lower slices');
    await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Sign and submit' }).click();
    await expect(dialog).toHaveCount(0);

    // The read is closed, and shows who signed it.
    const signature = ben.page.locator('[data-revision="1"] [data-signature=ben]');
    await expect(signature).toContainText('Ben Lindqvist');
    await expect(signature).toContainText('Authorship');
    await expect.poll(() => ben.page.evaluate(() => window.frontCase().model.session?.mayPaint)).toBe(false);
    expect(countsOf(await ben.labels())).toEqual(painted);
    const [bensRead] = whatBenSees.reads;
    if (bensRead === undefined) throw new Error('Ben has no read.');
    const [revision] = await revisionsOf(deployment, 'ben', bensRead);
    expect(revision?.signature).toMatchObject({ username: 'ben', name: 'Ben Lindqvist', meaning: 'authorship' });
    expect(revision?.remark).toBe('Motion in the lower slices');

    // Cara still learns nothing; the lead sees who is how far.
    await expect(cara.page.locator('body')).not.toContainText('Ben');
    expect((await deployment.call<Case>('cara', 'GET', `/cases/${study.case.id}`)).reads).toHaveLength(1);
    await ada.execute('voxcord:assign-readers', { project: study.project.id, case: study.case.id });
    await expect(row.locator(`[data-read="${bensRead.id}"]`)).toHaveAttribute('data-state', 'submitted');
    await expect(row.locator(`[data-read="${carasRead.id}"]`)).toHaveAttribute('data-state', 'open');

    // Cara has painted no lesion, because she has not looked for any: that is signed too.
    await cara.page.getByRole('button', { name: 'Submit read…' }).click();
    await expect(signing(cara).locator('[data-painted="1"] [data-not-read]')).toHaveCount(0);
    await signing(cara).locator('[data-not-read="2"]').check();
    await signing(cara).getByLabel('Passphrase').fill(PASSPHRASE);
    await signing(cara).getByRole('button', { name: 'Sign and submit' }).click();
    await expect(signing(cara)).toHaveCount(0);
    await expect(cara.page.locator('[data-revision="1"] [data-not-read="2"]')).toContainText('Not read: ');
    const [carasRevision] = await revisionsOf(deployment, 'cara', carasRead);
    expect(carasRevision?.notRead).toEqual([2]);
    await expect(cara.page.locator('body')).not.toContainText('Ben');
  });

  test('who signs for the first time chooses a passphrase', async ({ browser, deployment }) => {
    const study = await newStudy(deployment, 'First signature', ['gita']);
    await lockProtocol(deployment, study);
    const [read] = await assign(deployment, study, ['gita']);
    if (read === undefined) throw new Error('There is no read.');
    const gita = await Person.signIn(browser, deployment, 'gita');
    try {
      await beginFromHome(gita, study);
      await gita.paint(1, [at(-15, 0), at(15, 0)]);
      await settle(gita);
      await gita.page.getByRole('button', { name: 'Submit read…' }).click();
      const dialog = signing(gita);
      await dialog.getByLabel('New passphrase').fill('short');
      await dialog.getByRole('button', { name: 'Sign and submit' }).click();
      await expect(dialog.getByRole('alert')).toContainText('at least 10 characters');
      expect(await revisionsOf(deployment, 'gita', read)).toEqual([]);
      await dialog.getByLabel('New passphrase').fill(PASSPHRASE);
      await dialog.getByLabel('Once more').fill(PASSPHRASE);
      await dialog.getByRole('button', { name: 'Sign and submit' }).click();
      await expect(dialog).toHaveCount(0);
      expect(await revisionsOf(deployment, 'gita', read)).toHaveLength(1);
      await gita.tidyUp();
    } finally {
      await gita.leave();
    }
  });

  test('a wrong passphrase signs nothing, says so, and can be tried again', async ({ ben, deployment }) => {
    const study = await newStudy(deployment, 'Wrong passphrase', ['ben']);
    await lockProtocol(deployment, study);
    const [read] = await assign(deployment, study, ['ben']);
    if (read === undefined) throw new Error('There is no read.');
    await choosePassphrase(deployment, 'ben');
    await beginFromHome(ben, study);
    await ben.paint(1, [at(-15, 0), at(15, 0)]);
    await settle(ben);
    await ben.page.getByRole('button', { name: 'Submit read…' }).click();
    const dialog = signing(ben);
    await remark(ben, 'Kept');
    await dialog.getByLabel('Passphrase').fill('seven noisy slices');
    await dialog.getByLabel('Passphrase').press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('passphrase');
    await expect(dialog.getByLabel('Passphrase')).toHaveValue('');
    await expect(dialog.getByLabel('Remark')).toHaveValue('Kept');
    expect(await revisionsOf(deployment, 'ben', read)).toEqual([]);

    await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
    await dialog.getByLabel('Passphrase').press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect.poll(() => revisionsOf(deployment, 'ben', read)).toHaveLength(1);
  });

  test('a read opens again with a reason and becomes the next revision, compared with the one before', async ({
    ben,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Second thoughts', ['ben']);
    await lockProtocol(deployment, study);
    const [read] = await assign(deployment, study, ['ben']);
    if (read === undefined) throw new Error('There is no read.');
    await choosePassphrase(deployment, 'ben');
    await beginFromHome(ben, study);
    await ben.paint(1, [at(-15, 0), at(15, 0)]);
    await submit(ben);

    await ben.page.getByRole('button', { name: 'Reopen…' }).click();
    await ben.page.getByLabel('Why is it reopened?').fill('A lesion was missed');
    await ben.page.getByRole('button', { name: 'Reopen', exact: true }).click();
    await ben.whenCaseIsReady();
    await ben.paint(2, [at(0, 20), at(4, 20)], { radius: 4 });
    await submit(ben);

    await expect(ben.page.locator('[data-revision="2"]')).toContainText('A lesion was missed');
    const revisions = await revisionsOf(deployment, 'ben', read);
    expect(revisions.map(({ number, parent, reason }) => [number, parent, reason])).toEqual([
      [1, null, null],
      [2, revisions[0]?.hash, 'A lesion was missed']
    ]);
    expect(revisions[1]?.labelMapRoot).not.toBe(revisions[0]?.labelMapRoot);

    await ben.page.locator('[data-revision="2"]').getByRole('button', { name: 'Compare' }).click();
    await expect(ben.page.locator('[data-change-kind=added]')).toContainText('Lesion');
    await expect(ben.page.locator('[data-compared="2"]')).toBeVisible();
  });

  test('nothing can be submitted while it is not saved', async ({ ben, deployment }) => {
    const study = await newStudy(deployment, 'Not saved', ['ben']);
    await lockProtocol(deployment, study);
    await assign(deployment, study, ['ben']);
    await beginFromHome(ben, study);
    deployment.pauseService();
    try {
      await ben.paint(1, [at(-15, 0), at(15, 0)]);
      await expect(ben.saved).toHaveText('1 change not saved');
      await expect(ben.page.getByRole('button', { name: 'Submit read…' })).toBeDisabled();
      await ben.execute('voxcord:submit-read');
      await expect(ben.page.getByText('The read cannot be submitted yet')).toBeVisible();
      await expect(signing(ben)).toHaveCount(0);
    } finally {
      deployment.resumeService();
    }
    await expect(ben.page.getByRole('button', { name: 'Submit read…' })).toBeEnabled();
  });

  test('a read that follows an older version of the protocol says so', async ({ ada, ben, deployment }) => {
    const study = await newStudy(deployment, 'New version', ['ben']);
    const first = await lockProtocol(deployment, study);
    await assign(deployment, study, ['ben']);
    const draft = await deployment.call<Protocol>('ada', 'PUT', `/projects/${study.project.id}/protocols/draft`, {
      edition: null,
      content: { ...first.content, readers: { ...first.content.readers, perCase: 3 } }
    });
    await deployment.call('ada', 'POST', `/projects/${study.project.id}/protocols/lock`, {
      edition: draft.edition,
      signing: { meaning: 'approval', passphrase: PASSPHRASE }
    });
    await ada.execute('voxcord:assign-readers', { project: study.project.id, case: study.case.id });
    await expect(ada.page.locator(`[data-case-reads="${study.case.id}"]`)).toContainText('protocol version 1, now 2');
    await beginFromHome(ben, study);
    await expect(ben.page.locator('#voxcord-case-panel')).toContainText('protocol version 1, now 2');
  });

  test('a case that is taken back before it is begun leaves the list of its reader', async ({
    ada,
    ben,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Taken back', ['ben']);
    await lockProtocol(deployment, study);
    const [read] = await assign(deployment, study, ['ben']);
    await ben.execute('voxcord:open-home');
    await expect(listed(ben, study)).toBeVisible();
    await ada.execute('voxcord:assign-readers', { project: study.project.id, case: study.case.id });
    await ada.page.getByRole('button', { name: 'Take the case back from Ben Lindqvist' }).click();
    await expect(ada.page.locator(`[data-read="${read?.id ?? ''}"]`)).toHaveCount(0);
    const { reads } = await deployment.call<Case>('ada', 'GET', `/cases/${study.case.id}`);
    expect(reads).toEqual([]);
    await ben.lookAgain();
    await expect(listed(ben, study)).toHaveCount(0);
  });

  test('a case is given to its reader once more, who begins anew without the first read', async ({
    ada,
    ben,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Read twice', ['ben']);
    await lockProtocol(deployment, study, { repeat: { share: 1, afterDays: 0 } });
    await submitReads(deployment, study, { ben: [{ segment: 1, centre: [30, 28, 24], radius: 9 }] });
    await ben.execute('voxcord:open-home');
    await expect(listed(ben, study)).toHaveCount(0);
    await ada.execute('voxcord:assign-readers', { project: study.project.id, case: study.case.id });
    const row = ada.page.locator(`[data-case-reads="${study.case.id}"]`);
    await row.getByLabel('As a repeat').check();
    await row.getByLabel('Ben Lindqvist').check();
    await row.getByRole('button', { name: 'Assign' }).click();
    await expect(row.locator('[data-read]')).toHaveCount(2);

    await ben.lookAgain();
    await expect(listed(ben, study)).toContainText('again');
    await beginFromHome(ben, study);
    expect(countsOf(await ben.labels())).toEqual({});
    const repeat = await ben.page.evaluate(() => window.frontCase().model.read?.repeat);
    expect(repeat).toBe(true);

    // It was opened from the list and not from a file: it is there again all the same.
    await ben.whenLayoutIsKept(`voxcord-cases:${study.case.id}`, { case: study.case.id });
    await ben.reload();
    await ben.whenCaseIsReady();
    expect(await ben.page.evaluate(() => window.frontCase().model.read?.repeat)).toBe(true);
  });

  test('an open case notices that it was given to its reader', async ({ ben, deployment }) => {
    const study = await newStudy(deployment, 'Given meanwhile', ['ben']);
    await lockProtocol(deployment, study);
    await ben.execute('voxcord:open-case', { case: study.case.id });
    await expect(ben.page.getByText('you have not been given it')).toBeVisible();
    await assign(deployment, study, ['ben']);
    await ben.lookAgain();
    // A key presses the button that has the focus, and does nothing else.
    await ben.page.getByRole('button', { name: 'Begin reading' }).focus();
    await ben.page.keyboard.press('Space');
    await ben.whenCaseIsReady();
  });

  test('another passphrase takes the place of the one before', async ({ ben, deployment }) => {
    await choosePassphrase(deployment, 'ben');
    const another = 'eight noisy slices';
    const changing = ben.execute('voxcord:change-passphrase');
    const dialog = signing(ben);
    await expect(dialog.getByLabel('Present passphrase')).toBeFocused();
    await dialog.getByLabel('Present passphrase').fill(PASSPHRASE);
    await dialog.getByLabel('New passphrase').fill(another);
    await dialog.getByLabel('Once more').fill(another);
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await changing;
    await expect(ben.page.getByText('The passphrase is changed.')).toBeVisible();
    const change = (current: string): Promise<unknown> =>
      deployment.call('ben', 'POST', '/me/signing-key', { passphrase: PASSPHRASE, current });
    await expect(change(PASSPHRASE)).rejects.toThrow('passphrase');
    await change(another);
  });
});
