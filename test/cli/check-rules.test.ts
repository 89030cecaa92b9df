import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CheckRulesSettings, runCheckRules } from '../../src/cli/check-rules-run.js';
import { builtInLabelsFile } from '../../src/config.js';
import { loadLabels } from '../../src/classifier/labels.js';
import { makeFifo } from '../support/fifo.js';
import { headText } from '../support/head-text.js';

const BUILT_IN = [...(await loadLabels(builtInLabelsFile)).names];
const rule = { id: 'full', pattern: 'full', label: 'Error', examples: ['disk full'] };
const idle = { id: 'idle', pattern: 'never', label: 'Error', examples: ['never'] };

let folder: string;
let rulesFile: string;
let settings: CheckRulesSettings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-rules-'));
  rulesFile = join(folder, 'rules.json');
  const [labelsFile, headFile] = [join(folder, 'labels.json'), join(folder, 'head.json')];
  const labels = [{ name: 'Error', definition: 'Something failed.', examples: ['oops'] }];
  await writeFile(rulesFile, JSON.stringify({ rules: [rule, idle] }));
  await writeFile(labelsFile, JSON.stringify({ labels }));
  await writeFile(headFile, headText(['Error', 'Calm']));
  settings = { rulesFile, labelsFile, headFile, maxCellChars: 1000 };
});

afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => out.push(line),
    err: { write: (text: string) => err.push(text.trimEnd()) },
  };
  const code = await runCheckRules(args, settings, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

async function dataFile(csv: string): Promise<string> {
  const file = join(folder, 'data.csv');
  await writeFile(file, csv);
  return file;
}

it('reports a valid file', async () => {
  const { code, out, err } = await run();
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/rules\.json is valid: 2 rules, version [0-9a-f]{16}\.$/);
});

it('names every problem of an invalid file', async () => {
  await writeFile(rulesFile, JSON.stringify({ rules: [{ ...rule, label: 'Oops', pattern: '(' }] }));
  const { code, out, err } = await run();
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(
    /rules\.json has 2 problems:\n {2}- rule "full": its label "Oops" .*\n {2}- rule "full"/,
  );
});

it('accepts labels that only the head has', async () => {
  await writeFile(rulesFile, JSON.stringify({ rules: [{ ...rule, label: 'Mine' }] }));
  expect((await run()).code).toBe(1);
  await writeFile(settings.headFile, headText(['Mine', 'Yours']));
  expect((await run()).code).toBe(0);
});

it.each([
  ['all', ['Mine', 'Yours'], ['"HTTP Status"', '"Error"']],
  ['some', BUILT_IN.filter((label) => label !== 'HTTP Status'), ['"HTTP Status"']],
])(
  'reports that the built-in rules are off if the head lacks %s of their labels',
  async (_, labels, lacking) => {
    settings.rulesFile = undefined;
    await writeFile(settings.headFile, headText(labels));
    const { code, out, err } = await run('--data', await dataFile('source,log_message\nA,disk full\n'));
    expect([code, err]).toEqual([0, '']);
    const [good, off, ...rest] = out.split('\n');
    expect(good).toMatch(/resources\/rules\.json is valid: \d+ rules/);
    expect(off).toMatch(/^The built-in rules are off, .*head\.json lacks their labels ".*RULES_FILE/);
    for (const label of lacking) expect(off).toContain(label);
    expect(rest).toEqual([]);
  },
);

it('checks the built-in rules against the built-in labels, not the label file', async () => {
  settings.rulesFile = undefined;
  await writeFile(settings.headFile, headText(BUILT_IN));
  const { code, out, err } = await run();
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^\S+rules\.json is valid: \d+ rules, version [0-9a-f]{16}\.$/);
});

it('checks rules without a head', async () => {
  await rm(settings.headFile);
  const { code, out, err } = await run();
  expect([code, out]).toEqual([0, expect.stringContaining('rules.json is valid: 2 rules') as string]);
  expect(err).toMatch(
    /^Warning: Without a head, rules can only use the labels of the label file\. .*head\.json: cannot/,
  );
  settings.rulesFile = undefined;
  expect((await run()).out).toMatch(/^\S+rules\.json is valid: \d+ rules, version [0-9a-f]{16}\.$/);
});

it('rejects a pipe as the rule file', async () => {
  await rm(rulesFile);
  makeFifo(rulesFile);
  const { code, err } = await run();
  expect([code, err]).toEqual([1, `${rulesFile}: cannot be read: it is a pipe, not a regular file`]);
});

it('shows the lines that each rule matches', async () => {
  const data = await dataFile('source,log_message\nA,disk full\nB,tape full\nC,fine\nD,disk full\n');
  const { code, out } = await run('--data', data, '--samples', '1');
  expect(code).toBe(0);
  expect(out.split('\n').slice(2)).toEqual([
    `${data}: 4 lines, 3 (75.0 %) match a rule, 1 match none.`,
    '',
    'full -> Error: 3 lines (75.0 %)',
    '    A | disk full',
    '',
    'Never matched: idle',
  ]);
});

it('compares the labels of rules with those of the data', async () => {
  const data = await dataFile(
    'target_label,source,log_message\nError,A,disk full\n Calm ,B,moon full\n,C,full\n',
  );
  const { code, out } = await run('--data', data);
  expect(code).toBe(0);
  expect(out).toContain(
    'full -> Error: 3 lines (100.0 %), 1 right, 1 wrong\n    WRONG, should be Calm: B | moon full\n',
  );
});

it('shows long and hostile messages on one line', async () => {
  const data = await dataFile(`source,log_message\nA,"full\n\u001b[31m${'x'.repeat(500)}"\n`);
  const { out } = await run('--data', data);
  expect(out).toMatch(/^ {4}A \| full\\n\\u001b\[31mx{100,160}…$/m);
});

it.each([
  [['--oops'], /'--oops'/],
  [['file.csv'], /file\.csv/],
  [['--samples', 'many'], /--samples must be a whole number .*, got "many"/],
])('rejects the arguments %j and shows the usage', async (args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toMatch(reason);
  expect(err).toContain('Usage: npm run check-rules -- [--data file.csv] [--samples N]');
});

it.each([
  ['missing data', ['--data', 'no-such.csv'], /^--data: ENOENT.*no-such\.csv/],
  ['data without the columns of a log', ['--data', 'package.json'], /^--data: .*column/],
])('shows the error of %s', async (_, args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(1);
  expect(err).toMatch(reason);
});

const command = (environment: Record<string, string>): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, ['dist/cli/main.js', 'check-rules'], {
    env: { ...process.env, LABELS_FILE: settings.labelsFile, ...environment },
  });

it('runs as a command with the files of the environment', async () => {
  expect((await command({ RULES_FILE: rulesFile })).stdout).toContain(`${rulesFile} is valid: 2 rules`);
  await writeFile(rulesFile, '{');
  await expect(command({ RULES_FILE: rulesFile })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not JSON') as string,
  });
});

it('succeeds as a command if the server would start without rules', async () => {
  const { stdout } = await command({ RULES_FILE: '', HEAD_FILE: settings.headFile });
  expect(stdout).toContain('The built-in rules are off');
});
