import { defineConfig } from '@playwright/test';
import tests from './playwright.config.js';

/** Makes the pictures of the documentation: `node ui-tests/screenshots.mjs`. */
export default defineConfig({ ...tests, testDir: './screenshots', timeout: 600_000 });
