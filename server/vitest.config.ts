import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const schemas = fileURLToPath(new URL('../schemas/src', import.meta.url));

export default defineConfig({
  resolve: {
    // The sources, so that a test never runs against an older build.
    alias: [{ find: /^@voxcord\/schemas\/([a-z]+)$/, replacement: `${schemas}/$1/index.ts` }]
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: './tests/compileWorkers.ts',
    // A suite without a test is a mistake of the suite.
    passWithNoTests: false,
    // Of the processors; by default one of them stays idle, which on two is half.
    maxWorkers: '100%',
    // Processors are shared: what is waited for may take longer than a second, and costs nothing when it does not.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000
  }
});
