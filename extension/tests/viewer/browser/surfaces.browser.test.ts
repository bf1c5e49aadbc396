import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.js';
import { placeOf, ViewerPages } from './viewerPage.js';

const reason = CHROMIUM === undefined ? ' (skipped: no Chromium on this machine)' : '';

let pages: ViewerPages;
let page: Page;
let trouble: string[] = [];

describe.skipIf(CHROMIUM === undefined)(`the 3D picture${reason}`, { timeout: 120_000 }, () => {
  beforeAll(async () => {
    pages = await ViewerPages.start();
  }, 180_000);

  afterAll(() => pages.close());

  beforeEach(async () => {
    trouble = [];
    page = await pages.open(trouble);
    await isSharp();
  }, 90_000);

  afterEach(async () => {
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('shows the image before anything is painted', async () => {
    const [red, green, blue] = await colourInTheMiddle();
    expect(Math.min(red, green, blue)).toBeGreaterThan(40);
  });

  it('shows what is painted, through the image in front of it, in the colour of its segment', async () => {
    await paintBall([30, 23, 11], 7, 3);
    await isSharp();
    const [red, , blue] = await colourInTheMiddle();
    expect(blue).toBeGreaterThan(red + 30);
  });

  it('is the same drawn piece by piece, where something changed, as drawn all anew', async () => {
    for (const [place, radius, segment] of [
      [[30, 23, 11], 6, 1],
      [[44, 12, 17], 3, 2],
      [[2, 2, 1], 4, 3],
      [[33, 20, 12], 3, 0]
    ] as const) {
      await paintBall(place, radius, segment);
      await isSharp();
    }
    const inPieces = await picture();
    await page.evaluate(() => window.harness.viewer.setLabels(window.harness.layer));
    await page.evaluate(() => window.harness.frame());
    await isSharp();
    expect(await picture()).toEqual(inPieces);
  });

  it('turns with the pointer, coarsely, and gets sharp when it rests', async () => {
    const before = await picture();
    const middle = await middleOfPane();
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 60, middle.y + 20, { steps: 4 });
    await page.evaluate(() => window.harness.frame());
    expect(await page.evaluate(() => window.harness.viewer.picture?.isSharp)).toBe(false);
    await page.mouse.up();
    await isSharp();
    const turned = await picture();
    expect(turned).not.toEqual(before);
    await page.evaluate(() => {
      const { viewer } = window.harness;
      const { turn } = viewer.getState();
      viewer.resetView();
      viewer.setState({ ...viewer.getState(), turn });
    });
    await page.evaluate(() => window.harness.frame());
    await isSharp();
    expect(await picture()).toEqual(turned);
  });

  it('waits while a stroke is painted', async () => {
    await page.evaluate(() => {
      const { viewer } = window.harness;
      viewer.tool = 'brush';
      viewer.segment = 1;
      viewer.crosshair = window.harness.world([30, 23, 11]);
    });
    await isSharp();
    const before = await picture();
    const from = await placeOf(page, 'axial', [20, 20, 11]);
    const to = await placeOf(page, 'axial', [40, 26, 11]);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 6 });
    const drawn = await page.evaluate(async () => {
      const { gl } = window.harness.viewer.picture ?? {};
      if (gl === undefined) throw new Error('There is no picture.');
      let fences = 0;
      const fenceSync = gl.fenceSync.bind(gl);
      gl.fenceSync = (condition, flags) => {
        fences++;
        return fenceSync(condition, flags);
      };
      window.harness.viewer.crosshair = window.harness.world([28, 21, 11]);
      await new Promise(resolve => setTimeout(resolve, 600));
      return fences;
    });
    expect(drawn).toBe(0);
    expect(await page.evaluate(() => window.harness.viewer.picture?.isSharp)).toBe(false);
    expect(await picture()).toEqual(before);
    await page.mouse.up();
    await isSharp();
    expect(await picture()).not.toEqual(before);
  });

  it('is not drawn where it is not in sight, and is there when it comes into sight', async () => {
    await page.evaluate(() => (window.harness.viewer.paneLayout = 'axial'));
    await page.evaluate(() => window.harness.frame());
    await page.evaluate(() => (window.harness.viewer.paneLayout = '3d'));
    await isSharp();
    const [red, green, blue] = await colourInTheMiddle();
    expect(Math.min(red, green, blue)).toBeGreaterThan(40);
  });
});

async function isSharp(): Promise<void> {
  await page.evaluate(() => window.harness.frame());
  await page.waitForFunction(() => window.harness.viewer.picture?.isSharp === true, null, { timeout: 60_000 });
  await page.evaluate(() => window.harness.frame());
}

/** Paints a ball of voxels as if it came from somebody else; segment 0 erases. */
function paintBall(centre: readonly [number, number, number], radius: number, segment: number): Promise<void> {
  return page.evaluate(
    ([[ci, cj, ck], reach, label]) => {
      const { harness } = window;
      const { layer } = harness;
      const [ni, nj, nk] = layer.labelMap.dims;
      const mask = new Uint8Array(ni * nj * nk);
      for (let index = 0; index < mask.length; index++) {
        const [i, j, k] = [index % ni, Math.floor(index / ni) % nj, Math.floor(index / ni / nj)];
        if (Math.hypot(i - ci, j - cj, k - ck) <= reach) mask[index] = 1;
      }
      layer.markDirty(harness.keep({ box: { min: [0, 0, 0], max: [ni - 1, nj - 1, nk - 1] }, mask }, label));
    },
    [centre, radius, segment] as const
  );
}

async function pane(): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator('[data-pane="3d"]').boundingBox();
  if (box === null) throw new Error('There is no 3D pane.');
  return box;
}

async function middleOfPane(): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await pane();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

/** The pane as the browser shows it, as a PNG in base64. */
async function picture(): Promise<string> {
  await page.evaluate(() => window.harness.frame());
  return (await page.screenshot({ clip: await pane() })).toString('base64');
}

async function colourInTheMiddle(): Promise<readonly [number, number, number]> {
  const { x, y } = await middleOfPane();
  const png = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return [red, green, blue] as const;
  }, png.toString('base64'));
}
