import { setTimeout as delay } from 'node:timers/promises';
import { expectAgreement } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import type { Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { recordsInOrder } from '../support/referenceFold.js';

const SEED = 20_260_711;
const KILLS = 5;
const STROKES_PER_KILL = 4;

/** Numbers in [0, 1), the same ones for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('a service that is killed while two people paint loses and doubles nothing, and both browsers come back by themselves', async ({
  ada,
  ben,
  deployment,
  testCase
}) => {
  test.setTimeout(300_000);
  console.log(`seed ${SEED}`);
  const random = seeded(SEED);
  await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);

  const point = (): World => [4 + 40 * (random() - 0.5), -6 + 40 * (random() - 0.5), 12];
  const paintSome = async (person: Person, segment: number, paths: readonly World[][]): Promise<void> => {
    for (const path of paths) await person.paint(segment, path);
  };
  const paths = (): World[][] => Array.from({ length: STROKES_PER_KILL }, () => [point(), point()]);

  const killed = new Set<number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const moment = 2000 * random();
    const [hers, his] = [paths(), paths()];
    await Promise.all([
      paintSome(ada, 1, hers),
      paintSome(ben, 2, his),
      // The moment is the point of this test: anywhere within the strokes.
      delay(moment).then(() => killed.add(deployment.killService()))
    ]);
    await expect(ada.saved).toHaveText('✓ Saved');
    await expect(ben.saved).toHaveText('✓ Saved');
    await expect.poll(() => killed.has(deployment.servicePid ?? 0)).toBe(false);
  }
  expect(killed.size).toBe(KILLS);

  const { doc } = await expectAgreement(deployment, testCase, [ada, ben]);
  const strokes = recordsInOrder(doc, testCase.volume.grid.dims);
  const painted = (segment: number): number =>
    strokes.filter(({ record }) => record.kind === 'stroke' && record.segment === segment).length;
  expect(painted(1), 'strokes of Ada').toBe(KILLS * STROKES_PER_KILL);
  expect(painted(2), 'strokes of Ben').toBe(KILLS * STROKES_PER_KILL);
});
