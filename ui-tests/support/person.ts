import { createHash } from 'node:crypto';
import { type Browser, type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { CaseView } from '../../extension/lib/case/caseView.js';
import type { Plane } from '../../extension/lib/viewer/contracts.js';
import type { Deployment, TestCase, Username } from './deployment.js';
import { NetworkLink } from './networkLink.js';
import { type Rectangle, screenPlace, type World } from './screenPlace.js';

/** What JupyterLab exposes with `expose_app_in_browser`. */
interface ExposedApp {
  readonly commands: { execute(id: string, args?: object): Promise<unknown> };
  readonly shell: {
    readonly currentWidget: { readonly content: CaseView; close(): void } | null;
    widgets(area: string): Iterable<{ close(): void }>;
    activateById(id: string): void;
  };
  readonly serviceManager: { readonly sessions: { refreshRunning(): Promise<void> } };
  readonly restored: Promise<void>;
}

declare global {
  interface Window {
    jupyterapp: ExposedApp;
    /** The case in front. */
    frontCase: () => CaseView;
  }
}

/** Milliseconds without a move after which a picture is at rest. */
const PICTURE_RESTS = 700;

/** One person at a computer: an identity, a browser and a network link of their own. */
export class Person {
  /** Addresses outside this machine that the browser asked for. */
  readonly strangeRequests: string[] = [];
  /** Errors that reached nobody. */
  readonly pageErrors: string[] = [];
  private readonly windowSize: ReturnType<Page['viewportSize']>;

  private constructor(
    readonly username: Username,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly link: NetworkLink
  ) {
    this.windowSize = page.viewportSize();
  }

  static async signIn(browser: Browser, deployment: Deployment, username: Username): Promise<Person> {
    const link = await NetworkLink.to(deployment.port);
    const context = await browser.newContext();
    await context.addInitScript(() => {
      window.frontCase = () => {
        const content = window.jupyterapp.shell.currentWidget?.content;
        if (content === undefined || !('viewer' in content)) throw new Error('No case is in front.');
        return content;
      };
    });
    const page = await context.newPage();
    const person = new Person(username, context, page, link);
    await context.route(
      url => url.hostname !== '127.0.0.1' && url.protocol !== 'data:' && url.protocol !== 'blob:',
      route => {
        person.strangeRequests.push(route.request().url());
        return route.abort();
      }
    );
    page.on('pageerror', error => person.pageErrors.push(error.stack ?? String(error)));
    await person.goToLab(`?token=${await deployment.token(username)}`);
    return person;
  }

  /** Leaves an empty JupyterLab for the next test. */
  async tidyUp(): Promise<void> {
    this.link.restore();
    await this.closeAll();
    if (this.windowSize !== null) await this.page.setViewportSize(this.windowSize);
    expect(this.pageErrors.splice(0), `errors in the page of ${this.username}`).toEqual([]);
    expect(this.strangeRequests.splice(0), `requests of ${this.username} to other machines`).toEqual([]);
  }

  /**
   * Closes every document, the one in front last. JupyterLab's own command closes them as they come: its toolbars then
   * throw, as each of them is shown for a moment and is asked to fit when it is gone.
   */
  async closeAll(): Promise<void> {
    await this.page.evaluate(() => {
      const { shell } = window.jupyterapp;
      const front = shell.currentWidget;
      for (const widget of [...shell.widgets('main')]) if (widget !== front) widget.close();
      front?.close();
    });
  }

  async leave(): Promise<void> {
    await this.context.close();
    await this.link.close();
  }

  /** Loads JupyterLab in a workspace of this person's own. */
  async goToLab(suffix = ''): Promise<void> {
    await this.page.goto(`http://127.0.0.1:${this.link.port}/lab/workspaces/${this.username}${suffix}`);
    await this.whenLabIsReady();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.whenLabIsReady();
  }

  private async whenLabIsReady(): Promise<void> {
    await this.page.waitForFunction(() => typeof window.jupyterapp === 'object');
    await this.page.evaluate(() => window.jupyterapp.restored);
  }

  /** Cuts the network, and lets JupyterLab notice: no dialog may come between a person and the case in front. */
  async loseNetwork(): Promise<void> {
    this.link.cut();
    await this.page.evaluate(() => window.jupyterapp.serviceManager.sessions.refreshRunning().catch(() => undefined));
    await expect(this.page.locator('.jp-Dialog')).toHaveCount(0);
  }

  /** Comes back to the window: pages look at what others have done meanwhile. */
  async lookAgain(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  }

  /** Runs a command of JupyterLab. */
  async execute(command: string, args: Record<string, string | number | boolean> = {}): Promise<void> {
    await this.page.evaluate(([id, given]) => window.jupyterapp.commands.execute(id, given).then(() => undefined), [
      command,
      args
    ] as const);
  }

  /** Double-clicks a file in the file browser. */
  async openFile(name: string): Promise<void> {
    await this.execute('filebrowser:activate');
    await this.execute('filebrowser:refresh');
    await this.page.locator('.jp-DirListing-item').filter({ hasText: name }).dblclick();
  }

  /** Waits until JupyterLab has stored, on its server, how the case in front stands now. */
  async whenStateIsKept(): Promise<void> {
    const now = await this.page.evaluate(() => {
      const view = window.frontCase();
      return { caseId: view.model.caseId, viewer: view.viewer.getState(), tool: view.tool, segment: view.segment };
    });
    await expect
      .poll(async () => {
        const answer = await this.page.request.get(
          `http://127.0.0.1:${this.link.port}/lab/api/workspaces/${this.username}`
        );
        const { data } = (await answer.json()) as { data: Record<string, unknown> };
        return data[`voxcord:view:${now.caseId ?? ''}`];
      })
      .toMatchObject({ viewer: now.viewer, tool: now.tool, segment: now.segment });
  }

  /** Waits until JupyterLab has stored, on its server, that the document `key` is open, and with what `state`. */
  async whenLayoutIsKept(key: string, state: Record<string, string>): Promise<void> {
    await expect
      .poll(async () => {
        const answer = await this.page.request.get(
          `http://127.0.0.1:${this.link.port}/lab/api/workspaces/${this.username}`
        );
        const { data } = (await answer.json()) as { data: Record<string, unknown> };
        const isOpen = JSON.stringify(data['layout-restorer:data'] ?? null).includes(`"${key}"`);
        return isOpen ? data[key] : null;
      })
      .toMatchObject({ data: state });
  }

  /** Brings the panel with layers, segments and tools to the front. */
  async showCasePanel(): Promise<void> {
    await this.page.evaluate(() => window.jupyterapp.shell.activateById('voxcord-case-panel'));
  }

  /** Gives the keyboard to the picture of the case in front. */
  async focusPicture(): Promise<void> {
    await this.page.evaluate(() => window.frontCase().viewer.node.focus());
  }

  /** Opens a case and waits until its picture is there and its read is joined. */
  async openCase(of: TestCase): Promise<void> {
    await this.execute('voxcord:open-case', { case: of.case.id });
    await this.whenCaseIsReady();
  }

  async whenCaseIsReady(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const content = window.jupyterapp.shell.currentWidget?.content;
        // A volume that is opened as a file has a viewer too, but no model.
        if (content === undefined || !('viewer' in content && 'model' in content)) return false;
        return content.viewer.phase.phase === 'ready' && content.model.session?.mayPaint === true;
      },
      undefined,
      { timeout: 90_000 }
    );
    await this.whenPictureRests();
  }

  /** Waits until the panels that open beside a case have moved its picture for the last time. */
  private async whenPictureRests(): Promise<void> {
    await this.page.evaluate(async restMilliseconds => {
      const { node } = window.frontCase().viewer;
      const place = () => {
        const { x, y, width, height } = node.getBoundingClientRect();
        return [x, y, width, height].join(' ');
      };
      let last = place();
      let since = performance.now();
      while (performance.now() - since < restMilliseconds) {
        await new Promise(resolve => requestAnimationFrame(resolve));
        if (place() === last) continue;
        last = place();
        since = performance.now();
      }
    }, PICTURE_RESTS);
  }

  /** What the status bar says about saving. */
  get saved(): Locator {
    return this.page.locator('[data-save-state]');
  }

  /** What the read in front says about saving. */
  async saveState(): Promise<string | null> {
    return this.page.evaluate(() => window.frontCase().model.saveState?.kind ?? null);
  }

  /** Where the picture of the case in front is drawn. */
  get picture(): Locator {
    return this.page.locator('.voxcord-Case:not(.lm-mod-hidden) .vx-CaseViewer');
  }

  async hideOverlays(hidden: boolean): Promise<void> {
    await this.page.evaluate(now => {
      window.frontCase().viewer.overlaysHidden = now;
    }, hidden);
  }

  /** The label map in this browser: closest-canonical grid, i fastest. */
  async labels(): Promise<Uint8Array> {
    const text = await this.page.evaluate(() => {
      const { session } = window.frontCase().model;
      if (session === null) throw new Error('No read is joined.');
      const { bitmap } = session.labels.layer.labelMap;
      let binary = '';
      for (let start = 0; start < bitmap.length; start += 8192) {
        binary += String.fromCharCode(...bitmap.subarray(start, start + 8192));
      }
      return btoa(binary);
    });
    return new Uint8Array(Buffer.from(text, 'base64'));
  }

  async labelsHash(): Promise<string> {
    return hashOf(await this.labels());
  }

  /** Brings the slices through a world position (mm, RAS+) into the panes. */
  async goTo(world: World): Promise<void> {
    await this.page.evaluate(at => {
      window.frontCase().viewer.crosshair = at;
    }, world);
  }

  async choose(what: {
    tool?: 'brush' | 'eraser' | 'crosshair' | 'window';
    segment?: number;
    radius?: number;
    shape?: 'disc' | 'sphere';
  }): Promise<void> {
    await this.page.evaluate(({ tool, segment, radius, shape }) => {
      const view = window.frontCase();
      if (tool !== undefined) view.tool = tool;
      if (segment !== undefined) view.segment = segment;
      if (radius !== undefined) view.viewer.brush = { ...view.viewer.brush, radiusMm: radius };
      if (shape !== undefined) view.viewer.brush = { ...view.viewer.brush, shape };
    }, what);
  }

  /** Where a world position lies on the screen, in CSS pixels of the page. */
  async pixelOf(plane: Plane, world: World): Promise<{ x: number; y: number }> {
    const { pane, volume } = await this.page.evaluate(name => {
      const { viewer, model } = window.frontCase();
      const node = viewer.node.querySelector(`[data-pane="${name}"]`);
      if (node === null || model.volume === null) throw new Error(`There is no ${name} pane.`);
      const { x, y, width, height } = node.getBoundingClientRect();
      const { zoom, pan } = viewer.getState().panes[name] ?? { zoom: 1, pan: [0, 0] as const };
      return { pane: { rectangle: { x, y, width, height }, zoom, pan }, volume: model.volume };
    }, plane);
    return screenPlace(world, plane, pane, volume);
  }

  /**
   * Middle of what is brightest in a pane, in CSS pixels of the page, as the eye finds it: from a picture of the screen,
   * whatever the viewer believes about its geometry.
   */
  async seeBrightest(pane: Rectangle): Promise<{ x: number; y: number }> {
    const seen: { x: number; y: number }[] = [];
    // Twice at the same place: a picture that is still being drawn, or whose pane still grows, shows it elsewhere.
    await expect
      .poll(async () => {
        const middle = await this.brightestIn(pane);
        if (middle !== null) seen.push(middle);
        const [last, before] = [seen.at(-1), seen.at(-2)];
        if (last === undefined || before === undefined) return Infinity;
        return Math.hypot(last.x - before.x, last.y - before.y);
      })
      .toBeLessThan(0.1);
    const middle = seen.at(-1);
    if (middle === undefined) throw new Error('Nothing is bright.');
    return middle;
  }

  private async brightestIn(pane: Rectangle): Promise<{ x: number; y: number } | null> {
    const picture = await this.page.screenshot({ clip: pane });
    const middle = await this.page.evaluate(async base64 => {
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      if (context === null) throw new Error('No canvas.');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      let [count, x, y] = [0, 0, 0];
      for (let pixel = 0; pixel < data.length / 4; pixel++) {
        const grey = Math.min(data[4 * pixel] ?? 0, data[4 * pixel + 1] ?? 0, data[4 * pixel + 2] ?? 0);
        if (grey < 128) continue;
        count++;
        x += pixel % image.width;
        y += Math.floor(pixel / image.width);
      }
      return count === 0 ? null : { x: x / count + 0.5, y: y / count + 0.5 };
    }, picture.toString('base64'));
    return middle === null ? null : { x: pane.x + middle.x, y: pane.y + middle.y };
  }

  /** Drags the pointer through world positions, as a hand does. */
  async drag(plane: Plane, path: readonly World[]): Promise<void> {
    const { mouse } = this.page;
    const points = [];
    for (const world of path) points.push(await this.pixelOf(plane, world));
    const [first, ...others] = points;
    if (first === undefined) throw new Error('A path needs a position.');
    await mouse.move(first.x, first.y);
    await mouse.down();
    for (const { x, y } of others) await mouse.move(x, y, { steps: 4 });
    await mouse.up();
  }

  /** Paints a stroke with the brush in the slice through the first position. */
  async paint(
    segment: number,
    path: readonly World[],
    options: { plane?: Plane; radius?: number; shape?: 'disc' | 'sphere' } = {}
  ): Promise<void> {
    const [first] = path;
    if (first === undefined) throw new Error('A path needs a position.');
    await this.choose({ tool: 'brush', segment, radius: options.radius ?? 8, shape: options.shape ?? 'disc' });
    await this.goTo(first);
    await this.drag(options.plane ?? 'axial', path);
  }
}

export function hashOf(labels: Uint8Array): string {
  return createHash('sha256').update(labels).digest('hex');
}

/** Voxels per segment number; segments that paint nothing are left out. */
export function countsOf(labels: Uint8Array): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const segment of labels) if (segment !== 0) counts[segment] = (counts[segment] ?? 0) + 1;
  return counts;
}
