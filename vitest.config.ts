import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SignOfLife } from './test/support/sign-of-life.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    globalSetup: ['test/support/build.ts'],
    // Vitest leaves a processor for itself, and would use one of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', new SignOfLife(), ['json', { outputFile: 'test-results/vitest.json' }]],
    // The real encoder needs about a second to load on a busy machine, a browser several.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 90 },
    },
  },
});
