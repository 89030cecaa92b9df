/**
 * Adds up the results of several test runs; the last line says `N passed, N failed`.
 * Usage: node scripts/sum-results.mjs <exit code> <vitest's JSON> [<exit code> <vitest's JSON> ...]
 */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} VitestResult what is read of vitest's JSON
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */

/**
 * What passed and failed in one run. Its command may fail without a test that does, by lint or coverage: that counts
 * as one failure, as a result that cannot be read does.
 * @param {string} exitCode
 * @param {string} file
 */
function resultOf(exitCode, file) {
  try {
    /** @type {VitestResult} */
    const result = JSON.parse(readFileSync(file, 'utf8'));
    // A file of tests that did not even load has no failed test to show.
    const unloaded = result.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    const failed = result.numFailedTests + unloaded.length;
    return { passed: result.numPassedTests, failed: failed === 0 && exitCode !== '0' ? 1 : failed };
  } catch (error) {
    console.error(`no test result: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  }
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
