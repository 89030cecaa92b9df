/**
 * Adds up the results of several test runs; the last line says `N passed, N failed`.
 * Usage: node scripts/sum-results.mjs <exit code> <vitest's JSON> [<exit code> <vitest's JSON> ...]
 */
import { countTests } from './test-counts.mjs';

/**
 * What passed and failed in one run. Its command may fail without a test that does, by lint or coverage: that counts
 * as one failure.
 * @param {string} exitCode
 * @param {string} file
 */
function resultOf(exitCode, file) {
  const { passed, failed } = countTests(file);
  return { passed, failed: failed === 0 && exitCode !== '0' ? 1 : failed };
}

const runs = process.argv.slice(2);
const total = { passed: 0, failed: 0 };
for (let i = 0; i < runs.length; i += 2) {
  const { passed, failed } = resultOf(runs[i] ?? '', runs[i + 1] ?? '');
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
