import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kindOf, type RowBatch } from '../../src/jobs/store/batch.js';
import { DATABASE_FILE } from '../../src/jobs/store/database.js';
import { OpenDatabases } from '../../src/jobs/store/operations.js';
import { temporaryFolder } from '../support/jobs.js';

const LABEL = { label: 'Error', tier: 'embedding', confidence: 0.75 };

/** Consecutive rows with these messages. Each message is its own template. */
function batchOf(firstRow: number, messages: readonly string[], changes: Partial<RowBatch> = {}): RowBatch {
  const all = <Value>(value: Value): Value[] => messages.map(() => value);
  const kinds = messages.map((message) => kindOf(message, LABEL));
  return {
    ...{ firstRow, messages, kinds, lines: messages.map((_, index) => firstRow + index + 2) },
    ...{ sources: all('S'), labels: all('Error'), tiers: all('embedding'), confidences: all(0.75) },
    ...{
      rules: all(null),
      notes: all(null),
      tops: all(null),
      times: all(null),
      ownLabels: all(null),
      cuts: all(false),
    },
    templates: messages.map((message, index) => ({
      kind: kinds[index] ?? 0n,
      template: message,
      example: message,
    })),
    ...changes,
  };
}

function numbered(count: number, text = 'message'): string[] {
  return Array.from({ length: count }, (_, index) => `${text} ${index}`);
}

/** A store that has labelled these messages. */
async function stored(messages: readonly string[], changes: Partial<RowBatch> = {}) {
  const [dir, databases] = [await temporaryFolder(), new OpenDatabases()];
  onTestFinished(() => void databases.run(dir, 'close', []));
  const run = (name: Parameters<OpenDatabases['run']>[1], ...args: unknown[]) =>
    databases.run(dir, name, args);
  // A chunk has fewer rows than this.
  for (let first = 0; first < messages.length; first += 2000) {
    const part = <Value>(all: readonly Value[] | undefined) => all?.slice(first, first + 2000);
    const given = Object.entries(changes).map(([name, all]) => [name, part(all as unknown[])]);
    await run('append', batchOf(first, part(messages) ?? [], Object.fromEntries(given) as Partial<RowBatch>));
  }
  await run('commit');
  await run('countKinds');
  return { dir, databases, run };
}

const ALL = { filter: {}, from: 0, limit: 500 };

describe('The store of rows', () => {
  it('gives back texts with NUL, lone surrogates and SQL as they are, surrogates replaced', async () => {
    const texts = ['a\0b', '\ud800 alone', "'; DROP TABLE rows; --", '\u{1F4A5}', '', '?', '%\\_'];
    const { run } = await stored(texts, { sources: texts, ownLabels: texts });
    const page = (await run('rowsPage', ALL)) as { rows: { message: string; source: string }[] };
    const kept = texts.map((text) => text.replace('\ud800', '\ufffd'));
    expect(page.rows.map(({ message }) => message)).toEqual(kept);
    expect(page.rows.map(({ source }) => source)).toEqual(kept);
  });

  it.each([["'; DROP TABLE rows; --"], ['a\0b'], ['" OR 1=1']])(
    'takes the filter %j as a text',
    async (text) => {
      const { run } = await stored(['one', text], { sources: ['x', text], ownLabels: [null, text] });
      for (const filter of [{ sources: [text] }, { ownLabels: [text] }]) {
        expect(await run('rowsPage', { ...ALL, filter })).toMatchObject({ rows: [{ message: text }] });
      }
      expect(await run('rowsPage', { ...ALL, text })).toMatchObject({ rows: [{ message: text }] });
      expect(await run('rowsPage', { ...ALL, filter: { labels: [text], templates: [text] } })).toMatchObject({
        rows: [],
        next: null,
      });
    },
  );

  it('counts ten thousand distinct labels of the input, and shows the largest pairs', async () => {
    const labels = numbered(10_000, 'own').map((label, index) => (index < 3 ? 'Error' : label));
    const { run } = await stored(numbered(10_000), { ownLabels: labels });
    const { ownLabels } = (await run('summarise')) as { ownLabels: { pairs: unknown[] } };
    expect(ownLabels).toMatchObject({ rows: 10_000, agreeing: 3 });
    expect(ownLabels.pairs).toHaveLength(400);
    expect(ownLabels.pairs[0]).toEqual({ of: { own: 'Error', label: 'Error' }, rows: 3 });
  });

  it('summarises a job without rows', async () => {
    const { run } = await stored([]);
    expect(await run('summarise')).toEqual({
      ...{ rows: 0, templates: 0, rejected: 0, sources: 0, labels: [], sourceLabels: [], notes: [] },
      confidence: new Array(20).fill(0),
    });
    expect(await run('templatesPage', { filter: {}, order: 'rows', skip: 0, limit: 5 })).toEqual({
      ...{ templates: [], count: 0, rows: 0 },
    });
  });

  it('shows the first message of a template as its example, also if a later one was sent again', async () => {
    const [dir, databases] = [await temporaryFolder(), new OpenDatabases()];
    const kind = kindOf('job <num>', LABEL);
    for (const [row, example] of ['job 7', 'job 3', 'job 9'].entries()) {
      const templates = [{ kind, template: 'job <num>', example }];
      await databases.run(dir, 'append', [batchOf(row, [example], { kinds: [kind], templates })]);
    }
    await databases.run(dir, 'commit', []);
    await databases.run(dir, 'countKinds', []);
    const question = { filter: {}, order: 'rows', skip: 0, limit: 5 };
    expect(await databases.run(dir, 'templatesPage', [question])).toMatchObject({
      templates: [{ example: 'job 7', rows: 3 }],
    });
    await databases.run(dir, 'close', []);
  });

  it('names the source that comes first of those that have as many rows, and labels by name, whatever came first', async () => {
    const sources = ['z', 'b', 'c', 'z', 'b', 'c', 'a'];
    const { run } = await stored(new Array<string>(7).fill('same'), { sources });
    const question = { filter: {}, order: 'rows', skip: 0, limit: 5 };
    expect(await run('templatesPage', question)).toMatchObject({ templates: [{ source: 'z', sources: 4 }] });
    const labels = ['Z', 'A', 'M', 'A', 'Z', 'M'];
    const others = await stored(numbered(6), {
      labels,
      kinds: numbered(6).map((message, index) => kindOf(message, { ...LABEL, label: labels[index] ?? '' })),
      templates: numbered(6).map((message, index) => ({
        kind: kindOf(message, { ...LABEL, label: labels[index] ?? '' }),
        template: message,
        example: message,
      })),
    });
    const summary = (await others.run('summarise')) as { labels: { of: { label: string } }[] };
    expect(summary.labels.map(({ of }) => of.label)).toEqual(['A', 'M', 'Z']);
  });

  it('refuses rows that do not follow on the last ones', async () => {
    const { run } = await stored(numbered(3));
    await expect(run('append', batchOf(4, ['gap']))).rejects.toThrow('the next row is 3');
    await expect(run('append', batchOf(2, ['again']))).rejects.toThrow('the next row is 3');
    expect(await run('rowCount')).toBe(3);
  });

  it('keeps rows that are not committed when other databases are opened', async () => {
    const [databases, dirs] = [new OpenDatabases(), await Promise.all(numbered(6).map(temporaryFolder))];
    const [first = ''] = dirs;
    await databases.run(first, 'append', [batchOf(0, ['one'])]);
    for (const dir of dirs) await databases.run(dir, 'rowCount', []);
    await databases.run(first, 'append', [batchOf(1, ['two'])]);
    await databases.run(first, 'commit', []);
    expect(await databases.run(first, 'rowCount', [])).toBe(2);
    await Promise.all(dirs.map((dir) => databases.run(dir, 'close', [])));
  });

  it('can be cleared amid a transaction, and when its file is damaged', async () => {
    const { dir, databases, run } = await stored(['one']);
    await run('append', batchOf(1, ['two']));
    await run('clear');
    expect(await run('rowCount')).toBe(0);
    await run('close');
    await writeFile(join(dir, DATABASE_FILE), 'no database');
    await expect(run('rowCount')).rejects.toThrow(/database/);
    await run('clear');
    expect(await databases.run(dir, 'rowCount', [])).toBe(0);
  });

  it('closes a database in turn with what uses it', async () => {
    const { run } = await stored(['one']);
    const answers = [run('rowCount'), run('close'), run('rowCount'), run('clear'), run('rowCount')];
    expect(await Promise.all(answers)).toEqual([1, undefined, 1, undefined, 0]);
  });

  it('writes the rows that fit a filter as Parquet', async () => {
    const { dir, run } = await stored(['one', 'two', 'three'], { times: [1_700_000_000_123, null, null] });
    const file = join(dir, "it's.parquet");
    await run('writeParquet', file, { labels: ['Error'], minConfidence: 0.5 });
    const bytes = await readFile(file);
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  it('divides the time of its rows into at most sixty intervals', async () => {
    const hours = Array.from({ length: 48 }, (_, index) => 1_700_000_000_000 + index * 3_600_000);
    const { run } = await stored(numbered(48), { times: hours });
    const { times } = (await run('summarise')) as { times: { width: number; labels: { rows: number[] }[] } };
    expect(times).toMatchObject({ first: hours[0], last: hours[47], width: 3_600_000, rowsWithTime: 48 });
    expect(times.labels[0]?.rows.reduce((sum, rows) => sum + rows, 0)).toBe(48);
  });
});
