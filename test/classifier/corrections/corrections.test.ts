import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CorrectionsFileError,
  CorrectionsFullError,
  MAX_CORRECTIONS,
  writeCorrections,
} from '../../../src/classifier/corrections/corrections-file.js';
import { Corrections } from '../../../src/classifier/corrections/corrections.js';
import { TEMPLATE_VERSION } from '../../../src/classifier/template/template.js';
import { correctionOf } from '../../support/corrections.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const LABELS = new Set(['Error', 'User Action']);
const RECORD = { source: 'A', message: 'User 8 left' };

/** A folder that does not exist yet, and what opens its corrections. */
async function folder() {
  const parent = await mkdtemp(join(tmpdir(), 'corrections-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const dir = join(parent, 'data');
  const logger = new RecordingLogger();
  const open = () => Corrections.open(dir, { logger, now: () => new Date('2026-11-26T12:00:00Z') });
  return { parent, dir, file: join(dir, 'corrections.json'), open, logger };
}

/** The file of one correction whose template is `stale`, with some changes. */
function fileText(changes: object = {}): string {
  const corrections = [{ ...correctionOf({ message: 'User 7 left', label: 'Error' }), template: 'stale' }];
  return JSON.stringify({ formatVersion: 1, templateVersion: TEMPLATE_VERSION, corrections, ...changes });
}

describe('Corrections', () => {
  it('act at once, and after a restart', async () => {
    const { open } = await folder();
    const corrections = await open();
    const before = corrections.setFor(LABELS);
    const correction = await corrections.put({ message: 'User 7 left', label: 'User Action', source: ' ' });
    expect(correction).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      message: 'User 7 left',
      template: 'User <num> left',
      label: 'User Action',
      created: '2026-11-26T12:00:00.000Z',
    });
    expect(before.find(RECORD)).toBeUndefined();
    expect(corrections.setFor(LABELS).find(RECORD)?.correction).toEqual(correction);
    const again = await open();
    expect(again.all).toEqual([correction]);
    expect(again.setFor(LABELS).revision).toBe(corrections.setFor(LABELS).revision);
  });

  it('create their folder with the first correction, in a file that only its owner can read', async () => {
    const { open, parent, file } = await folder();
    const corrections = await open();
    expect(await readdir(parent)).toEqual([]);
    await corrections.put({ message: 'x', label: 'Error' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('replace the label of the same template and source, and keep the id', async () => {
    const corrections = await (await folder()).open();
    const first = await corrections.put({ message: 'User 7 left', label: 'Error', source: 'CRM' });
    await corrections.put({ message: 'User 7 left', label: 'Error' });
    const next = await corrections.put({ message: 'User 9 left', label: 'User Action', source: 'crm ' });
    expect(next.id).toBe(first.id);
    expect(corrections.all.map(({ label, source }) => [label, source])).toEqual([
      ['Error', undefined],
      ['User Action', 'crm '],
    ]);
  });

  it('are deleted by id', async () => {
    const { open } = await folder();
    const corrections = await open();
    const { id } = await corrections.put({ message: 'x', label: 'Error' });
    expect(await corrections.remove('none')).toBeUndefined();
    expect(await corrections.remove(id)).toMatchObject({ id });
    expect(corrections.setFor(LABELS).revision).toBeUndefined();
    expect((await open()).all).toEqual([]);
  });

  it('keep all changes that are made at the same time', async () => {
    const { open } = await folder();
    const corrections = await open();
    const messages = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(messages.map((message) => corrections.put({ message, label: 'Error' })));
    expect((await open()).all.map(({ message }) => message)).toEqual(messages);
  });

  it('derive their templates anew when the template version has changed', async () => {
    const { open, dir, file } = await folder();
    await mkdir(dir);
    await writeFile(file, fileText());
    expect((await open()).all[0]?.template).toBe('stale');
    await writeFile(file, fileText({ templateVersion: TEMPLATE_VERSION - 1 }));
    const corrections = await open();
    expect(corrections.setFor(LABELS).find(RECORD)?.classification.label).toBe('Error');
    await corrections.put({ message: 'x', label: 'Error' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      templateVersion: TEMPLATE_VERSION,
      corrections: [{ template: 'User <num> left' }, { template: 'x' }],
    });
  });

  it('are kept but do not act while lines cannot get their label', async () => {
    const corrections = await (await folder()).open();
    const correction = await corrections.put({ message: RECORD.message, label: 'Error' });
    expect(corrections.setFor(new Set(['Other'])).isActing(correction)).toBe(false);
    expect(corrections.setFor(LABELS).isActing(correction)).toBe(true);
  });

  it('give the same set for the same labels until the next change', async () => {
    const corrections = await (await folder()).open();
    const set = corrections.setFor(LABELS);
    expect(corrections.setFor(LABELS)).toBe(set);
    await corrections.put({ message: 'x', label: 'Error' });
    expect(corrections.setFor(LABELS)).not.toBe(set);
  });

  it('do not act if they cannot be written, and later ones are not affected', async () => {
    const { open, dir } = await folder();
    const corrections = await open();
    await writeFile(dir, 'in the way');
    await expect(corrections.put({ message: 'x', label: 'Error' })).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(corrections.all).toEqual([]);
    await rm(dir);
    await corrections.put({ message: 'y', label: 'Error' });
    await rm(dir, { recursive: true });
    await writeFile(dir, 'in the way');
    await expect(corrections.remove(corrections.all[0]?.id ?? '')).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(corrections.all.map(({ message }) => message)).toEqual(['y']);
  });

  it('never put a message into the log', async () => {
    const { open, logger } = await folder();
    const corrections = await open();
    const { id } = await corrections.put({ message: 'hush', label: 'Error' });
    await corrections.remove(id);
    expect(logger.of('info')).toEqual(['a template was corrected', 'a correction was deleted']);
    expect(JSON.stringify(logger.lines)).not.toContain('hush');
  });

  it(`are at most ${MAX_CORRECTIONS}, and bounded in bytes`, async () => {
    const { file } = await folder();
    const many = Array.from({ length: MAX_CORRECTIONS + 1 }, (_, i) =>
      correctionOf({ message: `m${i}`, label: 'Error' }),
    );
    await expect(writeCorrections(file, many)).rejects.toThrow(CorrectionsFullError);
    await writeCorrections(file, many.slice(1));
    const long = correctionOf({ message: 'x'.repeat(17 * 2 ** 20), label: 'Error' });
    await expect(writeCorrections(file, [long])).rejects.toThrow(
      /at most 10000 corrections in 16777216 bytes/,
    );
  });

  it.each([
    ['', /corrections\.json: is not JSON .*Correct the file or restore it from a backup, or move it away/],
    ['{', /is not JSON/],
    ['[]', /is broken: .*expected object/],
    [fileText({ formatVersion: 2 }), /is broken: formatVersion must be 1: a newer version/],
    [fileText({ corrections: [{ id: 'a' }] }), /is broken: corrections\.0\.message /],
  ])('refuse a broken file with a sentence that says how to fix it: %#', async (content, message) => {
    const { open, dir, file } = await folder();
    await mkdir(dir);
    await writeFile(file, content);
    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toThrow(CorrectionsFileError);
  });

  it('refuse a file that cannot be read', async () => {
    const { open, file } = await folder();
    await mkdir(file, { recursive: true });
    await expect(open()).rejects.toThrow(/cannot be read: .*a folder/);
  });
});
