import type { Case, Read } from '@voxcord/schemas/api';
import { expect, test } from '../support/fixtures.js';
import type { Deployment, TestCase } from '../support/deployment.js';
import type { Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { assign, lockProtocol, newStudy } from '../support/study.js';

const CENTRE: World = [4, -6, 12];
const at = (x: number, y: number): World => [CENTRE[0] + x, CENTRE[1] + y, CENTRE[2]];

/** What somebody sees of a live consensus: both maps over the whole grid, and the numbers beside them. */
interface Shown {
  readonly labels: Uint8Array;
  readonly disagreement: Uint8Array;
  readonly records: readonly number[];
  readonly readers: readonly string[];
}

/** Ben's own read beside the one that Ada has begun: everybody may see both. */
async function secondRead(deployment: Deployment, { case: { id } }: TestCase): Promise<Read> {
  return deployment.call<Read>('ben', 'POST', `/cases/${id}/reads`, { access: 'shared', title: 'Read of Ben' });
}

async function shownTo(person: Person): Promise<Shown | null> {
  const shown = await person.page.evaluate(() => {
    const { picture } = window.frontCase().live;
    if (picture === null) return null;
    const { dims, readers } = picture.subject;
    const whole = { min: [0, 0, 0], max: [dims[0] - 1, dims[1] - 1, dims[2] - 1] } as const;
    const textOf = (values: Uint8Array): string => {
      let binary = '';
      for (let start = 0; start < values.length; start += 8192) {
        binary += String.fromCharCode(...values.subarray(start, start + 8192));
      }
      return btoa(binary);
    };
    return {
      labels: textOf(picture.labels.read(whole)),
      disagreement: textOf(picture.disagreement.read(whole)),
      records: [...picture.records],
      readers: readers.map(({ read }) => read)
    };
  });
  if (shown === null) return null;
  const { labels, disagreement, ...others } = shown;
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  return { ...others, labels: bytes(labels), disagreement: bytes(disagreement) };
}

/** By the definition alone: two readers agree on a voxel or it is undecided, as far apart as can be. */
function agreed(first: Uint8Array, second: Uint8Array): Pick<Shown, 'labels' | 'disagreement'> {
  return {
    labels: first.map((label, voxel) => (label === second[voxel] ? label : 0)),
    disagreement: first.map((label, voxel) => (label === second[voxel] ? 0 : 255))
  };
}

/** Once what is shown holds so many records of each of the reads, in the order of `reads`. */
async function whenShown(person: Person, reads: readonly string[], records: readonly number[]): Promise<Shown> {
  await expect
    .poll(async () => {
      const shown = await shownTo(person);
      return shown === null ? null : reads.map(read => shown.records[shown.readers.indexOf(read)]);
    })
    .toEqual(records);
  const shown = await shownTo(person);
  if (shown === null) throw new Error('Nothing is shown.');
  return shown;
}

test.describe('Live consensus', () => {
  test('who watches sees what two people agree on while each of them paints', async ({
    ada,
    ben,
    cara,
    deployment,
    testCase
  }) => {
    const own = await secondRead(deployment, testCase);
    const reads = [testCase.read.id, own.id];
    await Promise.all([ada, ben, cara].map(person => person.openCase(testCase)));
    await ben.page.evaluate(id => window.frontCase().model.joinById(id), own.id);
    await ben.whenCaseIsReady();

    await cara.showCasePanel();
    const layers = cara.page.getByRole('list', { name: 'Live layers' });
    await layers.getByRole('button', { name: 'Consensus (live)' }).click();
    await cara.focusPicture();
    await cara.page.keyboard.press('d');
    await expect(layers.getByRole('button', { name: 'Disagreement (live)' })).toHaveAttribute('aria-pressed', 'true');

    await Promise.all([ada.paint(1, [at(-15, 0), at(10, 0)]), ben.paint(1, [at(-10, 3), at(15, 3)], { radius: 10 })]);
    const first = await whenShown(cara, reads, [1, 1]);
    const painted = agreed(await ada.labels(), await ben.labels());
    expect(first.labels).toEqual(painted.labels);
    expect(first.disagreement).toEqual(painted.disagreement);
    expect(first.labels).toContain(1);
    expect(first.disagreement).toContain(255);

    await ben.paint(2, [at(0, -8), at(0, 8)]);
    await ada.page.keyboard.press('z');
    const second = await whenShown(cara, reads, [2, 2]);
    const after = agreed(await ada.labels(), await ben.labels());
    expect(second.labels).toEqual(after.labels);
    expect(second.disagreement).toEqual(after.disagreement);
    expect(second.labels).not.toContain(1);

    // The network goes and comes back: what was missed is made up for.
    cara.link.cut();
    await ada.page.keyboard.press('Shift+Z');
    cara.link.restore();
    const third = await whenShown(cara, reads, [3, 2]);
    expect(third.labels).toEqual(agreed(await ada.labels(), await ben.labels()).labels);
    await expect(cara.page.locator('.voxcord-Live')).toContainText('2 readers · majority vote for each segment');
    await expect(cara.page.locator('.voxcord-Live-table')).toContainText('Lesion');
  });

  test('where reads are blind, or alone, the list of layers says why there is none', async ({ ben, deployment }) => {
    const study = await newStudy(deployment, 'Live and blind', ['ben']);
    await lockProtocol(deployment, study);
    const [read] = await assign(deployment, study, ['ben']);
    await deployment.call('ben', 'POST', `/reads/${read?.id ?? ''}/begin`);
    await ben.execute('voxcord:open-case', { case: study.case.id });
    await ben.whenCaseIsReady();
    await ben.showCasePanel();
    const note = ben.page.locator('[data-live="unavailable"]');
    await expect(note).toHaveText('Live consensus: The reads of this study are blind.');

    const alone = await deployment.newCase();
    const { reads } = await deployment.call<Case>('ben', 'GET', `/cases/${alone.case.id}`);
    expect(reads).toHaveLength(1);
    await ben.openCase(alone);
    await expect(note).toHaveText('Live consensus: Needs two reads that have begun and that you may see.');
  });
});
