import { existsSync, readFileSync } from 'node:fs';

/**
 * Returns how many tests passed and failed, from vitest's JSON report. A test file that did not load counts as one failed
 * test. So does a report that is missing or not JSON.
 *
 * @param {string} file
 */
export function countTests(file) {
  const report = existsSync(file) ? parseReport(readFileSync(file, 'utf8')) : undefined;
  if (report === undefined) return { passed: 0, failed: 1 };
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/**
 * @param {string} text
 * @returns {undefined | {
 *   numPassedTests: number, numFailedTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[],
 * }}
 */
function parseReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    // vitest was killed while it wrote the report.
    return undefined;
  }
}
