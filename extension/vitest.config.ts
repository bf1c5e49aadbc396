import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const schemas = fileURLToPath(new URL('../schemas/src', import.meta.url));

export default defineConfig({
  resolve: {
    // The sources, so that a test never runs against an older build.
    alias: [{ find: /^@voxcord\/schemas\/([a-z]+)$/, replacement: `${schemas}/$1/index.ts` }]
  },
  test: {
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts', 'tests/**/*.test.tsx'],
    // A suite without a test is a mistake of the suite.
    passWithNoTests: false,
    // Of the processors; by default one of them stays idle, which on two is half.
    maxWorkers: '100%',
    testTimeout: 30_000
  }
});
