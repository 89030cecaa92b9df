import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { SkippedRecords } from '../../../src/formats/format.js';
import { csvOptions, problemOf, read, relabel, type ReadOptions } from './support.js';

const header = 'source,log_message\n';

/** Reads a file in skip mode. Returns the second cells of its rows, and the lines of the rows that were left out. */
async function skipping(rows: string, options: ReadOptions = {}): Promise<[string, number[]]> {
  const table = await read(header + rows, { onError: 'skip', ...options });
  return [table.rows.map(([, cell]) => cell).join(' '), table.counts.skipped.first.map(({ line }) => line)];
}

describe('with on_error=skip', () => {
  it.each<[string, string, string, number[]]>([
    ['a footer', 'a,1\na,2\n\n(2 rows affected)\n', '1 2', [5]],
    ['backslash quotes', 'a,"{\\"x\\":\\"y\\"}"\na,2\n', '2', [2]],
    ['an unclosed quote', 'a,"1\na,2\na,3\n', '2 3', [2]],
    ['two unclosed quotes in a row', 'a,"1\na,"2\na,3\n', '3', [2, 3]],
    ['an unclosed quote that a later cell closes', 'a,"1\na,2\na,"3"\na,4\n', '2 3 4', [2]],
    ['a quote that makes two rows one', 'a,"1\na,2"\na,"3\n4"\n', '1\na,2 3\n4', []],
    ['a row too wide because of a quote', '"a,1\na,2\n",b,c\na,3\n', '2 3', [2, 4]],
    ['a file cut off in a stack trace', 'a,1\na,"E\n  at ""f"", 3\n\n at x, y\n', '1', [3]],
    ['a row cut off before its message', 'a,1\na', '1', [3]],
    ['lines after a bad row, each bad', 'a,"1\nb\na,2\nc\nd\ne"f,3\n', '2 3', [2, 5]],
    ['blank lines in a bad row', 'a,"1\n\n \na,2\n\n', '2', [2]],
    ['the only row', 'a,"', '', [2]],
  ])('%s is left out, and reading goes on at the next line', async (_name, rows, cells, lines) => {
    for (const pieceChars of [1, 5, 65_536])
      expect(await skipping(rows, { pieceChars })).toEqual([cells, lines]);
  });

  it('the reason of a row is the error that it would give', async () => {
    const { counts } = await read(`${header}a,1\na\n`, { onError: 'skip' });
    expect(counts.skipped.first).toEqual([{ line: 3, reason: 'Line 3 has 1 cell where the header has 2.' }]);
  });

  it('the first hundred rows that were left out are kept, and all are counted', async () => {
    const { counts } = await read(`${header}${'x\n'.repeat(5000)}a,1\n`, { onError: 'skip' });
    expect(counts.skipped.count).toBe(5000);
    expect(counts.skipped.first).toHaveLength(SkippedRecords.KEPT);
  });

  it('a cell over the limit is left out with its row', async () => {
    const large = 'x'.repeat(13);
    for (const row of [`a,${large}`, `a,"${large}"`, `a,"xxxxxx\na,y${large}"`, `"${'""'.repeat(13)}",b`]) {
      for (const pieceChars of [1, 5, 65_536]) {
        const [cells, lines] = await skipping(`${row}\na,2\n`, { maxCellChars: 12, pieceChars });
        expect([cells, lines[0]]).toEqual(['2', 2]);
      }
    }
  });

  it('bad rows are left out in turns of the event loop, so that others run meanwhile', async () => {
    async function* pieces() {
      yield await Promise.resolve(`${header}a,"${'x\n'.repeat(100_000)}`);
    }
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const input = await openCsv(pieces(), csvOptions({ onError: 'skip' }));
    for await (const chunk of input.chunks()) expect(chunk.rows).toEqual([]);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('a malformed header is still an error', async () => {
    const work = read('source,"log_message\na,b\n', { onError: 'skip' });
    expect(await problemOf(work)).toMatchObject({ code: 'csv_malformed', place: { line: 1 } });
  });

  it('rows come back as they would without the bad ones', async () => {
    const file = 'source,log_message,x\r\n a ,b,\r\n(1 row)\r\na,"c ""d""",\r\na,e\r\n';
    expect(await relabel(file, 'L', { onError: 'skip' })).toBe(
      'source,log_message,x,target_label\r\n a ,b,,L\r\na,"c ""d""",,L\r\na,e,,L\r\n',
    );
  });
});

describe('the work with on_error=skip', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Counts the characters that are searched, split or matched while a text is read. */
  async function work(
    text: string,
    options: ReadOptions = {},
  ): Promise<{ chars: number; rows: number; skipped: number }> {
    let chars = 0;
    /* eslint-disable @typescript-eslint/unbound-method -- they are called with their text as `this` */
    const { indexOf } = String.prototype;
    const split = String.prototype.split as (by: string) => string[];
    /* eslint-enable @typescript-eslint/unbound-method */
    vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (
      this: string,
      needle: string,
      from = 0,
    ) {
      const found = indexOf.call(this, needle, from);
      chars += (found === -1 ? this.length : found) - from;
      return found;
    });
    vi.spyOn(String.prototype, 'split').mockImplementation(function (this: string, by: unknown) {
      chars += this.length;
      return split.call(this, by as string);
    });
    async function* pieces() {
      yield await Promise.resolve(header + text);
    }
    const input = await openCsv(pieces(), csvOptions({ onError: 'skip', ...options }));
    let rows = 0;
    for await (const chunk of input.chunks()) rows += chunk.rows.length;
    vi.restoreAllMocks();
    return { chars, rows, skipped: input.counts.skipped.count };
  }

  it.each([
    ['"\n'],
    ['""\n'],
    ['"""x\n'],
    ['a","b\n'],
    ['a,"b\n'],
    ['a,"b\nc,d\n'],
    ['a,"b\n"\n'],
    ['x\n"a\n'],
    ['"a\nb"c,'],
    ['"a\n","b\n",'],
    ['"\r'],
    ['a,"b\r\r\n'],
    ['x\r'],
    ['\r'],
    ['"a""\n'],
  ])('grows in proportion to the number of lines %j', async (line) => {
    const [once, twice] = [await work(line.repeat(40_000)), await work(line.repeat(80_000))];
    expect(twice.chars / once.chars).toBeLessThan(2.3);
    expect(twice.chars / (line.length * 80_000)).toBeLessThan(20);
  });

  it.each([
    ['a quote that is never closed', `a,"${'x,y\n'.repeat(200_000)}`],
    ['cells that are too large', `a,"${'x\n'.repeat(2_000)}"\n`.repeat(100)],
    ['a row too large to be read again', `"${'x,y\n'.repeat(240)}",`.repeat(400)],
  ])('is linear for %s', async (_name, text) => {
    const { chars, rows } = await work(text, { maxCellChars: 1_000 });
    expect(chars / text.length).toBeLessThan(20);
    expect(rows).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['a cell of 5 MB', `a,${'x'.repeat(5_000_000)}\na,b\n`, 1],
    ['a quoted cell of 5 MB', `a,"${'x'.repeat(5_000_000)}"\na,b\n`, 1],
    ['10 million columns', `${','.repeat(10_000_000)}\na,b\n`, 1],
    ['10 million quoted columns', `${'"",'.repeat(3_000_000)}\na,b\n`, 1],
  ])('is linear for %s, and the next row is read', async (_name, text, expected) => {
    const { chars, rows, skipped } = await work(text, { maxCellChars: 1_000_000 });
    expect([rows, skipped]).toEqual([expected, 1]);
    expect(chars / text.length).toBeLessThan(12);
  });
});

it('a table of 16,384 columns is read', async () => {
  const names = Array.from({ length: 16_383 }, (_, i) => `c${i}`).join(',');
  const row = 'x,'.repeat(16_383);
  const { rows, counts } = await read(`log_message,${names}\n${`${row}\n`.repeat(20)}`, { onError: 'skip' });
  expect([rows.length, rows[0]?.length, counts.skipped.count]).toEqual([20, 16_384, 0]);
});
