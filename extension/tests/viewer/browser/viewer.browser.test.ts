import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plane, Vector } from '../../../src/viewer/contracts.js';
import { bundlePage } from './bundlePage.js';
import { CHROMIUM, launchChromium } from './chromium.js';
import type {} from './page.js';
import { type PageServer, servePage } from './servePage.js';
import { OBLIQUE } from './syntheticVolume.js';

const PLANES: readonly Plane[] = ['axial', 'coronal', 'sagittal'];
const NORMAL = { axial: 2, coronal: 1, sagittal: 0 } as const;
const WINDOW = { width: 1000, height: 760 };

interface Painted {
  readonly voxel: Vector;
  readonly label: number;
}

let folder = '';
let server: PageServer;
let browser: Browser;
let page: Page;
let trouble: string[] = [];
let requests: string[] = [];

const reason = CHROMIUM === undefined ? ' (skipped: no Chromium on this machine)' : '';

describe.skipIf(CHROMIUM === undefined)(`the viewer in a browser${reason}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'viewer-page-'));
    await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)), folder);
    server = await servePage(folder);
    browser = await launchChromium();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    trouble = [];
    requests = [];
    page = await browser.newPage({ viewport: WINDOW, hasTouch: true });
    page.on('pageerror', error => trouble.push(error.stack ?? error.message));
    page.on('request', request => requests.push(request.url()));
    await page.goto(server.url);
    await page.waitForFunction(() => 'harness' in window || document.body.dataset['error'] !== undefined);
    expect(await page.evaluate(() => document.body.dataset['error'])).toBeUndefined();
  }, 60_000);

  afterEach(async () => {
    expect(trouble).toEqual([]);
    await page.close();
  });

  it('asks nobody for anything but its own page', () => {
    const paths = requests.map(url => new URL(url)).filter(url => url.protocol.startsWith('http'));
    expect(paths.filter(url => !server.url.startsWith(url.origin))).toEqual([]);
    const others = paths.map(url => url.pathname).filter(path => !/^\/(page\.(js|css)|\d+\.chunk\.js)?$/.test(path));
    expect(others).toEqual([]);
  });

  for (const plane of PLANES) {
    it(`paints a disc where the pointer is in the ${plane} plane, on the bitmap and on the graphics card`, async () => {
      const target: Vector = [40, 31, 8];
      await brush({ radiusMm: 4 });
      await lookAt(target);
      await press(await place(plane, target));
      const painted = await labels();
      expect(painted.length).toBeGreaterThan(1);
      const { spacing } = OBLIQUE;
      const off = (voxel: Vector, axis: number): number =>
        ((voxel[axis] ?? 0) - (target[axis] ?? 0)) * (spacing[axis] ?? 1);
      for (const { voxel, label } of painted) {
        expect(label).toBe(1);
        expect(voxel[NORMAL[plane]]).toBe(target[NORMAL[plane]]);
        expect(Math.hypot(off(voxel, 0), off(voxel, 1), off(voxel, 2))).toBeLessThanOrEqual(4 + 1.6);
      }
      const count = expectedDisc(plane, target, 4);
      expect(painted.length).toBeGreaterThanOrEqual(0.8 * count);
      expect(painted.length).toBeLessThanOrEqual(1.25 * count);
      expect(await textureDiffers()).toBe(0);
    });
  }

  it('paints a sphere on many slices with one stroke of real length', async () => {
    await brush({ shape: 'sphere', radiusMm: 6 });
    await lookAt([20, 23, 11]);
    await drag(await place('axial', [20, 23, 11]), await place('axial', [40, 23, 11]));
    const painted = await labels();
    expect(
      painted.map(({ voxel }) => voxel).filter(voxel => voxel[1] === 23 && voxel[2] === 11).length
    ).toBeGreaterThanOrEqual(33);
    expect(new Set(painted.map(({ voxel }) => voxel[2]))).toEqual(new Set([9, 10, 11, 12, 13]));
    expect(await events()).toEqual(['begin', 'commit']);
    expect(await textureDiffers()).toBe(0);
  });

  it('streams a stroke while it is painted and ends it', async () => {
    await brush({});
    await lookAt([30, 23, 11]);
    await drag(await place('axial', [20, 23, 11]), await place('axial', [40, 30, 11]), 30);
    const previews = await page.evaluate(() => window.harness.previews);
    expect(previews.map(one => one.done)).toEqual([...previews.slice(1).map(() => false), true]);
    const points = previews.flatMap(one => one.points);
    const [first, last] = await page.evaluate(() => [
      window.harness.world([20, 23, 11]),
      window.harness.world([40, 30, 11])
    ]);
    first.forEach((value, axis) => expect(points[axis]).toBeCloseTo(value, 0));
    last.forEach((value, axis) => expect(points.at(axis - 3)).toBeCloseTo(value, 0));
  });

  it('erases with Alt, and with the eraser', async () => {
    await brush({ radiusMm: 6 });
    await lookAt([30, 23, 11]);
    const at = await place('axial', [30, 23, 11]);
    await press(at);
    const before = (await labels()).length;
    await brush({ radiusMm: 2 });
    await page.keyboard.down('Alt');
    await press(at);
    await page.keyboard.up('Alt');
    const after = (await labels()).length;
    expect(after).toBeLessThan(before);
    await page.evaluate(() => {
      window.harness.viewer.tool = 'eraser';
      window.harness.viewer.brush = { shape: 'disc', radiusMm: 20 };
    });
    await press(at);
    expect(await labels()).toEqual([]);
    expect(await page.evaluate(() => window.harness.commits.map(({ segment, tool }) => [segment, tool]))).toEqual([
      [1, 'brush'],
      [0, 'eraser'],
      [0, 'eraser']
    ]);
    expect(await textureDiffers()).toBe(0);
  });

  it('gives a stroke up on Escape', async () => {
    await brush({});
    await lookAt([30, 23, 11]);
    const at = await place('axial', [30, 23, 11]);
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 30, at.y);
    expect((await labels()).length).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    expect(await labels()).toEqual([]);
    await page.mouse.move(at.x + 60, at.y);
    await page.mouse.up();
    expect(await labels()).toEqual([]);
    expect(await events()).toEqual(['begin', 'cancel']);
    expect(await textureDiffers()).toBe(0);
  });

  it('says why it does not paint', async () => {
    await brush({});
    const at = await place('axial', [30, 23, 11]);
    await page.evaluate(() => (window.harness.viewer.segment = null));
    await press(at);
    expect(await message()).toBe('Choose a segment to paint first.');
    await page.evaluate(() => {
      window.harness.viewer.segment = 1;
      window.harness.mayPaint = false;
    });
    await press(at);
    expect(await message()).toBe('This read is submitted.');
    expect(await events()).toEqual([]);
    expect(await labels()).toEqual([]);
  });

  it("shows the patient's right on the left, unless set otherwise", async () => {
    const ball: Vector = [42, 30, 14];
    const mirror: Vector = [18, 30, 14];
    await lookAt(ball);
    await page.evaluate(() => window.harness.viewer.changeSettings({ crosshairVisible: false }));
    const [right, left] = [await place('axial', ball), await place('axial', mirror)];
    expect(right.x).toBeLessThan(left.x);
    expect((await colourAt(right))[0]).toBeGreaterThan(200);
    expect((await colourAt(left))[0]).toBeLessThan(180);
    await page.evaluate(() => window.harness.viewer.changeSettings({ convention: 'neurological' }));
    expect((await colourAt(right))[0]).toBeLessThan(180);
    expect((await colourAt(left))[0]).toBeGreaterThan(200);
  });

  it('draws each plane where the pointer finds it', async () => {
    const ball: Vector = [42, 30, 14];
    await lookAt(ball);
    await page.evaluate(() => window.harness.viewer.changeSettings({ crosshairVisible: false, interpolate: false }));
    for (const plane of PLANES) {
      expect((await colourAt(await place(plane, ball)))[0]).toBeGreaterThan(200);
      const outside = await place(plane, [1, 1, 1]);
      expect((await colourAt(outside))[0]).toBeLessThan(20);
    }
  });

  it('draws labels in the colours of their segments, and hides them on demand', async () => {
    await brush({ radiusMm: 8 });
    await lookAt([30, 23, 11]);
    const at = await place('axial', [30, 23, 11]);
    await press(at);
    await page.mouse.move(2, 2);
    await page.evaluate(() => window.harness.viewer.changeSettings({ crosshairVisible: false }));
    const [red, , blue] = await colourAt({ x: at.x + 5, y: at.y + 5 });
    expect(red - blue).toBeGreaterThan(40);
    await page.evaluate(() => (window.harness.viewer.overlaysHidden = true));
    const grey = await colourAt({ x: at.x + 5, y: at.y + 5 });
    expect(grey[0] - grey[2]).toBe(0);
  });

  it('moves through slices with the wheel, within the volume', async () => {
    await lookAt([30, 23, 11]);
    const at = await place('axial', [30, 23, 11]);
    await page.mouse.move(at.x, at.y);
    await page.mouse.wheel(0, 100);
    await page.mouse.wheel(0, 100);
    await expect.poll(title).toBe('Axial · 10/23');
    for (let notch = 0; notch < 30; notch++) await page.mouse.wheel(0, -100);
    await expect.poll(title).toBe('Axial · 23/23');
  });

  it('zooms with Ctrl and wheel about the pointer, keeps it from the page, and pans with the middle button', async () => {
    await brush({ radiusMm: 0.5 });
    const target: Vector = [40, 31, 11];
    await lookAt([30, 23, 11]);
    const at = await place('axial', target);
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const type of ['wheel', 'contextmenu']) document.addEventListener(type, () => heard.push(type));
    });
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down('Control');
    for (let notch = 0; notch < 3; notch++) await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await expect
      .poll(() => page.evaluate(() => window.harness.viewer.getState().panes.axial?.zoom))
      .toBeCloseTo(Math.exp(1.2), 5);
    expect(await page.evaluate(() => Reflect.get(window, 'heard') as unknown)).toEqual([]);
    await press(at);
    expect((await labels()).map(({ voxel }) => voxel)).toEqual([target]);
    await page.mouse.move(at.x, at.y);
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(at.x - 50, at.y - 30, { steps: 3 });
    await page.mouse.up({ button: 'middle' });
    await page.keyboard.down('Alt');
    await press({ x: at.x - 50, y: at.y - 30 });
    await page.keyboard.up('Alt');
    expect(await labels()).toEqual([]);
  });

  it('sizes the brush with Shift and wheel', async () => {
    await brush({ radiusMm: 6 });
    const at = await place('axial', [30, 23, 11]);
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Shift');
    await expect.poll(() => page.evaluate(() => window.harness.viewer.brush.radiusMm)).toBe(8);
  });

  it('changes the window by dragging: with the window tool, and always with the right button', async () => {
    const at = await place('axial', [30, 23, 11]);
    expect(await page.evaluate(() => window.harness.viewer.window)).toEqual({ width: 400, level: 40 });
    await drag(at, { x: at.x + 40, y: at.y });
    const wider = await page.evaluate(() => window.harness.viewer.window);
    expect(wider.width).toBeGreaterThan(400);
    expect(wider.level).toBe(40);
    await brush({});
    await page.mouse.move(at.x, at.y);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(at.x, at.y + 40, { steps: 3 });
    await page.mouse.up({ button: 'right' });
    expect((await page.evaluate(() => window.harness.viewer.window)).level).toBeGreaterThan(40);
    expect(await labels()).toEqual([]);
  });

  it('places the crosshair in all planes', async () => {
    await page.evaluate(() => (window.harness.viewer.tool = 'crosshair'));
    const at = await place('axial', [44, 12, 11]);
    await press(at);
    await expect.poll(() => page.locator('[data-pane="coronal"] .vx-Pane-title').textContent()).toBe('Coronal · 13/47');
    await expect
      .poll(() => page.locator('[data-pane="sagittal"] .vx-Pane-title').textContent())
      .toBe('Sagittal · 45/61');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('PageUp');
    const crosshair = await page.evaluate(() => window.harness.viewer.crosshair);
    const expected = await page.evaluate(() => window.harness.world([45, 12, 12]));
    expected.forEach((value, axis) => expect(crosshair[axis]).toBeCloseTo(value, 0));
  });

  it('reads the value under the pointer with its unit', async () => {
    const voxel: Vector = [42, 30, 14];
    await lookAt(voxel);
    const at = await place('coronal', voxel);
    await page.mouse.move(at.x, at.y);
    await expect.poll(() => page.locator('[data-pane="coronal"] .vx-Pane-value').textContent()).toBe('200 HU');
  });

  it('enlarges a pane on a double click, but not while a brush is in the hand', async () => {
    const at = await place('coronal', [30, 23, 11]);
    await page.mouse.dblclick(at.x, at.y);
    expect(await page.evaluate(() => window.harness.viewer.paneLayout)).toBe('coronal');
    await page.mouse.dblclick(500, 300);
    expect(await page.evaluate(() => window.harness.viewer.paneLayout)).toBe('2x2');
    await brush({});
    await page.mouse.dblclick(at.x, at.y);
    expect(await page.evaluate(() => window.harness.viewer.paneLayout)).toBe('2x2');
    expect(await events()).toEqual(['begin', 'commit', 'begin', 'commit']);
  });

  it('paints with one finger; two fingers zoom and give the stroke up', async () => {
    await brush({ radiusMm: 3 });
    await lookAt([30, 23, 11]);
    const at = await place('axial', [30, 23, 11]);
    await page.touchscreen.tap(at.x, at.y);
    expect((await labels()).length).toBeGreaterThan(0);
    expect(await events()).toEqual(['begin', 'commit']);
    const client = await page.context().newCDPSession(page);
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      ...points: { x: number; y: number }[]
    ): Promise<unknown> =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
    await touch('touchStart', at);
    await touch('touchStart', at, { x: at.x + 50, y: at.y });
    await touch('touchMove', { x: at.x - 50, y: at.y }, { x: at.x + 100, y: at.y });
    await touch('touchEnd');
    expect(await events()).toEqual(['begin', 'commit', 'begin', 'cancel']);
    await expect
      .poll(() => page.evaluate(() => window.harness.viewer.getState().panes.axial?.zoom ?? 0))
      .toBeGreaterThan(2);
  });

  it('keeps its place when it is opened again', async () => {
    await page.evaluate(() => {
      const { viewer } = window.harness;
      viewer.window = { width: 150, level: 60 };
      viewer.crosshair = window.harness.world([12, 13, 14]);
      viewer.zoomBy(3, 'coronal');
      viewer.paneLayout = 'coronal';
    });
    const state = await page.evaluate(() => JSON.parse(JSON.stringify(window.harness.viewer.getState())) as unknown);
    await page.evaluate(() => window.harness.viewer.resetView());
    const restored = await page.evaluate(saved => {
      window.harness.viewer.setState(saved as ReturnType<typeof window.harness.viewer.getState>);
      return JSON.parse(JSON.stringify(window.harness.viewer.getState())) as unknown;
    }, state);
    const rounded = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
        typeof part === 'number' ? Number(part.toFixed(6)) : part
      );
    expect(rounded(restored)).toEqual(rounded(state));
  });

  it('shows how far it is, and can be told to stop and to try again', async () => {
    const status = page.locator('.vx-Status-box');
    await page.evaluate(() => {
      const { viewer, volume } = window.harness;
      let tries = 0;
      void viewer.setVolume({
        volume: volume.volume,
        load: (onProgress, signal) => {
          if (tries++ > 0) return volume.load(onProgress, signal);
          onProgress(0.5);
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
          });
        }
      });
    });
    await expect.poll(() => status.locator('p').textContent()).toBe('Loading the image… 40 %');
    await status.getByText('Cancel').click();
    await expect.poll(() => status.locator('p').textContent()).toBe('Loading was cancelled.');
    await status.getByText('Try again').click();
    await expect.poll(() => status.isVisible()).toBe(false);
    await expect.poll(title).toBe('Axial · 12/23');
    expect(await textureDiffers()).toBe(0);
  });

  it('says what is wrong with an image that is not on the announced grid', async () => {
    await page.evaluate(async () => {
      const { viewer, volume } = window.harness;
      const load = async (...to: Parameters<typeof volume.load>): Promise<ArrayBuffer> => {
        const buffer = await volume.load(...to);
        new DataView(buffer).setInt16(42, 60, true);
        return buffer;
      };
      await viewer.setVolume({ ...volume, load });
    });
    const text = await page.locator('.vx-Status-box p').textContent();
    expect(text).toContain('has 60 x 47 x 23 voxels instead of 61 x 47 x 23');
    expect(await page.evaluate(() => window.harness.viewer.picture)).toBeNull();
  });

  it('builds the picture again when the browser takes the graphics context away', async () => {
    await brush({ radiusMm: 5 });
    await lookAt([30, 23, 11]);
    await press(await place('axial', [30, 23, 11]));
    const before = await labels();
    await page.evaluate(() => {
      const first = window.harness.viewer.picture;
      Object.assign(window, { first });
      first?.gl.getExtension('WEBGL_lose_context')?.loseContext();
    });
    await page.waitForFunction(() => {
      const { picture, phase } = window.harness.viewer;
      return phase.phase === 'ready' && picture !== null && picture !== Reflect.get(window, 'first');
    });
    expect(await labels()).toEqual(before);
    expect(await textureDiffers()).toBe(0);
    await expect.poll(title).toBe('Axial · 12/23');
  });

  it('lets go of everything when it is closed', async () => {
    const lost = await page.evaluate(async () => {
      const { viewer } = window.harness;
      const gl = viewer.picture?.gl;
      viewer.dispose();
      await window.harness.frame();
      return gl?.isContextLost() === true && document.querySelector('canvas') === null;
    });
    expect(lost).toBe(true);
  });
});

interface Place {
  readonly x: number;
  readonly y: number;
}

async function brush(settings: { shape?: 'disc' | 'sphere'; radiusMm?: number }): Promise<void> {
  await page.evaluate(({ shape, radiusMm }) => {
    const { viewer } = window.harness;
    viewer.tool = 'brush';
    viewer.segment = 1;
    viewer.brush = { shape: shape ?? 'disc', radiusMm: radiusMm ?? 4 };
  }, settings);
}

async function lookAt(voxel: Vector): Promise<void> {
  await page.evaluate(async at => {
    window.harness.viewer.crosshair = window.harness.world(at);
    await window.harness.frame();
  }, voxel);
}

function place(plane: Plane, voxel: Vector): Promise<Place> {
  return page.evaluate(([name, at]) => window.harness.place(name, window.harness.world(at)), [plane, voxel] as const);
}

async function press(at: Place): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.up();
}

async function drag(from: Place, to: Place, steps = 8): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps });
  await page.mouse.up();
}

function labels(): Promise<Painted[]> {
  return page.evaluate(() => {
    const { bitmap, dims } = window.harness.layer.labelMap;
    const painted: { voxel: [number, number, number]; label: number }[] = [];
    bitmap.forEach((label, index) => {
      if (label === 0) return;
      const row = Math.floor(index / dims[0]);
      painted.push({ voxel: [index % dims[0], row % dims[1], Math.floor(row / dims[1])], label });
    });
    return painted;
  });
}

/** Voxels where the graphics card holds another label than the bitmap. */
function textureDiffers(): Promise<number> {
  return page.evaluate(() => {
    const { bitmap } = window.harness.layer.labelMap;
    return window.harness.readTexture().reduce((count, label, index) => count + (label === bitmap[index] ? 0 : 1), 0);
  });
}

function events(): Promise<readonly string[]> {
  return page.evaluate(() => window.harness.events);
}

function message(): Promise<string | null> {
  return page.locator('.vx-Status-message:visible').textContent();
}

function title(): Promise<string | null> {
  return page.locator('[data-pane="axial"] .vx-Pane-title').textContent();
}

/** Colour on the screen at a place, as composed by the browser. */
async function colourAt(at: Place): Promise<readonly [number, number, number]> {
  await page.evaluate(() => window.harness.frame());
  const png = await page.screenshot({ clip: { x: Math.round(at.x), y: Math.round(at.y), width: 1, height: 1 } });
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return [red, green, blue] as const;
  }, png.toString('base64'));
}

/** Voxels of a plane whose centres lie within `radius` mm of a voxel's. */
function expectedDisc(plane: Plane, [ti, tj, tk]: Vector, radius: number): number {
  const { dims, spacing } = OBLIQUE;
  let count = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const offset: Vector = [i - ti, j - tj, k - tk];
        if (offset[NORMAL[plane]] !== 0) continue;
        if (Math.hypot(offset[0] * spacing[0], offset[1] * spacing[1], offset[2] * spacing[2]) <= radius) count++;
      }
    }
  }
  return count;
}
