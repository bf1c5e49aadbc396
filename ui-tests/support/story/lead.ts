import type { Case, Project, Protocol, Read } from '@voxcord/schemas/api';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Deployment, Username } from '../deployment.js';
import type { Person } from '../person.js';
import { sign, signFirst } from '../review.js';
import { homeOf, LIVER, NAMES, NODULE, type Reader, READERS, type Story, TITLE } from './story.js';

function field(page: Page, place: string): Locator {
  return page.locator(`[data-path="${place}"]`).locator('input, textarea, select').first();
}

/** The lead begins a study, writes its protocol in the form and locks it. */
export async function writeProtocol(lead: Person, deployment: Deployment): Promise<Project> {
  const { page } = lead;
  await lead.execute('voxcord:open-home');
  await homeOf(lead).getByLabel('Title of the study').fill(TITLE);
  await homeOf(lead).getByRole('button', { name: 'Begin', exact: true }).click();
  await page.getByRole('button', { name: 'Write the protocol' }).click();
  await page.getByRole('button', { name: 'Add the first segment' }).click();
  await page.getByLabel('Name of segment 1').fill('Liver');
  await page.getByRole('button', { name: 'Add a segment' }).click();
  await page.getByLabel('Name of segment 2').fill('HCC nodule');
  await field(page, '/segments/1/instructions').fill('The enhancing rim belongs to it.');
  await field(page, '/readers/perCase').fill('3');
  await field(page, '/consensus/lesions/shape/id').selectOption('staple.binary.itk');
  await field(page, '/adjudication/rule').selectOption('2+1');
  await field(page, '/adjudication/triggers/0').fill('dice("Liver") < 0.9');
  await field(page, '/acceptance/0/expression').fill('dice("Liver") >= 0.7 and hd95("Liver") <= 10 mm');
  await field(page, '/signatures/release').fill('2');
  for (const [name, text] of [
    ['purpose', 'Reference for a detector of nodules'],
    ['origin', 'Made by a program'],
    ['deidentification', 'No person was scanned'],
    ['limitations', 'Shows nothing that exists'],
    ['licence', 'CC0-1.0']
  ] as const) {
    await field(page, `/dataset/${name}`).fill(text);
  }
  await expect(page.locator('[data-draft-state]')).toHaveAttribute('data-draft-state', 'saved');
  await page.getByRole('button', { name: 'Lock and sign…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Three readers, blind;');
  await expect(dialog.locator('input[type=password]').first()).toBeVisible();
  // Ada leads other studies too: only who signs for the first time chooses a passphrase.
  if (await dialog.getByLabel('New passphrase').isVisible()) await signFirst(lead, 'Sign and lock');
  else await sign(lead, 'Sign and lock');
  await expect(page.locator('[data-locked="1"]')).toBeVisible();

  const project = (await deployment.call<Project[]>('ada', 'GET', '/projects')).find(one => one.title === TITLE);
  if (project === undefined) throw new Error('There is no study.');
  const [protocol] = await deployment.call<Protocol[]>('ada', 'GET', `/projects/${project.id}/protocols`);
  expect(protocol?.state).toBe('locked');
  expect(protocol?.content).toMatchObject({
    segments: [
      { number: LIVER, kind: 'structure', codes: [{ scheme: 'SCT', value: '10200004' }] },
      { number: NODULE, kind: 'lesion', codes: [{ scheme: 'SCT', value: '25370001' }] }
    ],
    readers: { perCase: 3, blind: true },
    consensus: { lesions: { shape: { id: 'staple.binary.itk' } } },
    adjudication: { rule: '2+1', triggers: ['dice("Liver") < 0.9', 'lesionsDisputed > 0'] },
    acceptance: [{ expression: 'dice("Liver") >= 0.7 and hd95("Liver") <= 10 mm' }],
    signatures: { release: 2 }
  });
  return project;
}

export async function addPeople(lead: Person, deployment: Deployment, project: Project): Promise<void> {
  const { page } = lead;
  const roles: readonly (readonly [Username, string])[] = [
    ['ben', 'reader'],
    ['cara', 'reader'],
    ['dov', 'reader'],
    ['esi', 'adjudicator'],
    ['finn', 'adjudicator']
  ];
  await page.locator('[data-tab=people]').click();
  for (const [username, role] of roles) {
    await page.getByLabel('Person to add').selectOption(username);
    await page.getByLabel('Their role').selectOption(role);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.locator(`[data-member=${username}]`)).toBeVisible();
  }
  const members = await deployment.call<{ username: string; role: string }[]>(
    'ada',
    'GET',
    `/projects/${project.id}/members`
  );
  expect(members.map(({ username, role }) => [username, role])).toEqual(
    expect.arrayContaining(roles.map(([username, role]) => [username, role]))
  );
}

/** The lead chooses a file of their computer. */
export async function startCase(lead: Person, deployment: Deployment, project: Project): Promise<Case> {
  await lead.execute('voxcord:open-home');
  const choosing = lead.page.waitForEvent('filechooser');
  await homeOf(lead)
    .getByRole('button', { name: `Start a case in ${TITLE}` })
    .click();
  await (await choosing).setFiles(deployment.volumes.plain.path);
  await lead.page.waitForFunction(() => {
    const content = window.jupyterapp.shell.currentWidget?.content;
    return content !== undefined && 'viewer' in content && content.viewer.phase.phase === 'ready';
  });
  const [started] = await deployment.call<Case[]>('ada', 'GET', `/projects/${project.id}/cases`);
  if (started === undefined) throw new Error('There is no case.');
  return started;
}

export async function assignReaders(lead: Person, deployment: Deployment, story: Story): Promise<Record<Reader, Read>> {
  await lead.execute('voxcord:open-home');
  await homeOf(lead)
    .getByRole('button', { name: `Who reads ${story.case.title}` })
    .click();
  const row = lead.page.locator(`[data-case-reads="${story.case.id}"]`);
  for (const reader of READERS) await row.getByLabel(NAMES[reader].join(' ')).check();
  await row.getByRole('button', { name: 'Assign' }).click();
  await expect(row.locator('[data-state=assigned]')).toHaveCount(3);
  const { reads } = await deployment.call<Case>('ada', 'GET', `/cases/${story.case.id}`);
  const of = (reader: Reader): Read => {
    const read = reads.find(one => one.reader.username === reader);
    if (read === undefined) throw new Error(`${reader} has no read.`);
    return read;
  };
  return { ben: of('ben'), cara: of('cara'), dov: of('dov') };
}
