import { defineConfig } from '@playwright/test';
import { chromiumArguments } from './support/chromium.js';

const executablePath = process.env['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'];

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // One JupyterLab, one service and two browsers fill two cores.
  workers: 1,
  fullyParallel: false,
  // What passes only when it is tried again has failed.
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 90_000,
    // Each step with its page. A film of every test would cost a third of the time: a picture of what failed tells.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    video: 'off',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(executablePath === undefined || executablePath === '' ? {} : { executablePath }),
      args: chromiumArguments()
    }
  }
});
