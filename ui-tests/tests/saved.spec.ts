import { expectAgreement } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import { countsOf } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { documentOf, recordsInOrder } from '../support/referenceFold.js';

const at = (x: number, y: number): World => [4 + x, -6 + y, 12];

test.describe('"Saved" is shown only when it is true', () => {
  test('a stroke counts as not saved until the service has it on its disk', async ({ ada, deployment, testCase }) => {
    await ada.openCase(testCase);
    await expect(ada.saved).toHaveText('✓ Saved');

    deployment.pauseService();
    try {
      await ada.paint(1, [at(-10, 0), at(10, 0)]);
      await expect(ada.saved).toHaveText('1 change not saved');
      await ada.paint(1, [at(-10, 10), at(10, 10)]);
      await expect(ada.saved).toHaveText('2 changes not saved');
      const stored = documentOf(await deployment.storedUpdates(testCase.read.id));
      expect(recordsInOrder(stored, testCase.volume.grid.dims)).toHaveLength(0);
    } finally {
      deployment.resumeService();
    }
    await expect(ada.saved).toHaveText('✓ Saved');
    const stored = documentOf(await deployment.storedUpdates(testCase.read.id));
    expect(recordsInOrder(stored, testCase.volume.grid.dims)).toHaveLength(2);
  });

  test('what was painted while the network was down is saved once when it is back', async ({
    ada,
    deployment,
    testCase
  }) => {
    await ada.openCase(testCase);
    await ada.loseNetwork();
    for (const y of [-8, 0, 8]) await ada.paint(2, [at(-12, y), at(12, y)]);
    await expect(ada.saved).toHaveText('3 changes not saved');
    ada.link.restore();
    await expect(ada.saved).toHaveText('✓ Saved');

    const { doc } = await expectAgreement(deployment, testCase, [ada]);
    expect(recordsInOrder(doc, testCase.volume.grid.dims)).toHaveLength(3);
  });

  test('work that is not yet saved survives a reload of the page, once', async ({ ada, deployment, testCase }) => {
    await ada.openCase(testCase);
    deployment.pauseService();
    try {
      await ada.paint(3, [at(-10, -5), at(10, 5)]);
      await expect(ada.saved).toHaveText('1 change not saved');
      // In the browser's own store, which is what survives.
      await expect.poll(() => ada.page.evaluate(() => window.frontCase().model.session?.isAtRisk)).toBe(false);
      await ada.reload();
    } finally {
      deployment.resumeService();
    }
    await ada.openCase(testCase);
    // The page before the reload may still be closing: what it held comes back once it is gone.
    await expect.poll(async () => countsOf(await ada.labels())[3]).toBeGreaterThan(20);
    await expect(ada.saved).toHaveText('✓ Saved');
    const { doc, counts } = await expectAgreement(deployment, testCase, [ada]);
    expect(recordsInOrder(doc, testCase.volume.grid.dims)).toHaveLength(1);
    expect(counts[3]).toBeGreaterThan(20);
  });
});
