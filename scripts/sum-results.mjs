/**
 * Adds up the results of several test runs. The last line is `N passed, N failed`.
 * Usage: node scripts/sum-results.mjs <exit code> <vitest's JSON> [<exit code> <vitest's JSON> ...]
 */
import { countTests } from './test-counts.mjs';

const runs = process.argv.slice(2);
const total = { passed: 0, failed: 0 };
for (let i = 0; i < runs.length; i += 2) {
  const { passed, failed } = countTests(runs[i + 1] ?? '');
  total.passed += passed;
  // A command may fail without a failed test, for example by lint or coverage. That counts as one failure.
  total.failed += runs[i] === '0' ? failed : Math.max(1, failed);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
