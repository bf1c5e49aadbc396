import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/support/project.mjs';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import type { Person, World } from '../support/person.js';

const IMAGES = path.join(root, 'docs', 'images');

const VIEWS = [
  { name: 'two-people', theme: 'JupyterLab Light', width: 1440, height: 900 },
  { name: 'two-people-dark', theme: 'JupyterLab Dark', width: 1440, height: 900 },
  { name: 'two-people-narrow', theme: 'JupyterLab Light', width: 1024, height: 768 }
] as const;

/** In the space of the demonstration volume: the lateral ventricles and a made-up lesion in the white matter. */
const RIGHT_VENTRICLE: readonly World[] = [
  [12, 28, 12],
  [15, 14, 12],
  [17, -2, 12],
  [19, -22, 12]
];
const LEFT_VENTRICLE: readonly World[] = RIGHT_VENTRICLE.map(([x, y, z]) => [-x, y, z]);
const LESION: readonly World[] = [
  [-34, 12, 12],
  [-30, 8, 12],
  [-36, 4, 12],
  [-32, 14, 12]
];
const CORTEX: readonly World[] = [
  [30, 48, 12],
  [38, 40, 12],
  [44, 30, 12]
];

async function show(person: Person, view: (typeof VIEWS)[number]): Promise<void> {
  await person.page.setViewportSize({ width: view.width, height: view.height });
  await person.execute('apputils:change-theme', { theme: view.theme });
}

test('pictures of two people painting', async ({ ada, ben, deployment }) => {
  const testCase = await deployment.demoCase();
  await mkdir(IMAGES, { recursive: true });
  await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);
  for (const person of [ada, ben]) await person.page.setViewportSize({ width: 1440, height: 900 });

  await ada.paint(3, RIGHT_VENTRICLE, { radius: 5 });
  await ada.paint(3, LEFT_VENTRICLE, { radius: 5 });
  await ben.paint(1, CORTEX, { radius: 4 });
  await ben.paint(4, LESION, { radius: 6 });
  await settle(ada, ben);

  for (const view of VIEWS) {
    await show(ada, view);
    await ada.choose({ tool: 'brush', segment: 3 });
    await ada.goTo([17, -2, 12]);

    // Ben is in the middle of a stroke.
    await ben.choose({ tool: 'brush', segment: 4, radius: 6 });
    await ben.goTo([-34, 12, 12]);
    const from = await ben.pixelOf('axial', [-30, -6, 12]);
    const to = await ben.pixelOf('axial', [-36, -18, 12]);
    await ben.page.mouse.move(from.x, from.y);
    await ben.page.mouse.down();
    await ben.page.mouse.move(to.x, to.y, { steps: 12 });
    await expect
      .poll(() =>
        ada.page.evaluate(() =>
          window
            .frontCase()
            .model.session?.people.present()
            .some(({ isMe, cursor }) => !isMe && cursor?.painting === true)
        )
      )
      .toBe(true);
    await ada.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await ada.page.screenshot({ path: path.join(IMAGES, `${view.name}.png`) });
    // Given up: the next picture begins with the same labels.
    await ben.page.keyboard.press('Escape');
    await ben.page.mouse.up();
  }
});
