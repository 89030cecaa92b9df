import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EncoderError } from '../../src/classifier/embedding/encoder.js';
import { loadHead } from '../../src/classifier/embedding/head.js';
import { runTrain } from '../../src/cli/train-run.js';
import { program, projectFile } from '../support/dist.js';
import { makeFifo } from '../support/fifo.js';
import { sampleRecords, toCsv } from '../training/sample-data.js';
import { WordEncoder } from '../training/word-encoder.js';

let folder: string;
let dataFile: string;
let headFile: string;
let shippedFile: string;
let encoder: WordEncoder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'train-'));
  [dataFile, headFile] = [join(folder, 'data.csv'), join(folder, 'head.json')];
  await writeFile(dataFile, toCsv(sampleRecords()));
  shippedFile = join(folder, 'shipped.csv');
  await writeFile(shippedFile, toCsv([{ source: 's', message: 'pump is hot', label: 'Error', line: 2 }]));
  encoder = new WordEncoder();
});

afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const settings = {
    dataFile,
    shippedFile,
    headFile,
    labelsFile: projectFile('resources/labels.json'),
    cacheDir: join(folder, '.cache'),
    maxCellChars: 1000,
    openEncoder: () => Promise.resolve(encoder),
    hashEncoder: () => Promise.resolve('hash'),
  };
  const code = await runTrain(args, settings, {
    out: (line) => (out += `${line}\n`),
    err: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

function pipe(): string {
  const path = join(folder, 'pipe');
  makeFifo(path);
  return path;
}

it('trains on the default data and writes the default head', async () => {
  const { code, out, err } = await run();
  expect(code).toBe(0);
  expect((await loadHead(headFile)).labels).toEqual(['Backup', 'Failure', 'Login']);
  expect(out).toMatch(/^72 templates of 72 lines, 3 labels/);
  expect(out).toMatch(/complete sources: expected on new systems +\d+\.\d %/);
  expect(out).toMatch(/random templates: too optimistic +\d+\.\d %/);
  expect(out).toMatch(/Written to .*head\.json, version [0-9a-f]{16}/);
  expect(err).toContain('embedding 72/72, done');
});

it('uses the files of --data and --out and closes the encoder', async () => {
  const [mine, other] = [join(folder, 'mine.csv'), join(folder, 'mine.json')];
  const swapped = sampleRecords().map((record) => ({ ...record, label: `my ${record.label}` }));
  await writeFile(mine, toCsv(swapped));
  expect(await run('--data', mine, '--out', other, '--seed', '7')).toMatchObject({ code: 0 });
  expect((await loadHead(other)).labels).toEqual(['my Backup', 'my Failure', 'my Login']);
  expect(await readFile(other, 'utf8')).toContain('"seed":7');
  expect(await readdir(folder)).not.toContain('head.json');
  expect(encoder.closed).toBe(true);
});

it('compares the new head with the head in use on the same templates', async () => {
  await run();
  const other = join(folder, 'other.csv');
  await writeFile(other, toCsv(sampleRecords().map((record) => ({ ...record, label: 'X' + record.label }))));
  const { out } = await run('--data', other, '--out', join(folder, 'new.json'));
  expect(out).toMatch(/new head, complete sources held out +(9\d|100)\.\d %/);
  expect(out).toMatch(/new head, templates held out +(9\d|100)\.\d %/);
  expect(out).toMatch(/head in use +0\.0 %/);
  expect(out).toMatch(
    /head\.json\. It was trained on 72 of these templates, so its figures are too optimistic\./,
  );
});

it.each([
  ['the data', () => dataFile, /which is also a data file/],
  ['a folder', () => folder, /but it is a folder, not a regular file\. Name another file/],
  ['a pipe', () => pipe(), /but it is a pipe, not a regular file\. Name another file/],
])('does not overwrite %s', async (_, out, reason) => {
  const { code, err } = await run('--out', out());
  expect(code).toBe(1);
  expect(err).toMatch(reason);
  expect(await readFile(dataFile, 'utf8')).toBe(toCsv(sampleRecords()));
});

it('does not overwrite a file that is not a head', async () => {
  const notes = join(folder, 'notes.txt');
  await writeFile(notes, 'dear diary');
  expect(await run('--out', notes)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is not a head') as string,
  });
  expect(await readFile(notes, 'utf8')).toBe('dear diary');
});

it('says why the head in use cannot be compared', async () => {
  expect((await run()).out).toMatch(/head in use cannot be compared: .*head\.json: cannot be read/);
});

it('trains on data and base, and compares on the data alone', async () => {
  const [mine, base] = [join(folder, 'mine.csv'), join(folder, 'base.csv')];
  const records = sampleRecords();
  await writeFile(mine, toCsv(records.slice(0, 30)));
  await writeFile(base, toCsv(records.slice(30)));
  const { out } = await run('--data', mine, '--base', base);
  expect(out).toMatch(/^72 templates of 72 lines, 3 labels/);
  await run();
  expect((await run('--data', mine, '--base', base)).out).toMatch(
    /new head, complete sources held out .* 30$/m,
  );
});

/** Shipped lines: ten that are Unclassified and, of other labels, `ordinary` ones with the same words. */
async function writeShipped(ordinary: number): Promise<void> {
  const word = (index: number): string => 'abcdefghij'[index % 10]?.repeat(1 + Math.floor(index / 10)) ?? '';
  const lines = (count: number, start: string, label: string) =>
    Array.from({ length: count }, (_, index) => ({
      source: `shipped${index % 3}`,
      message: `${start} ${word(index)}`,
      label,
      line: index + 2,
    }));
  await writeFile(
    shippedFile,
    toCsv([...lines(10, 'lunch with', 'Unclassified'), ...lines(ordinary, 'error while reading', 'Error')]),
  );
}

it('adds the shipped Unclassified lines to data without this label, and says so', async () => {
  await writeShipped(0);
  const { out } = await run();
  expect(out).toMatch(/^Your lines have no label Unclassified\. 10 shipped lines with this label were added/);
  expect(out).toContain('82 templates of 82 lines, 4 labels');
  expect((await loadHead(headFile)).labels).toContain('Unclassified');
  const { trainedOn } = JSON.parse(await readFile(headFile, 'utf8')) as { trainedOn: { files: string[] } };
  expect(trainedOn.files).toHaveLength(2);
});

it('compares on the user’s own lines, without the added ones', async () => {
  await writeShipped(0);
  expect((await run()).out).toMatch(/new head, templates held out .* 72$/m);
});

it.each([
  ['with --no-unclassified', ['--no-unclassified'], ''],
  ['if the data has the label', [], 'S,hello there,Unclassified\nS,hello you,Unclassified\n'],
])('adds no lines %s', async (_, args, rows) => {
  await writeShipped(0);
  await writeFile(dataFile, toCsv(sampleRecords()) + rows);
  const { code, out } = await run(...args);
  expect(code).toBe(0);
  expect(out).not.toContain('were added');
  expect(out).toMatch(/^7[24] templates/);
});

it('adds no lines if the base has the label', async () => {
  await writeShipped(0);
  const base = join(folder, 'base.csv');
  await writeFile(base, 'source,log_message,target_label\nS,hello there,Unclassified\n');
  expect((await run('--base', base)).out).toMatch(/^73 templates of 73 lines/);
});

it('still rejects data with a single label of its own', async () => {
  await writeShipped(0);
  await writeFile(dataFile, 'source,log_message,target_label\nA,one,X\n');
  expect((await run()).err).toContain('All rows have the label "X"');
});

it('shows what the head does to ordinary lines, and warns if many get a label of the user', async () => {
  await writeShipped(60);
  const { out } = await run();
  expect(out).toMatch(/60 ordinary lines of other systems become +share\nFailure +\d+\.\d %/);
  expect(out).toMatch(/\d+\.\d % of them get one of your labels with a\sconfidence above the threshold\./);
  expect(out).toContain('Warning: That is much.');
});

it('shows no ordinary lines if all labels are shipped ones or there are few such lines', async () => {
  await writeShipped(40);
  expect((await run()).out).not.toContain('ordinary lines');
  await writeShipped(60);
  const records = sampleRecords().map((record) => ({
    ...record,
    label: record.label === 'Login' ? 'Unclassified' : 'Error',
  }));
  await writeFile(dataFile, toCsv(records));
  expect((await run()).out).not.toContain('ordinary lines');
});

it('cautions against figures from few lines or few systems', async () => {
  expect((await run()).out).toContain('Caution: your lines have only 72 templates of 7 systems.');
  await writeFile(dataFile, toCsv(sampleRecords().map((record) => ({ ...record, source: 'only' }))));
  expect((await run()).out).toContain('Caution: your lines have only 72 templates of a single system.');
});

it('does not encode templates of an earlier run again', async () => {
  const first = (await run()).out;
  expect(encoder.encoded).toBe(72);
  const second = await run();
  expect(encoder.encoded).toBe(72);
  expect(second.err).toContain('embedding 72/72, done');
  expect(second.out.split('\n').slice(0, 5)).toEqual(first.split('\n').slice(0, 5));
});

it('says when complete sources cannot be held out, and warns of problems in the data', async () => {
  const records = sampleRecords().map((record) => ({ ...record, source: 'only' }));
  await writeFile(dataFile, `${toCsv(records)}only,the moon is full,Odd\nonly,backup started of archive,\n`);
  const { code, out, err } = await run();
  expect(code).toBe(0);
  expect(out).toContain('Complete sources cannot be held out: there are fewer than 5.');
  expect(out).toContain(
    'Not measured with random templates held out, because a label needs two templates or more: Odd.',
  );
  expect(err).toContain('Warning: Rows skipped, because they have no target_label: 1 (line 75).');
  expect(err).toMatch(/Warning: The label "Odd" has 1 distinct template, .*: line 74\./);
});

it('names the labels that cannot be measured, and the reason', async () => {
  const odd = Array.from(
    { length: 12 },
    (_, index) => `s,moon ${'x'.repeat(index + 1)} is full,Odd ${index}\n`,
  );
  await writeFile(dataFile, `${toCsv(sampleRecords())}${odd.join('')}t,sun is up,Sun\nt,sun is down,Sun\n`);
  const { out } = await run();
  expect(out).toMatch(/Not measured with complete sources .* Odd 0, Odd 1, .* and 3 more\. The figures, C/);
  expect(out).toMatch(/Recall of each label: .*Sun -/);
  const apart = sampleRecords().map((record) => ({ ...record, source: record.label }));
  await writeFile(dataFile, `${toCsv(apart)}a,moon,Login\nb,sun,Login\n`);
  expect((await run()).out).toContain(
    'Complete sources cannot be held out: fewer than two labels have lines in more than one of them.',
  );
});

it.each([
  ['a missing data file', ['--data', 'nowhere.csv'], /^--data: ENOENT.*nowhere\.csv/],
  ['a missing base file', ['--base', 'nowhere.csv'], /^--base: ENOENT.*nowhere\.csv/],
  ['a missing folder', ['--out', 'nowhere/head.json'], /^--out: ENOENT.*nowhere/],
])('stops before training at %s', async (_, args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(1);
  expect(err).toMatch(reason);
  expect(encoder.encoded).toBe(0);
});

it.each([
  ['without labels', 'source,log_message\nA,one\n', /data\.csv: The column "target_label" .* is missing/],
  ['malformed', 'source,log_message,target_label\nA\n', /data\.csv: Line 2 has 1 cell /],
  ['with one label', 'source,log_message,target_label\nA,one,X\n', /All rows have the label "X"/],
])('rejects data %s', async (_, csv, reason) => {
  await writeFile(dataFile, csv);
  const { code, err } = await run();
  expect(code).toBe(1);
  expect(err).toMatch(reason);
});

it.each([
  ['an unknown option', ['--dta', 'x.csv'], /--dta/],
  ['a missing value', ['--data'], /--data/],
  ['a seed that is not a number', ['--seed', 'x'], /--seed must be a whole number .*, got "x"/],
  ['an argument without an option', ['x.csv'], /x\.csv/],
])('shows its usage after %s', async (_, args, reason) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toMatch(reason);
  expect(err).toContain('Usage: npm run train -- [--data labelled.csv]');
});

it('shows its usage for --help', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, err: expect.stringMatching(/^Usage: /) as string });
  expect(encoder.encoded).toBe(0);
});

it('keeps the old head and closes the encoder when encoding fails', async () => {
  await writeFile(headFile, '{"formatVersion": 1}');
  encoder.encode = () => Promise.reject(new EncoderError('the model broke'));
  expect(await run()).toMatchObject({ code: 1, err: 'the model broke\n' });
  expect(await readFile(headFile, 'utf8')).toBe('{"formatVersion": 1}');
  expect(encoder.closed).toBe(true);
});

it('throws errors of the program itself', async () => {
  encoder.encode = () => Promise.reject(new TypeError('a bug'));
  await expect(run()).rejects.toThrow('a bug');
});

it('runs as a command with the shipped encoder', async () => {
  const args = [program('cli/main.js'), 'train', '--data', dataFile, '--out', headFile];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  expect(stdout).toContain(`Written to ${headFile}`);
  expect((await loadHead(headFile)).encoder.dimension).toBe(384);
});
