import { expect } from '@playwright/test';
import type * as Y from 'yjs';
import type { Deployment, TestCase } from './deployment.js';
import type { ExportedLabels } from './nibabel.js';
import { countsOf, hashOf, type Person } from './person.js';
import { documentOf, referenceFold } from './referenceFold.js';

/** Waits until everything that these people have painted is acknowledged and on all their screens. */
export async function settle(...people: readonly Person[]): Promise<void> {
  for (const person of people) {
    // The status bar is drawn a moment after a stroke has ended: what it tells may be of before.
    await expect.poll(() => person.saveState()).toBe('saved');
    await expect(person.saved).toHaveAttribute('data-save-state', 'saved');
  }
  const [first, ...others] = people;
  for (const other of others) {
    await expect.poll(async () => (await other.labelsHash()) === (await first?.labelsHash())).toBe(true);
  }
}

export interface Agreed {
  readonly labels: Uint8Array;
  /** Voxels per segment number. */
  readonly counts: Readonly<Record<number, number>>;
  readonly exported: ExportedLabels;
  /** The document that the stored log amounts to. */
  readonly doc: Y.Doc;
}

/**
 * Every place where the label map is says the same: all browsers, `voxcord export`, and a fold of the stored log by the
 * definition. For a read that has not been compacted.
 */
export async function expectAgreement(
  deployment: Deployment,
  of: TestCase,
  people: readonly Person[]
): Promise<Agreed> {
  await settle(...people);
  const doc = documentOf(await deployment.storedUpdates(of.read.id));
  const reference = referenceFold(doc, of.volume.grid.dims);
  for (const person of people) {
    expect(hashOf(await person.labels()), `labels in the browser of ${person.username}`).toBe(hashOf(reference));
  }
  const exported = await deployment.exportLabels(of);
  expect(exported.sameGrid, 'the export is on the grid of the volume').toBe(true);
  expect(hashOf(exported.canonical), 'exported labels').toBe(hashOf(reference));
  return { labels: reference, counts: countsOf(reference), exported, doc };
}
