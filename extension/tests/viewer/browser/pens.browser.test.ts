import type { CDPSession, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isErasingPen } from '../../../src/viewer/pointerInput.js';
import { CHROMIUM } from './chromium.js';
import { placeOf, ViewerPages } from './viewerPage.js';

const reason = CHROMIUM === undefined ? ' (skipped: no Chromium on this machine)' : '';

interface Place {
  readonly x: number;
  readonly y: number;
}

let pages: ViewerPages;
let page: Page;
let session: CDPSession;
let trouble: string[] = [];

describe('a pen', () => {
  it('erases with its eraser end and its barrel button, however the driver tells it', () => {
    const pen = (button: number, buttons: number): boolean => isErasingPen({ pointerType: 'pen', button, buttons });
    expect([pen(5, 32), pen(2, 2), pen(0, 3), pen(-1, 34), pen(0, 33)]).toEqual([true, true, true, true, true]);
    expect([pen(0, 1), pen(-1, 0)]).toEqual([false, false]);
    expect(isErasingPen({ pointerType: 'mouse', button: 2, buttons: 2 })).toBe(false);
  });
});

describe.skipIf(CHROMIUM === undefined)(`strokes of pens and rules of painting${reason}`, () => {
  beforeAll(async () => {
    pages = await ViewerPages.start();
  }, 180_000);

  afterAll(() => pages.close());

  beforeEach(async () => {
    trouble = [];
    page = await pages.open(trouble);
    session = await page.context().newCDPSession(page);
    await page.evaluate(() => {
      const { viewer } = window.harness;
      viewer.tool = 'brush';
      viewer.segment = 1;
      viewer.brush = { shape: 'disc', radiusMm: 8 };
      viewer.crosshair = window.harness.world([30, 23, 11]);
    });
  }, 90_000);

  afterEach(async () => {
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('have the size of the brush, however hard the pen presses', async () => {
    await pen(await placeOf(page, 'axial', [30, 23, 11]), { force: 0.2 });
    const light = await count(1);
    await pen(await placeOf(page, 'axial', [30, 23, 11]), { force: 0.9 });
    expect(light).toBeGreaterThan(100);
    expect(await count(1)).toBe(light);
  });

  it('have the size of the pressure where that is set', async () => {
    await page.evaluate(() => window.harness.viewer.changeSettings({ pressureSize: true }));
    await pen(await placeOf(page, 'axial', [30, 23, 11]), { force: 0.2 });
    const light = await count(1);
    await pen(await placeOf(page, 'axial', [30, 23, 11]), { force: 1 });
    const hard = await count(1);
    expect(light).toBeGreaterThan(10);
    expect(hard).toBeGreaterThan(4 * light);
    await press(await placeOf(page, 'coronal', [30, 23, 11]));
    expect(await page.evaluate(() => window.harness.commits.at(-1)?.region.mask.length)).toBeGreaterThan(100);
  });

  it('get thinner on the way as the pen is lifted, in one stroke', async () => {
    await page.evaluate(() => window.harness.viewer.changeSettings({ pressureSize: true }));
    const [from, to] = [await placeOf(page, 'axial', [15, 23, 11]), await placeOf(page, 'axial', [45, 23, 11])];
    await send('mousePressed', from, { force: 1, button: 'left', buttons: 1 });
    await send('mouseMoved', to, { force: 0.1, button: 'left', buttons: 1 });
    await send('mouseReleased', to, { force: 0, button: 'left', buttons: 0 });
    const widths = await page.evaluate(() => {
      const { bitmap, dims } = window.harness.layer.labelMap;
      const width = (i: number): number => {
        let sum = 0;
        for (let j = 0; j < dims[1]; j++) sum += bitmap[i + dims[0] * (j + dims[1] * 11)] === 0 ? 0 : 1;
        return sum;
      };
      return [width(15), width(45)] as const;
    });
    expect(widths[0]).toBeGreaterThan(2 * widths[1]);
    expect(widths[1]).toBeGreaterThan(0);
    expect(await page.evaluate(() => window.harness.events)).toEqual(['begin', 'commit']);
  });

  it('erase with the barrel button', async () => {
    const at = await placeOf(page, 'axial', [30, 23, 11]);
    await pen(at, { force: 0.5 });
    expect(await count(1)).toBeGreaterThan(100);
    await send('mousePressed', at, { force: 0.5, button: 'right', buttons: 2 });
    await send('mouseReleased', at, { force: 0, button: 'right', buttons: 0 });
    expect(await count(1)).toBe(0);
    expect(await page.evaluate(() => window.harness.commits.map(({ tool }) => tool))).toEqual(['brush', 'eraser']);
  });

  it('erase with the eraser end', async () => {
    const at = await placeOf(page, 'axial', [30, 23, 11]);
    await pen(at, { force: 0.5 });
    await page.evaluate(({ x, y }) => {
      const stage = document.querySelector('.vx-Stage');
      if (stage === null) throw new Error('There is no stage.');
      // Only pointers of a real device can be captured.
      stage.setPointerCapture = () => undefined;
      const event = { pointerType: 'pen', pointerId: 77, clientX: x, clientY: y, pressure: 0.5, bubbles: true };
      stage.dispatchEvent(new PointerEvent('pointerdown', { ...event, button: 5, buttons: 32 }));
      stage.dispatchEvent(new PointerEvent('pointerup', { ...event, button: 5, buttons: 0 }));
    }, at);
    expect(await count(1)).toBe(0);
  });

  it('tell when they begin and end, though the pointer rests', async () => {
    const at = await placeOf(page, 'axial', [30, 23, 11]);
    const painting = (): Promise<boolean | undefined> => page.evaluate(() => window.harness.cursors.at(-1)?.painting);
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await expect.poll(painting).toBe(true);
    await page.mouse.up();
    await expect.poll(painting).toBe(false);
    await page.mouse.down();
    await expect.poll(painting).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(painting).toBe(false);
    await page.mouse.up();
  });

  it('leave other segments alone where only background may be painted, and the eraser takes all', async () => {
    const at = await placeOf(page, 'axial', [30, 23, 11]);
    await page.evaluate(() => (window.harness.viewer.brush = { shape: 'disc', radiusMm: 4 }));
    await press(at);
    const first = await count(1);
    await page.evaluate(() => {
      const { viewer } = window.harness;
      viewer.segment = 2;
      viewer.paintOver = 'background';
      viewer.brush = { shape: 'disc', radiusMm: 8 };
    });
    await press(at);
    expect(await count(1)).toBe(first);
    const ring = await count(2);
    expect(ring).toBeGreaterThan(first);
    expect(await recorded()).toBe(ring);
    await page.evaluate(() => (window.harness.viewer.tool = 'eraser'));
    await press(at);
    expect([await count(1), await count(2)]).toEqual([0, 0]);
  });

  it('change only the segments that they may', async () => {
    const at = await placeOf(page, 'axial', [30, 23, 11]);
    await page.evaluate(() => (window.harness.viewer.brush = { shape: 'disc', radiusMm: 4 }));
    await press(at);
    const first = await count(1);
    await page.evaluate(() => {
      const { viewer } = window.harness;
      viewer.segment = 3;
      viewer.paintOver = { segments: [1] };
      viewer.brush = { shape: 'disc', radiusMm: 8 };
    });
    await press(at);
    expect([await count(1), await count(3), await recorded()]).toEqual([0, first, first]);
    await page.evaluate(() => (window.harness.viewer.paintOver = { segments: [2] }));
    await press(at);
    expect(await page.evaluate(() => window.harness.events.at(-1))).toBe('cancel');
  });

  it('take only what has a value in the range', async () => {
    await page.evaluate(() => {
      window.harness.viewer.brush = { shape: 'sphere', radiusMm: 40 };
      window.harness.viewer.paintRange = [300, 2000];
    });
    await press(await placeOf(page, 'axial', [30, 23, 11]));
    const values = await page.evaluate(() => {
      const { layer, viewer } = window.harness;
      const [inside, outside]: [number[], number[]] = [[], []];
      layer.labelMap.bitmap.forEach((label, index) => {
        (label === 0 ? outside : inside).push(viewer.picture?.valueOf(index) ?? NaN);
      });
      return {
        lowest: Math.min(...inside),
        painted: inside.length,
        left: outside.filter(value => value >= 300).length
      };
    });
    expect(values.painted).toBeGreaterThan(1000);
    expect(values.lowest).toBe(700);
    expect(values.left).toBe(0);
  });
});

async function send(
  type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
  { x, y }: Place,
  { force, button, buttons }: { force: number; button: 'left' | 'right'; buttons: number }
): Promise<void> {
  await session.send('Input.dispatchMouseEvent', {
    type,
    x,
    y,
    button,
    buttons,
    force,
    pointerType: 'pen',
    clickCount: 1
  });
}

/** One touch of a pen. */
async function pen(at: Place, { force }: { force: number }): Promise<void> {
  await send('mousePressed', at, { force, button: 'left', buttons: 1 });
  await send('mouseReleased', at, { force: 0, button: 'left', buttons: 0 });
}

async function press(at: Place): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.up();
}

/** Voxels of a segment in the label array. */
function count(segment: number): Promise<number> {
  return page.evaluate(
    number => window.harness.layer.labelMap.bitmap.reduce((sum, label) => sum + (label === number ? 1 : 0), 0),
    segment
  );
}

/** Voxels in the record of the last stroke. */
function recorded(): Promise<number | undefined> {
  return page.evaluate(() =>
    window.harness.commits.at(-1)?.region.mask.reduce((sum, one) => sum + (one === 0 ? 0 : 1), 0)
  );
}
