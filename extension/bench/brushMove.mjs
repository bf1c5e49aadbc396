import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage } from '../tests/viewer/browser/bundlePage.ts';
import { CHROMIUM, launchChromium } from '../tests/viewer/browser/chromium.ts';
import { servePage } from '../tests/viewer/browser/servePage.ts';

/** Budgets of the design: p50 0.5 ms, p95 4 ms, 500 times cheaper than NiiVue's own refresh. */
const OPTIONS = { dims: [512, 512, 300], moves: 3000, refreshes: 9 };

/** @param {readonly number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** @param {number} value */
const rounded = value => Number(value.toPrecision(3));

/** @returns {Promise<import('./brushMovePage.js').BrushMoveTimes>} */
async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'brush-move-'));
  await bundlePage(fileURLToPath(new URL('brushMovePage.ts', import.meta.url)), folder);
  const server = await servePage(folder);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'measureBrushMove' in globalThis);
    return await page.evaluate(options => globalThis.measureBrushMove(options), OPTIONS);
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

if (CHROMIUM === undefined) {
  console.error('brush move: there is no Chromium on this machine, so nothing was measured.');
  process.exit(2);
}
const { moves, cpu, refreshes, wrong } = await measure();
const p50 = quantile(moves, 0.5);
const baseline = quantile(refreshes, 0.5);
console.log(
  JSON.stringify({
    what: 'brush move, CPU + upload, 512x512x300 (ms)',
    p50: rounded(p50),
    p95: rounded(quantile(moves, 0.95)),
    cpuP50: rounded(quantile(cpu, 0.5)),
    cpuP95: rounded(quantile(cpu, 0.95)),
    baseline: rounded(baseline),
    baselineWhat: "NiiVue's refreshDrawing, first label half-way, p50",
    ratio: Math.round(baseline / p50),
    moves: moves.length,
    wrongTexels: wrong
  })
);
process.exitCode = wrong === 0 ? 0 : 1;
