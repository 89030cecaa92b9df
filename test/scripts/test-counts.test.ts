import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countTests } from '../../scripts/test-counts.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-counts-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function count(report: string): Promise<{ passed: number; failed: number }> {
  await writeFile(join(folder, 'report.json'), report);
  return countTests(join(folder, 'report.json'));
}

it('counts test files that did not load as failed tests', async () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'passed', assertionResults: [{}] },
  ];
  const report = JSON.stringify({ numPassedTests: 7, numFailedTests: 2, testResults });
  expect(await count(report)).toEqual({ passed: 7, failed: 3 });
});

it.each(['', '{"numPassedTests": 7'])('counts an incomplete report as a failure: %j', async (text) => {
  expect(await count(text)).toEqual({ passed: 0, failed: 1 });
});

it('counts a missing report as a failure', () => {
  expect(countTests(join(folder, 'none.json'))).toEqual({ passed: 0, failed: 1 });
});
