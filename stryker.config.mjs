import process from 'node:process';

// scripts/mutants.mjs sets both: a folder or file under src/, and where its report goes.
const { MUTATED = '{classifier,formats,http,pipeline,text}', MUTANTS_REPORT = 'test-results/mutants/all' } =
  process.env;

/** How `npm run test:mutants` mutates; docs/testing.md says what is left. */
export default {
  mutate: [MUTATED.endsWith('.ts') ? `src/${MUTATED}` : `src/${MUTATED}/**/*.ts`],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutants.config.ts' },
  concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 1),
  // Constants at the top of a module are set once, before any test: each would take a run of all tests.
  ignoreStatic: true,
  timeoutMS: 10_000,
  ignorePatterns: ['coverage', 'docs', 'test-results'],
  tempDirName: 'test-results/mutants/sandbox',
  incremental: true,
  incrementalFile: `${MUTANTS_REPORT}-incremental.json`,
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: false },
  htmlReporter: { fileName: `${MUTANTS_REPORT}.html` },
  jsonReporter: { fileName: `${MUTANTS_REPORT}.json` },
};
