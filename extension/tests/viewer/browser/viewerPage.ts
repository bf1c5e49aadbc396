import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import type { Plane, Vector } from '../../../src/viewer/contracts.js';
import { bundlePage } from './bundlePage.js';
import { launchChromium } from './chromium.js';
import type {} from './page.js';
import { type PageServer, servePage } from './servePage.js';

/** A browser and a server of the harness page. */
export class ViewerPages {
  static async start(): Promise<ViewerPages> {
    const folder = await mkdtemp(join(tmpdir(), 'viewer-page-'));
    await bundlePage(fileURLToPath(new URL('page.ts', import.meta.url)), folder);
    return new ViewerPages(folder, await servePage(folder), await launchChromium());
  }

  private constructor(
    private readonly folder: string,
    private readonly server: PageServer,
    private readonly browser: Browser
  ) {}

  /** A page with a viewer that shows the harness's volume. Errors of the page are collected in `trouble`. */
  async open(trouble: string[]): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width: 800, height: 640 } });
    page.on('pageerror', error => trouble.push(error.stack ?? error.message));
    await page.goto(this.server.url);
    await page.waitForFunction(() => 'harness' in window || document.body.dataset['error'] !== undefined);
    const error = await page.evaluate(() => document.body.dataset['error']);
    if (error !== undefined) throw new Error(error);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Where a voxel of the harness's volume is on the page. */
export function placeOf(page: Page, plane: Plane, voxel: Vector): Promise<{ readonly x: number; readonly y: number }> {
  return page.evaluate(([name, at]) => window.harness.place(name, window.harness.world(at)), [plane, voxel] as const);
}
