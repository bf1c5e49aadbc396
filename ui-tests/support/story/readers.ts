import type { Case, Project, Read } from '@voxcord/schemas/api';
import { expect } from '@playwright/test';
import { settle } from '../agreement.js';
import type { Deployment } from '../deployment.js';
import type { Person } from '../person.js';
import { sign, signFirst } from '../review.js';
import { pathsOf, type Piece, type Traffic } from '../traffic.js';
import { homeOf, NAMES, type Reader, READERS, STROKES } from './story.js';

export async function beginFromMyReads(reader: Person, read: Read): Promise<void> {
  await reader.execute('voxcord:open-home');
  await homeOf(reader).locator(`[data-my-read="${read.id}"]`).getByRole('button', { name: 'Begin' }).click();
  await reader.whenCaseIsReady();
  await reader.showCasePanel();
  await expect(reader.page.locator('.voxcord-Blind')).toBeVisible();
}

export async function submit(reader: Person, isFirst: boolean): Promise<void> {
  await settle(reader);
  await reader.page.getByRole('button', { name: 'Submit read…' }).click();
  if (isFirst) await signFirst(reader, 'Sign and submit');
  else await sign(reader, 'Sign and submit');
}

/** People who read one case blind may know one another from projects where nothing is hidden. */
function isOfAnotherProject({ path }: Piece, project: Project): boolean {
  const id = /\/projects\/([^/]+)/.exec(path)?.[1];
  return id !== undefined && id !== project.id;
}

/** Nothing of the others is on a reader's page, in what the service answers, or in anything that the browser got. */
export async function expectBlind(
  deployment: Deployment,
  project: Project,
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
      .filter(update => sent.some(frame => frame.includes(update)));
    expect(strokes[reader].length, `strokes that ${reader} sent`).toBeGreaterThanOrEqual(STROKES[reader].length);
  }
  for (const reader of READERS) {
    const others = READERS.filter(other => other !== reader);
    const received = await traffic[reader].received();
    const ofStudy = received.filter(piece => !isOfAnotherProject(piece, project));
    expect(pathsOf(received, NAMES[reader][1]), `${reader} gets their own name`).not.toEqual([]);
    expect(traffic[reader].rooms, `rooms of ${reader}`).toContain(`read:${reads[reader].id}`);
    const seen = await deployment.call<Case>(reader, 'GET', `/cases/${reads[reader].caseId}`);
    expect(seen.reads.map(({ id }) => id)).toEqual([reads[reader].id]);
    for (const other of others) {
      await expect(deployment.call(reader, 'GET', `/reads/${reads[other].id}`)).rejects.toThrow('404');
      for (const name of NAMES[other]) {
        await expect(readers[reader].page.locator('body')).not.toContainText(name);
        expect(pathsOf(ofStudy, name), `${reader} gets the name ${name}`).toEqual([]);
      }
      expect(pathsOf(received, reads[other].id), `${reader} gets the read of ${other}`).toEqual([]);
      for (const stroke of strokes[other]) {
        expect(pathsOf(received, stroke), `${reader} gets a stroke of ${other}`).toEqual([]);
      }
    }
  }
}
