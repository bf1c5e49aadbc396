import path from 'node:path';
import type { Read, Revision } from '@voxcord/schemas/api';
import type { Browser } from '@playwright/test';
import { settle } from '../support/agreement.js';
import type { Deployment } from '../support/deployment.js';
import { expect, test } from '../support/fixtures.js';
import { countsOf, Person } from '../support/person.js';
import { flipBit, verifyByBoth } from '../support/releaseFolder.js';
import { acceptConsensusEverywhere, beginAdjudication, compute, consensusOf, openReview } from '../support/review.js';
import { adjudicate, expectEnginesAgree, signDecisions } from '../support/story/decisions.js';
import { addPeople, assignReaders, startCase, writeProtocol } from '../support/story/lead.js';
import { beginFromMyReads, expectBlind, submit } from '../support/story/readers.js';
import { compareReleases, downloadAndVerify, release, releaseIn, truthFile } from '../support/story/releases.js';
import { nodule, paintAll, type Reader, READERS, signsFirst, type Story, STROKES } from '../support/story/story.js';
import { Traffic } from '../support/traffic.js';

function revisionsOf(deployment: Deployment, reader: Reader, read: Read): Promise<Revision[]> {
  return deployment.call<Revision[]>(reader, 'GET', `/reads/${read.id}/revisions`);
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
  test.setTimeout(480_000);
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
      await expectBlind(deployment, project, readers, reads, traffic);
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
      await esi.lookAgain();
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
