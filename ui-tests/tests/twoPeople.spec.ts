import { expectAgreement, settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import type { World } from '../support/screenPlace.js';
import { recordsInOrder } from '../support/referenceFold.js';

const CENTRE: World = [4, -6, 12];
const at = (x: number, y: number, z = 0): World => [CENTRE[0] + x, CENTRE[1] + y, CENTRE[2] + z];

test.describe('Two people paint one read together', () => {
  test('overlapping strokes, painted at the same time, with undo on one side, come out equal everywhere', async ({
    ada,
    ben,
    deployment,
    testCase
  }) => {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);

    for (const round of [0, 1, 2, 3]) {
      const y = -12 + 8 * round;
      await Promise.all([
        ada.paint(1, [at(-20, y), at(0, y + 4), at(20, y)]),
        ben.paint(2, [at(20, y + 2), at(0, y - 2), at(-20, y + 2)])
      ]);
    }
    const before = await expectAgreement(deployment, testCase, [ada, ben]);
    // Whose stroke is the later one is chance; of the earlier one its margins are left.
    expect(before.counts[1]).toBeGreaterThan(50);
    expect(before.counts[2]).toBeGreaterThan(50);

    // Ada takes back her last two strokes while Ben goes on over them; then one of them comes back.
    await Promise.all([
      (async () => {
        await ada.page.keyboard.press('z');
        await ada.page.keyboard.press('z');
      })(),
      ben.paint(3, [at(-10, 14), at(10, 14)])
    ]);
    await ada.page.keyboard.press('Shift+Z');

    const after = await expectAgreement(deployment, testCase, [ada, ben]);
    const records = recordsInOrder(after.doc, testCase.volume.grid.dims);
    expect(records.filter(({ record }) => record.kind === 'stroke')).toHaveLength(9);
    expect(records.filter(({ record }) => record.kind === 'visibility')).toHaveLength(3);
    expect(after.counts[3]).toBeGreaterThan(50);
    expect(after.counts[1]).not.toBe(before.counts[1]);
  });

  test('undo takes back nothing that somebody else has painted', async ({ ada, ben, deployment, testCase }) => {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
    await ada.paint(1, [at(-15, 0), at(15, 0)]);
    await settle(ada, ben);
    await ben.paint(2, [at(0, -15), at(0, 15)]);
    await settle(ada, ben);
    const painted = await expectAgreement(deployment, testCase, [ada, ben]);

    await ada.page.keyboard.press('z');
    await ada.page.keyboard.press('z');
    await expect.poll(async () => (await ben.labels()).includes(1)).toBe(false);
    const undone = await expectAgreement(deployment, testCase, [ada, ben]);
    expect(undone.counts).toEqual({ 2: painted.counts[2] });
  });

  test('each sees who else is there, under the name that the server has verified', async ({ ada, ben, testCase }) => {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
    const namesSeenBy = (person: typeof ada) =>
      person.page.evaluate(() =>
        (window.frontCase().model.session?.people.present() ?? []).map(({ user }) => user.displayName).sort()
      );
    for (const person of [ada, ben]) {
      await expect.poll(() => namesSeenBy(person)).toEqual(['Ada Okafor', 'Ben Lindqvist']);
    }
  });

  test("another's pointer shows while it moves over the picture, at its place in the patient", async ({
    ada,
    ben,
    testCase
  }) => {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
    await ben.choose({ tool: 'brush', segment: 2, radius: 10 });
    await ben.goTo(CENTRE);
    const target = at(12, -8);
    const { x, y } = await ben.pixelOf('axial', target);
    await ben.page.mouse.move(x - 5, y);
    await ben.page.mouse.move(x, y);
    const cursor = () =>
      ada.page.evaluate(() => {
        const others =
          window
            .frontCase()
            .model.session?.people.present()
            .filter(({ isMe }) => !isMe) ?? [];
        return others[0]?.cursor?.world ?? null;
      });
    await expect
      .poll(async () => {
        const world = await cursor();
        return world === null ? null : Math.hypot(...world.map((value, axis) => value - (target[axis] ?? 0)));
      })
      // Pixels of the screen are whole numbers.
      .toBeLessThan(0.5);
  });

  test('a segment that one person adds is there for the other', async ({ ada, ben, testCase }) => {
    await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
    await ada.page.evaluate(() => window.frontCase().model.session?.addSegment({ name: 'Necrosis' }));
    await expect
      .poll(() => ben.page.evaluate(() => window.frontCase().model.segments.map(({ name }) => name)))
      .toEqual(['Lesion', 'Oedema', 'Vessel', 'Necrosis']);
  });
});
