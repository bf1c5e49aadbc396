import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Case, Difference, Project, Protocol, Read, Release, Revision, Volume } from '@voxcord/schemas/api';
import type { Browser, Locator, Page } from '@playwright/test';
import { consensusOfCase, type SegmentRule } from '../../server/lib/consensus/index.js';
import { settle } from '../support/agreement.js';
import type { Deployment, Username } from '../support/deployment.js';
import { expect, test } from '../support/fixtures.js';
import { readExport } from '../support/nibabel.js';
import { countsOf, Person } from '../support/person.js';
import { flipBit, unpack, verifyByBoth, voxcordOnFiles } from '../support/releaseFolder.js';
import {
  acceptConsensusEverywhere,
  beginAdjudication,
  chosen,
  choiceWord,
  compute,
  consensusOf,
  decided,
  decisionsOn,
  fixedLabels,
  newestRelease,
  openReview,
  overlayValues,
  resultOf,
  sign,
  signFirst,
  voxelsOf
} from '../support/review.js';
import type { World } from '../support/screenPlace.js';
import { occursIn, Traffic } from '../support/traffic.js';

const TITLE = 'Liver nodules';
const LIVER = 1;
const NODULE = 2;
const READERS = ['ben', 'cara', 'dov'] as const;
type Reader = (typeof READERS)[number];
const NAMES: Readonly<Record<Reader, readonly [string, string]>> = {
  ben: ['Ben', 'Lindqvist'],
  cara: ['Cara', 'Ito'],
  dov: ['Dov', 'Mensah']
};

/** A stroke with the spherical brush in the axial plane; mm. */
interface Stroke {
  readonly segment: number;
  readonly path: readonly World[];
  readonly radius: number;
}

const at = (x: number, y: number): World => [x, y, 12];
const nodule = (x: number, y: number, radius: number): Stroke => ({ segment: NODULE, path: [at(x, y)], radius });
const liver = (y: number, radius: number): Stroke => ({
  segment: LIVER,
  path: [at(-25, y), at(15, y)],
  radius
});

/** All see the first nodule; the others are seen by one or two readers. */
const STROKES: Readonly<Record<Reader, readonly Stroke[]>> = {
  ben: [liver(-6, 18), nodule(-22, -6, 7), nodule(0, -12, 5), nodule(14, -4, 6)],
  cara: [liver(-4, 18), nodule(-20, -6, 8), nodule(14, -4, 6)],
  dov: [liver(-6, 16), nodule(-22, -4, 7), nodule(20, 30, 5)]
};

/** What the story is about. */
interface Story {
  readonly project: Project;
  readonly case: Case;
  readonly volume: Volume;
}

function field(page: Page, place: string): Locator {
  return page.locator(`[data-path="${place}"]`).locator('input, textarea, select').first();
}

function homeOf(person: Person): Locator {
  return person.page.locator('.jp-MainAreaWidget .voxcord-Home');
}

async function paintAll(person: Person, strokes: readonly Stroke[]): Promise<void> {
  for (const { segment, path: way, radius } of strokes) await person.paint(segment, way, { radius, shape: 'sphere' });
}

/** The lead begins a study, writes its protocol in the form and locks it. */
async function writeProtocol(lead: Person, deployment: Deployment): Promise<Project> {
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

async function addPeople(lead: Person, deployment: Deployment, project: Project): Promise<void> {
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
async function startCase(lead: Person, deployment: Deployment, project: Project): Promise<Case> {
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

async function assignReaders(lead: Person, deployment: Deployment, story: Story): Promise<Record<Reader, Read>> {
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

async function beginFromMyReads(reader: Person, read: Read): Promise<void> {
  await reader.execute('voxcord:open-home');
  await homeOf(reader).locator(`[data-my-read="${read.id}"]`).getByRole('button', { name: 'Begin' }).click();
  await reader.whenCaseIsReady();
  await reader.showCasePanel();
  await expect(reader.page.locator('.voxcord-Blind')).toBeVisible();
}

async function submit(reader: Person, isFirst: boolean): Promise<void> {
  await settle(reader);
  await reader.page.getByRole('button', { name: 'Submit read…' }).click();
  if (isFirst) await signFirst(reader, 'Sign and submit');
  else await sign(reader, 'Sign and submit');
}

/** Nothing of the others is on a reader's page, in what the service answers, or in anything that the browser got. */
async function expectBlind(
  deployment: Deployment,
  readers: Readonly<Record<Reader, Person>>,
  reads: Readonly<Record<Reader, Read>>,
  traffic: Readonly<Record<Reader, Traffic>>
): Promise<void> {
  const strokes: Record<Reader, Buffer[]> = { ben: [], cara: [], dov: [] };
  for (const reader of READERS) {
    const sent = traffic[reader].framesSent;
    // Strokes as they are stored: what this browser sent holds them, so that the search below can find them.
    strokes[reader] = (await deployment.storedUpdates(reads[reader].id))
      .map(update => Buffer.from(update))
      .filter(update => occursIn(sent, update));
    expect(strokes[reader].length, `strokes that ${reader} sent`).toBeGreaterThanOrEqual(STROKES[reader].length);
  }
  for (const reader of READERS) {
    const others = READERS.filter(other => other !== reader);
    const received = await traffic[reader].received();
    expect(occursIn(received, NAMES[reader][1]), `${reader} gets their own name`).toBe(true);
    expect(traffic[reader].rooms, `rooms of ${reader}`).toContain(`read:${reads[reader].id}`);
    const seen = await deployment.call<Case>(reader, 'GET', `/cases/${reads[reader].caseId}`);
    expect(seen.reads.map(({ id }) => id)).toEqual([reads[reader].id]);
    for (const other of others) {
      await expect(deployment.call(reader, 'GET', `/reads/${reads[other].id}`)).rejects.toThrow('404');
      for (const name of NAMES[other]) {
        await expect(readers[reader].page.locator('body')).not.toContainText(name);
        expect(occursIn(received, name), `${reader} gets the name ${name}`).toBe(false);
      }
      expect(occursIn(received, reads[other].id), `${reader} gets the read of ${other}`).toBe(false);
      for (const stroke of strokes[other]) {
        expect(occursIn(received, stroke), `${reader} gets a stroke of ${other}`).toBe(false);
      }
    }
  }
}

interface CommandAgreement {
  readonly segments: readonly {
    readonly number: number;
    readonly pairs: readonly { readonly a: string; readonly b: string; readonly dice: number | null }[];
  }[];
}

/** The review shows what the engines say of the files that the readers' reads are exported to. */
async function expectEnginesAgree(
  lead: Person,
  deployment: Deployment,
  story: Story,
  reads: Readonly<Record<Reader, Read>>
): Promise<void> {
  const draft = await consensusOf(deployment, story);
  const result = resultOf(draft);
  const { dims } = story.volume.grid;
  expect(result.readers.map(({ letter, reader }) => [letter, reader.username])).toEqual([
    ['A', 'ben'],
    ['B', 'cara'],
    ['C', 'dov']
  ]);

  // The matrix, against the command.
  const files = await Promise.all(READERS.map(reader => deployment.exportFile(reads[reader].id)));
  const measured = await voxcordOnFiles<CommandAgreement>('agreement', ...files, '--tau', '2', '--roi', 'union');
  for (const segment of [LIVER, NODULE]) {
    await lead.page.getByLabel('Segment', { exact: true }).selectOption(String(segment));
    const pairs = measured.segments.find(({ number }) => number === segment)?.pairs ?? [];
    expect(pairs).toHaveLength(3);
    for (const [index, cell] of ['AB', 'AC', 'BC'].entries()) {
      const dice = pairs[index]?.dice ?? NaN;
      await expect(lead.page.locator(`[data-pair=${cell}]`)).toHaveText(dice.toFixed(2).replace(/^0/, ''));
      const stored = result.agreement.find(({ number }) => number === segment)?.pairs[index];
      expect(`${stored?.a ?? ''}${stored?.b ?? ''}`).toBe(cell);
      expect(stored?.dice).toBeCloseTo(dice, 12);
    }
  }

  // The consensus and what lies over the picture, against the engine.
  const labels = await Promise.all(
    files.map(async file => (await readExport(file, deployment.volumes.plain.path)).canonical)
  );
  const { lesions } = draft.rules;
  const rules: readonly SegmentRule[] = [
    { kind: 'structure', segment: LIVER, method: draft.rules.structures },
    { kind: 'lesion', segment: NODULE, matching: lesions.matching, presence: lesions.presence, shape: lesions.shape }
  ];
  const computed = consensusOfCase({
    dims,
    spacing: story.volume.spacing,
    reads: labels.map((map, n) => ({ id: READERS[n] ?? '', labels: map, weight: 1, notRead: [] })),
    rules
  });
  expect(Buffer.from(await fixedLabels(deployment, `consensus:${draft.id}`)).equals(computed.labels)).toBe(true);
  await expect
    .poll(async () => {
      const shown = await overlayValues(lead, 'disagreement', dims);
      return shown !== null && Buffer.from(shown).equals(computed.disagreement);
    })
    .toBe(true);
  expect(computed.disagreement.some(value => value > 0)).toBe(true);
  expect(result.disputes.map(({ voxels }) => voxels)).toEqual(computed.disputes.map(({ voxels }) => voxels));
}

/** Walks from dispute to dispute by key: A, B, the consensus, own paint, then the consensus. Answers the final labels. */
async function adjudicate(adjudicator: Person, deployment: Deployment, story: Story): Promise<Uint8Array> {
  const { page } = adjudicator;
  await openReview(adjudicator, story);
  await expect(page.locator('[data-draft="1"]')).toBeVisible();
  await beginAdjudication(adjudicator);
  const draft = await consensusOf(deployment, story);
  const asked = resultOf(draft).disputes.filter(dispute => dispute.asked);
  expect(asked.length).toBeGreaterThanOrEqual(5);
  const consensus = await fixedLabels(deployment, `consensus:${draft.id}`);
  const candidates: Readonly<Record<string, Uint8Array>> = {
    a: await labelsOf(deployment, draft.result?.readers[0]?.revision),
    b: await labelsOf(deployment, draft.result?.readers[1]?.revision),
    v: consensus
  };
  let now: Uint8Array = consensus;
  await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(now)).toBe(true);

  await adjudicator.focusPicture();
  await page.keyboard.press('j');
  const walked: (number | null)[] = [];
  for (let n = 1; n <= asked.length; n++) {
    const dispute = (await chosen(adjudicator)) ?? 0;
    walked.push(dispute);
    const key = ['a', 'b', 'v', 'e'][n - 1] ?? 'v';
    if (key === 'e') {
      await page.keyboard.press('e');
      await expect.poll(() => page.evaluate(() => window.frontCase().tool)).toBe('brush');
      const place = await page.evaluate(() => window.frontCase().viewer.crosshair);
      await adjudicator.paint(NODULE, [[place[0], place[1], place[2]]], { radius: 6, shape: 'sphere' });
      await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(now)).toBe(false);
      await adjudicator.focusPicture();
      await page.keyboard.press('e');
      await decided(adjudicator, deployment, draft, n);
      now = await adjudicator.labels();
      continue;
    }
    await page.keyboard.press(key);
    await decided(adjudicator, deployment, draft, n);
    // Exactly the voxels of the dispute have the labels of the candidate.
    const expected = now.slice();
    for (const voxel of await voxelsOf(deployment, draft, dispute)) expected[voxel] = candidates[key]?.[voxel] ?? 0;
    await expect.poll(async () => Buffer.from(await adjudicator.labels()).equals(expected)).toBe(true);
    now = expected;
  }
  const decisions = await decisionsOn(deployment, draft);
  expect(decisions.map(({ dispute }) => dispute)).toEqual(walked);
  expect(decisions.slice(0, 4).map(({ choice }) => choiceWord(choice))).toEqual(['A', 'B', 'consensus', 'painted']);
  expect(decisions.every(({ by }) => by.username === 'esi')).toBe(true);
  expect(Buffer.from(now).equals(consensus)).toBe(false);
  return now;
}

function labelsOf(deployment: Deployment, revision: string | undefined): Promise<Uint8Array> {
  if (revision === undefined) throw new Error('There is no such reader.');
  return fixedLabels(deployment, `revision:${revision}`);
}

/** The adjudicator signs what was decided. */
async function signDecisions(adjudicator: Person, isFirst: boolean): Promise<void> {
  await adjudicator.page.getByRole('button', { name: 'Sign the adjudication…' }).click();
  if (isFirst) await signFirst(adjudicator, 'Sign the adjudication');
  else await sign(adjudicator, 'Sign the adjudication');
  await expect(adjudicator.page.locator('[data-adjudication=signed]')).toBeVisible();
  await expect.poll(() => adjudicator.page.evaluate(() => window.frontCase().model.session === null)).toBe(false);
}

/** The page of a release that is in front. */
function releaseIn({ page }: Person): Locator {
  return page.locator('.jp-MainAreaWidget:not(.lm-mod-hidden) [data-release-state]');
}

/** The lead has a release put together and signs it; somebody else signs it too, and it is released. */
async function release(
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
async function downloadAndVerify(
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

async function truthFile(folder: string): Promise<string> {
  const { files } = JSON.parse(await readFile(path.join(folder, 'release.json'), 'utf8')) as {
    files: { path: string }[];
  };
  const truth = files.find(file => file.path.endsWith('/truth.nii.gz'));
  if (truth === undefined) throw new Error('The release has no ground truth.');
  return path.join(folder, truth.path);
}

function revisionsOf(deployment: Deployment, reader: Reader, read: Read): Promise<Revision[]> {
  return deployment.call<Revision[]>(reader, 'GET', `/reads/${read.id}/revisions`);
}

/** Per voxel: 1 added, 2 removed, 3 another segment. */
function changesBetween(before: Uint8Array, after: Uint8Array): Uint8Array {
  return after.map((label, n) => {
    const old = before[n] ?? 0;
    if (old === label) return 0;
    return old === 0 ? 1 : label === 0 ? 2 : 3;
  });
}

/** The lead compares the release before with what was adjudicated since, in a table and on the picture. */
async function compareReleases(
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
  expect(shownChanges).toContain(1);
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

async function signInTheOthers(
  browser: Browser,
  deployment: Deployment
): Promise<Record<'dov' | 'esi' | 'finn', Person>> {
  const [dov, esi, finn] = await Promise.all(
    (['dov', 'esi', 'finn'] as const).map(username => Person.signIn(browser, deployment, username))
  );
  if (dov === undefined || esi === undefined || finn === undefined) throw new Error('Somebody did not sign in.');
  return { dov, esi, finn };
}

test('three blind reads become adjudicated, signed ground truth that anybody can verify, and a second version', async ({
  ada,
  ben,
  cara,
  browser,
  deployment
}) => {
  test.setTimeout(300_000);
  const { dov, esi, finn } = await test.step('six people sign in', () => signInTheOthers(browser, deployment));
  try {
    const readers = { ben, cara, dov };

    const project = await test.step('the lead writes the protocol and locks it', () => writeProtocol(ada, deployment));
    await test.step('adds people', () => addPeople(ada, deployment, project));
    const started = await test.step('starts a case', () => startCase(ada, deployment, project));
    const volume = await deployment.importVolume('plain.nii.gz');
    expect(started.volumes.map(({ hash }) => hash)).toEqual([volume.hash]);
    const story: Story = { project, case: started, volume };
    const reads = await test.step('assigns readers', () => assignReaders(ada, deployment, story));

    await test.step('three radiologists read and cannot see one another', async () => {
      const traffic = { ben: Traffic.of(ben.page), cara: Traffic.of(cara.page), dov: Traffic.of(dov.page) };
      for (const reader of READERS) await beginFromMyReads(readers[reader], reads[reader]);
      for (const reader of READERS) await paintAll(readers[reader], STROKES[reader]);
      for (const reader of READERS) await settle(readers[reader]);
      for (const reader of READERS) expect(Object.keys(countsOf(await readers[reader].labels()))).toEqual(['1', '2']);
      for (const reader of READERS) await submit(readers[reader], await signsFirst(deployment, reader));
      await expectBlind(deployment, readers, reads, traffic);
    });

    await test.step('the lead sees who agrees with whom, and where not', async () => {
      await openReview(ada, story);
      await compute(ada, 'Compute the consensus');
      await expectEnginesAgree(ada, deployment, story, reads);
    });

    const first = await test.step('the adjudicator decides by key and signs', async () => {
      const labels = await adjudicate(esi, deployment, story);
      await signDecisions(esi, true);
      expect(Buffer.from(await esi.labels()).equals(labels)).toBe(true);
      return labels;
    });

    const one = await test.step('two people sign release 1.0.0', () =>
      release(ada, finn, deployment, story, { version: '1.0.0', isFirst: true }));
    await test.step('it is downloaded and verified; a flipped bit is found', async () => {
      const folder = await downloadAndVerify(finn, deployment, first, 'liver-nodules-1.0.0.zip');
      const truth = await truthFile(folder);
      await flipBit(truth, 100, 3);
      const record = path.relative(folder, truth);
      for (const verdict of await verifyByBoth(folder)) {
        expect(verdict).toEqual({ valid: false, broken: record, exitCode: 1 });
      }
    });

    await test.step('a reader corrects what was overlooked', async () => {
      await ben.page.getByRole('button', { name: 'Reopen…' }).click();
      await ben.page.getByLabel('Why is it reopened?').fill('A nodule was overlooked');
      await ben.page.getByRole('button', { name: 'Reopen', exact: true }).click();
      await ben.whenCaseIsReady();
      await paintAll(ben, [nodule(20, 30, 5)]);
      await submit(ben, false);
      const revisions = await revisionsOf(deployment, 'ben', reads.ben);
      expect(revisions.map(({ number, reason }) => [number, reason])).toEqual([
        [1, null],
        [2, 'A nodule was overlooked']
      ]);
    });

    const second = await test.step('consensus 2 is computed and adjudicated', async () => {
      await openReview(ada, story);
      await compute(ada, 'Compute again', 2);
      // The adjudicator's review is open still, and learns of it.
      await esi.execute('voxcord:open-review', { case: story.case.id });
      await esi.page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await esi.page.getByRole('button', { name: 'Show draft 2' }).click();
      await expect(esi.page.locator('[data-draft="2"]')).toBeVisible();
      await beginAdjudication(esi);
      const draft = await consensusOf(deployment, story);
      await acceptConsensusEverywhere(esi, deployment, draft);
      await signDecisions(esi, false);
      return esi.labels();
    });
    const two = await test.step('two people sign release 1.1.0', () =>
      release(ada, finn, deployment, story, { version: '1.1.0', isFirst: false }));
    expect(two.parent).toBe(one.id);
    await expect(releaseIn(finn).locator('[data-changes]')).toHaveAttribute(
      'data-changes',
      String(two.cases[0]?.changes?.length)
    );
    await downloadAndVerify(finn, deployment, second, 'liver-nodules-1.1.0.zip');
    await test.step('it is compared with 1.0.0', () =>
      compareReleases(ada, deployment, story, [one, two], [first, second]));
    for (const person of [dov, esi, finn]) await person.tidyUp();
  } finally {
    for (const person of [dov, esi, finn]) await person.leave();
  }
});

async function signsFirst(deployment: Deployment, username: Username): Promise<boolean> {
  return (await deployment.call<{ keyId: string | null }>(username, 'GET', '/me/signing-key')).keyId === null;
}
