import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectFile } from '../support/dist.js';

interface Run {
  exitCode: number;
  /** Vitest's JSON; none when the run has left none. */
  result?: object | string;
}

const file = (status: string, tests: number) => ({ status, assertionResults: Array<object>(tests).fill({}) });
const result = (numPassedTests: number, numFailedTests: number, testResults = [file('passed', 9)]) => {
  return { numPassedTests, numFailedTests, testResults };
};

/** What the script says last of these runs, and its exit code. */
function sum(...runs: Run[]) {
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const args = runs.flatMap(({ exitCode, result }, index) => {
    const path = join(folder, `${index}.json`);
    if (result) writeFileSync(path, typeof result === 'string' ? result : JSON.stringify(result));
    return [String(exitCode), path];
  });
  const script = projectFile('scripts/sum-results.mjs');
  const { stdout, status } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), status };
}

const fine: Run = { exitCode: 0, result: result(1000, 0) };

it('adds up passed and failed tests', () => {
  expect(sum(fine, { exitCode: 0, result: result(20, 0) })).toEqual({
    last: '1020 passed, 0 failed',
    status: 0,
  });
  expect(sum(fine, { exitCode: 1, result: result(18, 2) })).toEqual({
    last: '1018 passed, 2 failed',
    status: 1,
  });
});

it.each<[string, Run]>([
  ['left no result', { exitCode: 1 }],
  ['left an incomplete result', { exitCode: 0, result: '{"numPassedTests": 3' }],
  ['has a file that did not load', { exitCode: 1, result: result(0, 0, [file('failed', 0)]) }],
  ['failed without a failed test', { exitCode: 1, result: result(0, 0) }],
])('counts one failure for a run that %s', (_, run) => {
  expect(sum(fine, run)).toEqual({ last: '1000 passed, 1 failed', status: 1 });
});
