import { expectAgreement, settle } from '../support/agreement.js';
import { Deployment } from '../support/deployment.js';
import { expect, test } from '../support/fixtures.js';
import { Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { recordsInOrder } from '../support/referenceFold.js';

const at = (x: number, y: number): World => [4 + x, -6 + y, 12];

test('a laptop that slept while the other went on painting, and the service compacted, unloaded and restarted, merges exactly', async ({
  browser
}) => {
  test.setTimeout(300_000);
  const deployment = await Deployment.start({ isImpatient: true });
  const testCase = await deployment.newCase();
  const ada = await Person.signIn(browser, deployment, 'ada');
  const ben = await Person.signIn(browser, deployment, 'ben');
  try {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
    for (const y of [-20, -10, 0, 10, 20]) {
      await Promise.all([ada.paint(1, [at(-20, y), at(10, y + 4)]), ben.paint(2, [at(20, y), at(-10, y + 4)])]);
    }
    await settle(ada, ben);

    await ben.loseNetwork();
    for (const x of [-15, -5, 5, 15, 25]) await ada.paint(3, [at(x, -18), at(x, 18)], { radius: 4 });
    for (const y of [-12, 0, 12]) await ben.paint(2, [at(-18, y), at(18, y)], { radius: 5 });
    await ben.page.keyboard.press('z');
    await expect(ben.saved).toHaveText('4 changes not saved');
    await settle(ada);
    await ada.closeAll();
    await expect.poll(() => deployment.log).toContain('label map compacted');
    await expect.poll(() => deployment.log).toContain('room unloaded');
    await deployment.restart();

    await ada.reload();
    await ada.openCase(testCase);
    ben.link.restore();
    await expect(ben.saved).toHaveText('✓ Saved', { timeout: 60_000 });

    const { doc, counts } = await expectAgreement(deployment, testCase, [ada, ben]);
    const records = recordsInOrder(doc, testCase.volume.grid.dims);
    expect(records.filter(({ record }) => record.kind === 'stroke')).toHaveLength(10 + 5 + 3);
    expect(records.filter(({ record }) => record.kind === 'visibility')).toHaveLength(1);
    for (const segment of [1, 2, 3]) expect(counts[segment], `voxels of segment ${segment}`).toBeGreaterThan(50);
  } finally {
    await ada.leave();
    await ben.leave();
    await deployment.stop();
  }
});
