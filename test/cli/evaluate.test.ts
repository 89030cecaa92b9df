import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HeadFileError } from '../../src/classifier/embedding/head.js';
import type { Classifier } from '../../src/classifier/types.js';
import { runEvaluate, type EvaluateSettings } from '../../src/cli/evaluate-run.js';
import type { MeasurableClassifier } from '../../src/evaluation/classified-records.js';
import { makeFifo } from '../support/fifo.js';
import { program } from '../support/dist.js';

let folder: string;
let data: string;
let out: string;
let opened: { head: string | undefined; llm: boolean }[];
let closed: number;
let openClassifier: EvaluateSettings['openClassifier'];

/** Labels every line X by a rule. */
const classifier: Omit<Classifier, 'explain'> & MeasurableClassifier = {
  head: { version: '0123456789abcdef', threshold: 0.5, labels: ['X'], hasLearnt: () => false },
  session: () => ({ version: 'v', classify: (records) => classifier.classify(records) }),
  classify: (records) =>
    Promise.resolve(records.map(() => ({ label: 'X', tier: 'rule', confidence: 1, rule: 'r' }))),
  close: () => {
    closed += 1;
    return Promise.resolve();
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  data = join(folder, 'data.csv');
  out = join(folder, 'deep', 'reports');
  await writeFile(data, 'source,log_message,target_label\nA,one,X\nA,two,X\nB,three,Y\nB,four,\n');
  [opened, closed] = [[], 0];
  openClassifier = (options) => {
    opened.push(options);
    return Promise.resolve(classifier);
  };
});

afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const settings = { maxCellChars: 1000, now: () => new Date('2026-01-31T12:00:00Z'), openClassifier };
  const code = await runEvaluate([...args, '--out', out], settings, {
    out: (line) => (written.out += `${line}\n`),
    err: { write: (text) => (written.err += text) },
  });
  return { code, ...written };
}

it('prints the report, without the LLM, and closes the classifier', async () => {
  const { code, err, ...printed } = await run('--data', data);
  expect(code).toBe(0);
  expect(printed.out).toMatch(/^lines +3\naccuracy +66\.7 % /);
  expect(err).toContain('Warning: Rows skipped, because they have no target_label: 1.');
  expect(err).toContain('classifying 3/3, done');
  expect(opened).toEqual([{ head: undefined, llm: false }]);
  expect(closed).toBe(1);
});

it('uses the head of --head, and the LLM with --llm', async () => {
  const head = join(folder, 'mine.json');
  await writeFile(head, '{}');
  expect(await run('--data', data, '--head', head, '--llm')).toMatchObject({ code: 0 });
  expect(opened).toEqual([{ head, llm: true }]);
});

it('writes the report into a new folder and prints its path', async () => {
  const printed = await run('--data', data);
  expect(printed.out).toMatch(new RegExp(`\n\nReport: ${join(out, 'evaluation.html')}\n$`));
  expect((await readdir(out)).sort()).toEqual([
    'confidence.svg',
    'confusion-matrix.svg',
    'evaluation.html',
    'evaluation.json',
    'evaluation.md',
    'labels.svg',
    'threshold.svg',
  ]);
  expect(JSON.parse(await readFile(join(out, 'evaluation.json'), 'utf8'))).toMatchObject({
    data: { file: 'data.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    head: { version: '0123456789abcdef', threshold: 0.5 },
    n: 3,
    accuracyInterval: [expect.closeTo(0.2077, 3), expect.closeTo(0.9385, 3)],
    tiers: [{ tier: 'rule', lines: 3, share: 1 }],
    sources: [
      { source: 'A', lines: 2 },
      { source: 'B', lines: 1 },
    ],
    worstMistakes: [{ line: 4, expected: 'Y', label: 'X' }],
  });
  const markdown = await readFile(join(out, 'evaluation.md'), 'utf8');
  expect(markdown).toContain('| Accuracy | 66.7 % |');
  expect(markdown).toMatch(/\| Unknown labels \| 1 \| .*; 1 line: Y \|/);
  expect(await readFile(join(out, 'evaluation.html'), 'utf8')).toContain('measured on 2026-01-31');
});

it('writes no date into JSON and Markdown', async () => {
  await run('--data', data);
  for (const file of ['evaluation.json', 'evaluation.md']) {
    expect(await readFile(join(out, file), 'utf8')).not.toContain('2026');
  }
});

it('rejects a folder that it cannot write to, before it measures', async () => {
  out = data;
  const { code, err } = await run('--data', data);
  expect(code).toBe(1);
  expect(err).toContain(`'${data}'`);
  expect(opened).toEqual([]);
});

it.each([
  ['no data', [], /--data is missing/],
  ['an unknown option', ['--data', 'x.csv', '--fast'], /--fast/],
])('shows its usage after %s', async (_, args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toMatch(reason);
  expect(err).toContain('Usage: npm run evaluate -- --data labelled.csv');
  expect(opened).toEqual([]);
});

it('shows the error of a head that cannot be used', async () => {
  openClassifier = () => Promise.reject(new HeadFileError('head.json: is not JSON'));
  const { code, err } = await run('--data', data);
  expect([code, err.endsWith('head.json: is not JSON\n')]).toEqual([1, true]);
});

it.each([
  ['--data', () => ['--data', 'nowhere.csv'], /^--data: ENOENT.*nowhere\.csv/],
  ['--head', () => ['--data', data, '--head', 'nowhere.json'], /--head: ENOENT.*nowhere\.json/],
])('names the option %s when its file is missing', async (_, args, reason) => {
  const { code, err } = await run(...args());
  expect(code).toBe(1);
  expect(err).toMatch(reason);
  expect(opened).toEqual([]);
});

it('overwrites an earlier report', async () => {
  await run('--data', data);
  await writeFile(join(out, 'notes.txt'), 'mine');
  expect(await run('--data', data)).toMatchObject({ code: 0 });
  expect(await readFile(join(out, 'notes.txt'), 'utf8')).toBe('mine');
});

it.each([
  'evaluation.json',
  'evaluation.md',
  'evaluation.html',
  'confusion-matrix.svg',
  'labels.svg',
  'confidence.svg',
  'threshold.svg',
])('does not overwrite %s if it is not part of a report, and does not measure', async (name) => {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, name), 'mine');
  const { code, err } = await run('--data', data);
  expect(code).toBe(1);
  expect(err).toContain(`--out is ${out}, where ${name} is not part of a report`);
  expect(opened).toEqual([]);
  expect(await readdir(out)).toEqual([name]);
  expect(await readFile(join(out, name), 'utf8')).toBe('mine');
});

it('rejects a pipe in place of a report file', async () => {
  await mkdir(out, { recursive: true });
  makeFifo(join(out, 'evaluation.json'));
  const { code, err } = await run('--data', data);
  expect([code, opened]).toEqual([1, []]);
  expect(err).toContain('where evaluation.json is not part of a report');
});

it('throws errors of the program itself', async () => {
  openClassifier = () => Promise.reject(new TypeError('a bug'));
  await expect(run('--data', data)).rejects.toThrow('a bug');
});

it('runs as a command with the shipped head and rules', async () => {
  await writeFile(data, 'source,log_message,target_label\nA,User User1 logged in.,User Action\n');
  const args = [program('cli/main.js'), 'evaluate', '--data', data];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  expect(stdout).toMatch(/accuracy +100\.0 %/);
  expect(stdout).toMatch(/rule +1 +100\.0 %/);
  expect(await readdir(join(folder, 'reports'))).toContain('evaluation.html');
});
