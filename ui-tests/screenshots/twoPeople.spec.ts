import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/support/project.mjs';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import type { Person } from '../support/person.js';
import type { World } from '../support/screenPlace.js';

const IMAGES = path.join(root, 'docs', 'images');

const VIEWS = [
  { name: 'two-people', theme: 'JupyterLab Light', width: 1440, height: 900 },
  { name: 'two-people-dark', theme: 'JupyterLab Dark', width: 1440, height: 900 },
  { name: 'two-people-narrow', theme: 'JupyterLab Light', width: 1024, height: 768 }
] as const;

/** In the space of the demonstration volume: horns of the lateral ventricles, and a made-up lesion in the white matter. */
const FRONT_HORN: readonly World[] = [
  [4, 20, 12],
  [7, 14, 12],
  [10, 7, 12]
];
const BACK_HORN: readonly World[] = [
  [18, -33, 12],
  [21, -40, 12],
  [23, -47, 12]
];
const LESION: readonly World[] = [
  [-33, 26, 12],
  [-29, 21, 12],
  [-34, 17, 12],
  [-30, 28, 12]
];

const mirrored = (path: readonly World[]): readonly World[] => path.map(([x, y, z]) => [-x, y, z]);

async function show(person: Person, view: (typeof VIEWS)[number]): Promise<void> {
  await person.page.setViewportSize({ width: view.width, height: view.height });
  await person.execute('apputils:change-theme', { theme: view.theme });
}

test('pictures of two people painting', async ({ ada, ben, deployment }) => {
  const testCase = await deployment.demoCase();
  await mkdir(IMAGES, { recursive: true });
  for (const person of [ada, ben]) await person.page.setViewportSize({ width: 1440, height: 900 });
  await Promise.all([ada.openCase(testCase), ben.openCase(testCase)]);

  await ada.paint(3, FRONT_HORN, { radius: 3 });
  await ada.paint(3, mirrored(FRONT_HORN), { radius: 3 });
  await ada.paint(3, BACK_HORN, { radius: 4 });
  await ada.paint(3, mirrored(BACK_HORN), { radius: 4 });
  await ben.paint(4, LESION, { radius: 5 });
  await settle(ada, ben);

  for (const view of VIEWS) {
    await show(ada, view);
    await ada.choose({ tool: 'brush', segment: 3 });
    await ada.goTo([21, -40, 12]);

    // Ben is in the middle of a stroke.
    await ben.choose({ tool: 'brush', segment: 4, radius: 6 });
    await ben.goTo([-33, 26, 12]);
    const from = await ben.pixelOf('axial', [-27, -12, 12]);
    const to = await ben.pixelOf('axial', [-33, -24, 12]);
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
    // The 3D view draws coarsely at first.
    await ada.page.waitForTimeout(9000);
    await ada.page.screenshot({ path: path.join(IMAGES, `${view.name}.png`) });
    // Given up: the next picture begins with the same labels.
    await ben.page.keyboard.press('Escape');
    await ben.page.mouse.up();
  }
});
