import type { Case, Read } from '@voxcord/schemas/api';
import { expect } from '@playwright/test';
import { settle } from '../agreement.js';
import type { Deployment } from '../deployment.js';
import type { Person } from '../person.js';
import { sign, signFirst } from '../review.js';
import { occursIn, type Traffic } from '../traffic.js';
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

/** Nothing of the others is on a reader's page, in what the service answers, or in anything that the browser got. */
export async function expectBlind(
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
