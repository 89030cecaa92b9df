import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Classification, Classifier } from '../../src/classifier/types.js';
import { runExam } from '../../src/cli/exam-run.js';
import type { MeasurableClassifier } from '../../src/evaluation/classified-records.js';
import { halfOf } from '../../src/evaluation/exam/exam-part.js';
import { program } from '../support/dist.js';

let folder: string;
let opened: { head: string | undefined; llm: boolean }[];
let closed: number;
let classified: string[];

/** A line with "fail" is an Error, one with "{" too; "odd" is Unclassified; all others are Fine. */
function answer(message: string): Classification {
  if (message.includes('odd')) return { label: 'Unclassified', tier: 'embedding', confidence: 0.9 };
  const label = /fail|\{/.test(message) ? 'Error' : 'Fine';
  return { label, tier: 'embedding', confidence: message.includes('sure') ? 0.95 : 0.7 };
}

const classifier: Omit<Classifier, 'explain'> & MeasurableClassifier = {
  head: {
    version: '0123456789abcdef',
    threshold: 0.5,
    labels: ['Error', 'Fine'],
    hasLearnt: (template) => template.includes('learnt'),
  },
  session: () => ({ version: 'v', classify: (records) => classifier.classify(records) }),
  classify: (records) => {
    classified.push(...records.map(({ message }) => message));
    return Promise.resolve(records.map(({ message }) => answer(message)));
  },
  close: () => {
    closed += 1;
    return Promise.resolve();
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exam-'));
  [opened, closed, classified] = [[], 0, []];
});

afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const openClassifier = (options: (typeof opened)[number]) => {
    opened.push(options);
    return Promise.resolve(classifier);
  };
  const code = await runExam(
    args,
    { maxCellChars: 1000, openClassifier },
    { out: (line) => (written.out += `${line}\n`), err: { write: (text) => (written.err += text) } },
  );
  return { code, ...written };
}

function write(name: string, ...lines: string[]): Promise<void> {
  return writeFile(join(folder, name), lines.map((line) => `${line}\n`).join(''));
}

/** Returns the cells of the row of the table that begins with a name. */
function rowOf(text: string, name: string): string[] | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}  `));
  return line?.split(/ {2,}/).slice(1);
}

it('prints a row of figures for each labelled file, without the LLM', async () => {
  await write(
    'a.csv',
    'source,log_message,expected',
    'S,all is well,Fine|Error',
    'S,a fail,Fine | Error',
    'S,odd,Fine',
    'S,sure to fail,Fine',
  );
  await write('b.csv', 'source,log_message,target_label', 'S,all is well,Fine', 'S,nothing,');
  await write('c.csv', 'source,log_message', 'S,all is well');
  await write('notes.txt', 'no CSV');
  const { code, out, err } = await run(folder);
  expect(code).toBe(0);
  // Calibration: (0.3 + 0.3) of two right lines at 0.7, and (0.9 + 0.95) of two wrong ones, over four lines.
  expect(rowOf(out, join(folder, 'a.csv').slice(0, 60))).toEqual([
    '4',
    '50.0 % (15.0 % to 85.0 %)',
    '50.0 %',
    '25.0 %',
    '50.0 %',
    '0.613',
  ]);
  expect(rowOf(out, join(folder, 'b.csv').slice(0, 60))?.[0]).toBe('1');
  expect(out).not.toContain('c.csv');
  expect(err).toContain('c.csv has no column "expected" or "target_label" and is skipped.');
  expect(err).toContain('b.csv: Rows without a label, skipped: 1.');
  expect(err).toContain('classifying 5/5, done');
  expect([opened, closed]).toEqual([[{ head: undefined, llm: false }], 1]);
});

it('balances by the first right label and shows the recall of labels with 30 lines', async () => {
  const fine = Array.from({ length: 30 }, (_, i) => `S,${i < 24 ? 'well' : 'fail'} ${i},Fine`);
  const errors = Array.from({ length: 29 }, (_, i) => `S,well ${i},Error|Fine`);
  await write('a.csv', 'source,log_message,expected', ...fine, ...errors);
  const { out } = await run(folder);
  expect(rowOf(out, join(folder, 'a.csv').slice(0, 60))?.[2]).toBe('90.0 %');
  expect(rowOf(out, 'Fine')).toEqual(['30', '80.0 %']);
  expect(rowOf(out, 'Error')).toBeUndefined();
});

it('counts the pairs that are right in all their lines', async () => {
  await write(
    'a.csv',
    'source,log_message,expected,pair',
    'S,well,Fine,1',
    'S,fail,Error,1',
    'S,well,Error,2',
    'S,fail,Error,2',
    'S,well,Fine,3',
    'S,well,Fine,',
  );
  const { out } = await run(folder);
  expect(out).toContain(
    'Pairs with all lines right: 1 of 2 (not counted, because they have a single line here: 1).',
  );
});

it('prints the most confident mistakes of each file, with all right labels', async () => {
  await write('a.csv', 'source,log_message,expected', 'S,fail,Fine|Other', 'S,sure fail,Fine', 'S,well,Fine');
  expect((await run(folder)).out).not.toContain('instead of');
  const { out } = await run(folder, '--mistakes', '2');
  expect(out).toMatch(
    /line 3: Error instead of Fine \(embedding 0\.95\)\n {4}S: sure fail\nline 2: Error instead of Fine \| Other/,
  );
  expect((await run(folder, '--mistakes', '1')).out).not.toContain('line 2');
});

it('splits a file by program and hides the mistakes of the other half', async () => {
  const programs = Array.from({ length: 20 }, (_, i) => `program${i}`);
  const half = (name: string): string[] => programs.filter((source) => halfOf(source) === name);
  await write('a.csv', 'source,log_message,expected', ...programs.map((name) => `${name},fail,Fine`));
  const { code, out } = await run(
    folder,
    '--split',
    'program',
    '--mistakes',
    '100',
    '--only',
    'A',
    '--out',
    folder,
  );
  expect(code).toBe(0);
  expect(half('A').length).toBeGreaterThan(4);
  expect(half('B').length).toBeGreaterThan(4);
  expect(out).toMatch(new RegExp(` ${half('A').length}  +0\\.0 %.*\\n.* ${half('B').length}  +0\\.0 %`));
  const report = await readFile(join(folder, 'exam.json'), 'utf8');
  for (const text of [out, report]) {
    expect(half('A').filter((source) => !text.includes(source))).toEqual([]);
    expect(half('B').filter((source) => text.includes(`${source}:`) || text.includes(`"${source}"`))).toEqual(
      [],
    );
  }
});

it('shows both halves without --only, and no share for an empty half', async () => {
  const source = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'].find((name) => halfOf(name) === 'B') ?? '';
  await write('a.csv', 'source,log_message,expected', `${source},fail,Fine`);
  const { out } = await run(folder, '--split', 'program', '--mistakes', '1');
  expect(out).toMatch(/ 0 +- +- +- +- +-\n/);
  expect(out).toContain(`${source}: fail`);
});

it('says when the head was trained on lines', async () => {
  await write('a.csv', 'source,log_message,expected', 'S,learnt,Fine', 'S,new,Fine');
  expect((await run(folder)).out).toMatch(/The head was trained on the templates of some lines, .*: .* 1\./);
});

it('compares wrapped messages with bare ones', async () => {
  const wrappers = [
    { name: 'syslog', template: 'Jan  1 host prog: {message}', escape: 'none' },
    { name: 'json', template: '{"level":"info","msg":"{message}"}', escape: 'json' },
    { name: 'logfmt', template: 'msg="{message}"', escape: 'logfmt' },
  ];
  const messages = [
    { text: 'a "quoted" $& fail\\', expected: 'Error' },
    { text: 'well', expected: 'Fine|Other' },
  ];
  await write('wrappers.json', JSON.stringify({ comment: 'x', messages, wrappers }));
  const { code, out } = await run(folder);
  expect(code).toBe(0);
  expect(out).toContain('2 messages, 100.0 % of them right without a wrapper');
  expect(rowOf(out, 'syslog')).toEqual(['100.0 % (34.2 % to 100.0 %)', '100.0 %', '-', '-']);
  expect(rowOf(out, 'json')).toEqual([
    '50.0 % (9.5 % to 90.5 %)',
    '50.0 %',
    '50.0 % (9.5 % to 90.5 %)',
    '50.0 %',
  ]);
  expect(rowOf(out, 'all wrappers')?.[1]).toBe('83.3 %');
  expect(classified).toContain('{"level":"info","msg":"a \\"quoted\\" $& fail\\\\"}');
  expect(classified).toContain('msg="a \\"quoted\\" $& fail\\\\"');
  const withContext = classified.find((line) => line.length > 3000) ?? '';
  expect(JSON.parse(withContext)).toMatchObject({ level: 'info', msg: 'a "quoted" $& fail\\' });
  expect(withContext.length).toBeLessThan(3200);
  expect(Object.keys(JSON.parse(withContext) as object).at(-1)).toBe('msg');
});

it.each([
  ['is not JSON', '{', /wrappers\.json: is not JSON/],
  ['has a template without the message', wrappersWith('no place'), /must have \{message\} exactly once/],
  ['repeats a name', wrappersWith('{message}', '{message}'), /two wrappers have the same name/],
])('rejects a wrappers file that %s', async (_, text, reason) => {
  await write('wrappers.json', text);
  const { code, err } = await run(folder);
  expect([code, opened]).toEqual([1, []]);
  expect(err).toMatch(reason);
});

function wrappersWith(...templates: string[]): string {
  const wrappers = templates.map((template) => ({ name: 'w', template, escape: 'none' }));
  return JSON.stringify({ messages: [{ text: 'm', expected: 'Fine' }], wrappers });
}

it('reads several folders and writes its figures to --out, but not over another file', async () => {
  const second = join(folder, 'second');
  await mkdir(second);
  await write('a.csv', 'source,log_message,expected', 'S,well,Fine');
  await write('second/b.csv', 'source,log_message,expected', 'S,well,Fine');
  const out = join(folder, 'new', 'out');
  const { code } = await run(folder, second, '--out', out);
  expect(code).toBe(0);
  const report = await readFile(join(out, 'exam.json'), 'utf8');
  expect(JSON.parse(report)).toMatchObject({
    kind: 'exam',
    head: { version: '0123456789abcdef' },
    files: [
      { file: join(folder, 'a.csv'), parts: [{ half: null, lines: 1, accuracy: 1 }] },
      { file: join(second, 'b.csv') },
    ],
  });
  expect(await run(folder, '--out', out)).toMatchObject({ code: 0 });
  await writeFile(join(out, 'exam.json'), '{}');
  const refused = await run(folder, '--out', out);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('exam.json is not a report and would be overwritten');
  expect(await readFile(join(out, 'exam.json'), 'utf8')).toBe('{}');
});

it.each([
  ['no folder', [], /Name a folder/],
  ['an unknown option', ['.', '--fast'], /--fast/],
  ['another split', ['.', '--split', 'line'], /--split must be "program", got "line"/],
  ['another half', ['.', '--split', 'program', '--only', 'C'], /--only must be A or B, got "C"/],
  ['--only without --split', ['.', '--only', 'A'], /--only needs --split program/],
  ['a number of mistakes that is none', ['.', '--mistakes', 'all'], /--mistakes must be a whole number/],
])('shows its usage after %s', async (_, args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toMatch(reason);
  expect(err).toContain('Usage: npm run exam -- FOLDER');
});

it.each([
  ['a folder that does not exist', () => [join(folder, 'nowhere')], /ENOENT.*nowhere/],
  ['a folder without labelled files', () => [folder], /No labelled CSV file and no wrappers\.json found/],
  ['a head that does not exist', () => [join(folder, 'with'), '--head', 'nowhere.json'], /--head: ENOENT/],
])('fails at %s, before it opens the classifier', async (_, args, reason) => {
  await mkdir(join(folder, 'with'));
  await write('with/a.csv', 'source,log_message,expected', 'S,well,Fine');
  const { code, err } = await run(...args());
  expect([code, opened]).toEqual([1, []]);
  expect(err).toMatch(reason);
});

it.each([
  ['has a broken row', 'source,log_message,expected\nS\n', /a\.csv: Line 2/],
  [
    'has no right label',
    'source,log_message,expected\nS,well, | \n',
    /a\.csv: No row has a label in .*"expected"/,
  ],
])('fails at a file that %s', async (_, csv, reason) => {
  await writeFile(join(folder, 'a.csv'), csv);
  const { code, err } = await run(folder);
  expect(code).toBe(1);
  expect(err).toMatch(reason);
});

it('runs as a command with the shipped head and rules', async () => {
  await write('a.csv', 'source,log_message,expected', 'A,User User1 logged in.,User Action|Error');
  const { stdout } = await promisify(execFile)(process.execPath, [program('cli/main.js'), 'exam', folder]);
  expect(stdout).toMatch(/ 1 +100\.0 % /);
});
