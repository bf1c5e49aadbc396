import type { Case, CaseStrata, Project, Protocol } from '@voxcord/schemas/api';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.js';
import type { Deployment } from '../support/deployment.js';
import { lockProtocol, newStudy, PASSPHRASE } from '../support/study.js';

/** What the form keeps of a value, by its place in the protocol. */
function at(page: Page, path: string): Locator {
  return page.locator(`[data-path="${path}"]`);
}

function protocolsOf(deployment: Deployment, projectId: string): Promise<Protocol[]> {
  return deployment.call<Protocol[]>('ada', 'GET', `/projects/${projectId}/protocols`);
}

async function projectCalled(deployment: Deployment, title: string): Promise<Project> {
  const projects = await deployment.call<Project[]>('ada', 'GET', '/projects');
  const project = projects.find(candidate => candidate.title === title);
  if (project === undefined) throw new Error(`There is no project ${title}.`);
  return project;
}

test.describe('A protocol is written in a form, checked while it is written, and locked with a signature', () => {
  test('from an empty study to a locked version, and the next version with what changed', async ({
    ada,
    deployment
  }) => {
    const { page } = ada;
    const title = 'Liver lesions on CT';
    await ada.execute('voxcord:open-home');
    const home = page.locator('.jp-MainAreaWidget .voxcord-Home');
    await home.getByLabel('Title of the study').fill(title);
    await home.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByRole('button', { name: 'Write the protocol' }).click();
    const { id } = await projectCalled(deployment, title);
    const lock = page.getByRole('button', { name: 'Lock and sign…' });
    const summary = page.getByRole('complementary', { name: 'Summary' });

    // Nothing is labelled yet.
    await expect(summary).toContainText('Add the segments that are to be painted.');
    await expect(lock).toBeDisabled();

    await page.getByRole('button', { name: 'Add the first segment' }).click();
    await page.getByLabel('Name of segment 1').fill('Liver');
    await expect(at(page, '/segments/0/codes')).toContainText('SCT 10200004');
    await page.getByRole('button', { name: 'Add a segment' }).click();
    await page.getByLabel('Name of segment 2').fill('HCC nodule');
    await expect(at(page, '/segments/1/kind').locator('select')).toHaveValue('lesion');
    await at(page, '/segments/1/instructions').locator('textarea').fill('The enhancing rim belongs to it.');
    await at(page, '/readers/perCase').locator('input').fill('2');

    // An expression is checked at its place, names and units alike.
    const criterion = at(page, '/acceptance/0/expression');
    await criterion.locator('input').fill('dise >= 0.8');
    await expect(criterion.getByRole('alert')).toContainText('dice');
    await criterion.locator('input').fill('hd95 <= 5 ml');
    await expect(criterion.getByRole('alert')).toBeVisible();
    await expect(lock).toBeDisabled();
    await criterion.locator('input').fill('dice("HCC nodule") >= 0.8 and hd95 <= 5 mm');
    await expect(criterion.getByRole('alert')).toHaveCount(0);

    await expect(summary).toContainText('Two readers, blind;');
    await expect(summary).toContainText('dice("HCC nodule") >= 0.8 and hd95 <= 5 mm');
    await expect(page.locator('[data-draft-state]')).toHaveAttribute('data-draft-state', 'saved');
    const [draft] = await protocolsOf(deployment, id);
    expect(draft?.state).toBe('draft');
    expect(draft?.content.readers.perCase).toBe(2);
    expect(
      draft?.content.segments.map(({ number, name, kind, codes }) => [number, name, kind, codes[0]?.value])
    ).toEqual([
      [1, 'Liver', 'structure', '10200004'],
      [2, 'HCC nodule', 'lesion', '25370001']
    ]);

    await lock.click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Two readers, blind;');
    await expect(dialog).toContainText('Ada Okafor');
    await expect(dialog.getByLabel('Meaning')).toHaveValue('approval');
    // It is known by now whether she has signed before.
    await expect(dialog.getByRole('button', { name: 'Sign and lock' })).toBeEnabled();
    if (await dialog.getByLabel('New passphrase').isVisible()) {
      await dialog.getByLabel('New passphrase').fill(PASSPHRASE);
      await dialog.getByLabel('Once more').fill(`${PASSPHRASE}!`);
      await dialog.getByRole('button', { name: 'Sign and lock' }).click();
      await expect(dialog.getByRole('alert')).toContainText('not the same');
      await dialog.getByLabel('New passphrase').fill(PASSPHRASE);
      await dialog.getByLabel('Once more').fill(PASSPHRASE);
    } else await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Sign and lock' }).click();
    await expect(dialog).toHaveCount(0);

    const locked = page.locator('[data-locked="1"]');
    await expect(locked).toContainText('Version 1 is locked');
    await expect(locked.locator('[data-signature=ada]')).toContainText('Ada Okafor');
    await expect(locked.locator('[data-signature=ada]')).toContainText('Approval');
    await expect(at(page, '/readers/perCase').locator('input')).toBeDisabled();
    const [stored] = await protocolsOf(deployment, id);
    expect(stored?.state).toBe('locked');
    expect(stored?.lock?.name).toBe('Ada Okafor');

    await page.getByRole('button', { name: 'Begin version 2' }).click();
    await at(page, '/readers/perCase').locator('input').fill('3');
    await expect(page.locator('[data-change="/readers/perCase"]')).toContainText('3');
    await expect(page.locator('[data-changed="/readers"]')).toBeVisible();
    await expect(page.locator('[data-changed="/consensus"]')).toHaveCount(0);
    const versions = await protocolsOf(deployment, id);
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [2, 'draft'],
      [1, 'locked']
    ]);
    expect(versions[1]?.contentHash).toBe(stored?.contentHash);
  });

  test('what somebody else has saved meanwhile is never overwritten unasked', async ({ ada, deployment }) => {
    const { page } = ada;
    const { project } = await newStudy(deployment, 'Two authors', []);
    await ada.execute('voxcord:edit-protocol', { project: project.id });
    await page.getByRole('button', { name: 'Write the protocol' }).click();
    const title = at(page, '/title').locator('input');
    await expect(title).toHaveValue('Two authors');
    const [mine] = await protocolsOf(deployment, project.id);
    if (mine === undefined) throw new Error('There is no draft.');

    await deployment.call('ada', 'PUT', `/projects/${project.id}/protocols/draft`, {
      edition: mine.edition,
      content: { ...mine.content, title: 'Title from elsewhere' }
    });
    await title.fill('Title from here');
    await expect(page.getByRole('button', { name: 'Show theirs' })).toBeVisible();
    expect((await protocolsOf(deployment, project.id))[0]?.content.title).toBe('Title from elsewhere');

    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await expect
      .poll(async () => (await protocolsOf(deployment, project.id))[0]?.content.title)
      .toBe('Title from here');
    await expect(page.locator('[data-draft-state]')).toHaveAttribute('data-draft-state', 'saved');
  });

  test('a protocol that is open comes back after a reload', async ({ ada, deployment }) => {
    const { project } = await newStudy(deployment, 'Kept open', []);
    await ada.execute('voxcord:edit-protocol', { project: project.id });
    await expect(ada.page.locator('.voxcord-Study h1')).toHaveText('Kept open');
    await ada.page.locator('[data-tab=people]').click();
    await expect(ada.page.locator('[data-member=ada]')).toBeVisible();
    await ada.whenLayoutIsKept(`voxcord-studies:${project.id}`, { tab: 'people' });
    await ada.reload();
    await expect(ada.page.locator('.voxcord-Study h1')).toHaveText('Kept open');
    await expect(ada.page.locator('[data-member=ada]')).toBeVisible();
  });

  test('people are added with role and qualification, and a project keeps a manager', async ({ ada, deployment }) => {
    const { page } = ada;
    const { project } = await newStudy(deployment, 'People', []);
    await deployment.call('ben', 'GET', '/me');
    await ada.execute('voxcord:show-members', { project: project.id });
    await page.getByLabel('Person to add').selectOption('ben');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('Qualification of Ben Lindqvist').fill('Radiologist');
    await page.getByLabel('Years of experience of Ben Lindqvist').fill('7');
    await page.getByLabel('Years of experience of Ben Lindqvist').press('Enter');
    await expect
      .poll(() => deployment.call('ada', 'GET', `/projects/${project.id}/members`))
      .toContainEqual({
        username: 'ben',
        displayName: 'Ben Lindqvist',
        role: 'reader',
        profile: { qualification: 'Radiologist', yearsOfExperience: 7 }
      });

    await page.getByLabel('Role of Ada Okafor').selectOption('reader');
    await expect(page.locator('.voxcord-Study').getByRole('alert')).toContainText('needs a manager');
    await expect(page.getByLabel('Role of Ada Okafor')).toHaveValue('manager');
  });

  test('cases are put into groups, by hand and from a spreadsheet', async ({ ada, deployment }) => {
    const { page } = ada;
    const { project, case: first, volume } = await newStudy(deployment, 'Grouped', []);
    const second = await deployment.call<Case>('ada', 'POST', `/projects/${project.id}/cases`, {
      title: 'Second case',
      volumes: [volume.hash]
    });
    const strata = async (): Promise<CaseStrata['strata'][]> =>
      (await deployment.call<CaseStrata[]>('ada', 'GET', `/projects/${project.id}/strata`)).map(each => each.strata);
    const paste = async (field: Locator, text: string): Promise<void> =>
      field.evaluate((node, pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        node.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, text);
    await ada.execute('voxcord:group-cases', { project: project.id });
    const name = page.getByLabel('What the cases differ in');
    const add = page.getByRole('button', { name: 'Add a column' });
    for (const column of ['phase', 'centre']) {
      await name.fill(column);
      await add.click();
    }
    const phase = page.getByLabel(`phase of ${first.title}`);
    await phase.fill('arterial');
    await phase.press('Enter');
    await expect.poll(strata).toEqual([{ phase: 'arterial' }, {}]);

    await phase.fill('half typed');
    await paste(phase, 'venous\tBern\r\nlate\tBasel\r\n');
    const pasted = [
      { phase: 'venous', centre: 'Bern' },
      { phase: 'late', centre: 'Basel' }
    ];
    await expect.poll(strata).toEqual(pasted);
    await expect(phase).toHaveValue('venous');
    await expect(page.getByLabel(`centre of ${second.title}`)).toHaveValue('Basel');
    const problem = page.locator('.voxcord-Study').getByRole('alert');
    await paste(phase, 'a\r\nb\r\nc\r\n');
    await expect(problem).toContainText('3 rows and 1 columns do not fit');
    await paste(phase, 'a\r\n"b\nc"\r\n');
    await expect(problem).toContainText(`of ${second.title} is not one line`);
    expect(await strata()).toEqual(pasted);

    // What could not be kept stays, to be kept later.
    ada.link.cut();
    await phase.fill('delayed');
    await phase.press('Enter');
    await expect(problem).toBeVisible();
    await ada.lookAgain();
    await expect(phase).toHaveValue('delayed');
    await expect(page.getByLabel(`centre of ${second.title}`)).toHaveValue('Basel');
    ada.link.restore();
    await phase.press('Enter');
    await expect.poll(async () => (await strata())[0]?.['phase']).toBe('delayed');
    await phase.fill('venous');
    await phase.press('Enter');
    await expect.poll(strata).toEqual(pasted);

    await page.getByRole('button', { name: 'Take all cases out of “centre”' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(strata).toEqual([{ phase: 'venous' }, { phase: 'late' }]);
    await expect(page.getByLabel(`centre of ${first.title}`)).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Take all cases out of “phase”' })).toBeFocused();

    for (const [taken, why] of [
      ['Modality', 'is measured'],
      ['Phase', 'There is a column “phase” already']
    ] as const) {
      await name.fill(taken);
      await expect(page.locator('.voxcord-Study')).toContainText(why);
      await expect(add).toBeDisabled();
    }
  });

  test('groups of cases are there for managers alone, and for none who reads blind', async ({
    ada,
    ben,
    deployment
  }) => {
    const study = await newStudy(deployment, 'Hidden groups', ['ben', 'cara']);
    const project = study.project.id;
    await lockProtocol(deployment, study);
    await ben.execute('voxcord:show-members', { project });
    await expect(ben.page.locator('[data-tab=reads]')).toBeVisible();
    await expect(ben.page.locator('[data-tab=groups]')).toHaveCount(0);
    await ben.execute('voxcord:group-cases', { project });
    await expect(ben.page.getByRole('alert').filter({ hasText: 'Your role does not allow you' })).toBeVisible();

    await ada.execute('voxcord:group-cases', { project });
    await expect(ada.page.getByLabel('What the cases differ in')).toBeVisible();
    const body = { readers: ['ada'], due: null, repeat: false };
    await deployment.call('ada', 'POST', `/cases/${study.case.id}/assignments`, body);
    await ada.lookAgain();
    await expect(ada.page.locator('.voxcord-Study').getByRole('alert')).toContainText('You have blind reads to submit');
    await expect(ada.page.getByLabel('What the cases differ in')).toHaveCount(0);
  });
});
