import { defineConfig } from 'vitest/config';

/** The folder of tests that belongs to what is mutated, by MUTATED as scripts/mutants.mjs sets it. */
const [folder = '*'] = (process.env.MUTATED ?? '*').split('/');

/**
 * The tests of a mutation run, in this process. Servers, command lines and browsers run from dist/, where there are no
 * mutants. The tests that wait for time limits or send millions of rows are left out, for nearly every mutant would run
 * them.
 */
export default defineConfig({
  test: {
    include: [`test/${folder}/**/*.test.ts`],
    exclude: ['test/http/{abort,clients}.test.ts'],
    env: { PROPERTY_FACTOR: '0.1' },
    // Starting a thread for each file would take longer than most files.
    isolate: false,
    // A mutant that makes a test wait for ever should fail it soon.
    testTimeout: 8_000,
    hookTimeout: 60_000,
  },
});
