import type {
  Choice,
  Consensus,
  Decision,
  DisputeRegion,
  LabelMapReference,
  LabelMapSnapshot,
  Release
} from '@voxcord/schemas/api';
import { decodeBrick, type Dims } from '@voxcord/schemas/labelmap';
import { expect } from '@playwright/test';
import type { ReviewView } from '../../extension/lib/review/reviewView.js';
import type { Deployment } from './deployment.js';
import type { Person } from './person.js';
import { PASSPHRASE, type Study } from './study.js';

export type Result = NonNullable<Consensus['result']>;

/** The newest consensus of the case, with its result. */
export async function consensusOf(deployment: Deployment, study: Pick<Study, 'case'>): Promise<Consensus> {
  const [newest] = await deployment.call<Consensus[]>('ada', 'GET', `/cases/${study.case.id}/consensus`);
  if (newest === undefined) throw new Error('There is no consensus.');
  return deployment.call<Consensus>('ada', 'GET', `/consensus/${newest.id}`);
}

export function resultOf(draft: Consensus): Result {
  if (draft.result === null) throw new Error('The consensus is not computed.');
  return draft.result;
}

/** A label map that never changes, as the service stores it: i fastest. */
export async function fixedLabels(deployment: Deployment, reference: LabelMapReference): Promise<Uint8Array> {
  const { dims, bricks } = await deployment.call<LabelMapSnapshot>('ada', 'GET', `/label-maps/${reference}`);
  const answer = await fetch(`${deployment.baseUrl}voxcord/api/v1/label-maps/${reference}/pack`, {
    headers: { Authorization: `token ${await deployment.token('ada')}` }
  });
  const pack = new Uint8Array(await answer.arrayBuffer());
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  let offset = 0;
  for (const { index, bytes } of bricks) {
    decodeBrick(pack.subarray(offset, offset + bytes), index, dims, labels);
    offset += bytes;
  }
  return labels;
}

/** Voxels of a dispute, by their index in a label map. */
export async function voxelsOf(deployment: Deployment, draft: Consensus, dispute: number): Promise<number[]> {
  const { runs } = await deployment.call<DisputeRegion>(
    'ada',
    'GET',
    `/consensus/${draft.id}/disputes/${dispute}/region`
  );
  const voxels: number[] = [];
  for (let n = 0; n < runs.length; n += 2) {
    for (let at = 0; at < (runs[n + 1] ?? 0); at++) voxels.push((runs[n] ?? 0) + at);
  }
  return voxels;
}

export function decisionsOn(deployment: Deployment, draft: Consensus): Promise<Decision[]> {
  return deployment.call<Decision[]>('ada', 'GET', `/consensus/${draft.id}/decisions`);
}

/** Opens the consensus of the case from the list of cases. */
export async function openReview(person: Person, study: Pick<Study, 'case'>): Promise<void> {
  await person.execute('voxcord:open-home');
  await person.page
    .locator('.jp-MainAreaWidget .voxcord-Home')
    .getByRole('button', { name: `Open the consensus of ${study.case.title}` })
    .click();
  await expect(person.page.locator('.voxcord-ReviewView')).toBeVisible();
}

/** Presses the button that computes, and waits for the result. */
export async function compute(person: Person, name: string, draft = 1): Promise<void> {
  await person.page.getByRole('button', { name }).click();
  await expect(person.page.locator(`[data-draft="${draft}"]`)).toBeVisible();
}

export async function beginAdjudication(person: Person): Promise<void> {
  await person.page.getByRole('button', { name: 'Begin the adjudication' }).click();
  await whenAdjudicating(person);
}

/** Waits until the person may decide in the review in front. */
export async function whenAdjudicating(person: Person): Promise<void> {
  await expect
    .poll(() => person.page.evaluate(() => window.frontCase().model.session?.read.purpose ?? null))
    .toBe('adjudication');
  await expect.poll(() => person.page.evaluate(() => window.frontCase().model.session?.mayPaint ?? false)).toBe(true);
}

/** Waits until so many decisions are stored and the page has gone on. */
export async function decided(person: Person, deployment: Deployment, draft: Consensus, count: number): Promise<void> {
  await expect.poll(async () => (await decisionsOn(deployment, draft)).length).toBe(count);
  await expect
    .poll(() => person.page.evaluate(() => (window.frontCase() as ReviewView).adjudication?.isBusy))
    .toBe(false);
}

/** Accepts the consensus by key in every dispute that the protocol asks about. */
export async function acceptConsensusEverywhere(
  person: Person,
  deployment: Deployment,
  draft: Consensus
): Promise<void> {
  await person.focusPicture();
  await person.page.keyboard.press('j');
  for (let n = 1; n <= resultOf(draft).disputes.filter(({ asked }) => asked).length; n++) {
    await person.page.keyboard.press('v');
    await decided(person, deployment, draft, n);
  }
}

/** Number of the dispute that is chosen. */
export function chosen(person: Person): Promise<number | null> {
  return person.page.evaluate(() => (window.frontCase() as ReviewView).review?.dispute?.number ?? null);
}

/** What a decision says, in a word: "A", "consensus", "painted". */
export function choiceWord(choice: Choice): string {
  return choice.kind === 'reader' ? choice.letter : choice.kind;
}

/** Values of an overlay that lies over the picture in front: i fastest. Null: it is not shown. */
export async function overlayValues(person: Person, id: string, dims: Dims): Promise<Uint8Array | null> {
  const text = await person.page.evaluate(
    ([wanted, slices]) => {
      const overlay = window.frontCase().viewer.overlays.find(one => one.id === wanted);
      if (overlay === undefined) return null;
      let binary = '';
      for (let k = 0; k < slices; k++) {
        const slice = overlay.voxels.slice('axial', k);
        const [ni, nj] = overlay.voxels.dims;
        const values = slice?.values ?? new Uint8Array(ni * nj);
        for (let start = 0; start < values.length; start += 8192) {
          binary += String.fromCharCode(...values.subarray(start, start + 8192));
        }
      }
      return btoa(binary);
    },
    [id, dims[2]] as const
  );
  return text === null ? null : new Uint8Array(Buffer.from(text, 'base64'));
}

/** Signs in the dialog that is open, with the passphrase that was chosen before. */
export async function sign(person: Person, action: string): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** Signs for the first time: chooses the passphrase with it. */
export async function signFirst(person: Person, action: string): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('New passphrase').fill(PASSPHRASE);
  await dialog.getByLabel('Once more').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

export async function newestRelease(deployment: Deployment, study: Pick<Study, 'project'>): Promise<Release> {
  const [newest] = await deployment.call<Release[]>('ada', 'GET', `/projects/${study.project.id}/releases`);
  if (newest === undefined) throw new Error('There is no release.');
  return newest;
}
