import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SignOfLife } from './test/support/sign-of-life.js';

/** `npm run test:slow`: what takes minutes, and the properties of these files with many more cases. */
const withProperties = [
  'test/classifier/rules/literal-scanner.test.ts',
  'test/classifier/rules/required-literals.test.ts',
  'test/classifier/template/template.property.test.ts',
  'test/formats/csv/roundtrip.property.test.ts',
  'test/formats/csv/tokenizer.test.ts',
  'test/formats/xlsx/roundtrip.property.test.ts',
  'test/pipeline/byte-queue.test.ts',
  'test/pipeline/read-ahead.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts', ...withProperties],
    env: { PROPERTY_FACTOR: '50' },
    globalSetup: ['test/support/build.ts'],
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: [
      ['default', { summary: false }],
      new SignOfLife(),
      ['json', { outputFile: 'test-results/vitest-slow.json' }],
    ],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
