import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { csvOptions, problemOf, read } from './support.js';

const header = 'source,log_message\n';

/** A text in pieces that counts the requested pieces. */
function counted(pieces: Iterable<string>): { pulls: number; ended: boolean; text: AsyncGenerator<string> } {
  const state = { pulls: 0, ended: false, text: pull() };
  return state;
  async function* pull(): AsyncGenerator<string> {
    try {
      for (const piece of pieces) {
        state.pulls += 1;
        yield await Promise.resolve(piece);
      }
    } finally {
      state.ended = true;
    }
  }
}

function* repeat(first: string, piece: string, times: number): Generator<string> {
  yield first;
  for (let i = 0; i < times; i++) yield piece;
}

describe('the layout of a table', () => {
  it('has the unchanged header and the dialect of the file', async () => {
    const { layout } = await read('\uFEFFid; LOG_Message;Target_label;"source"\r\n1;b;;a\r\n');
    expect(layout).toEqual({
      preamble: '',
      header: ['id', ' LOG_Message', 'Target_label', 'source'],
      isHeadless: false,
      delimiter: ';',
      newline: '\r\n',
      bom: true,
    });
  });

  it.each([
    ['\n', 'source,log_message\na,b\r\nc,d\ne,f\r'],
    ['\r\n', 'source,log_message\na,b\r\nc,d\r\ne,f\r'],
    ['\r', 'source,log_message\ra,b\n'],
    ['\r\n', 'source,log_message\r\na,"b\n\n\n"\n'],
  ])('has the most frequent line ending %j, the first one on a tie, for %j', async (newline, file) => {
    expect((await read(file)).layout.newline).toBe(newline);
  });

  it('has LF if the file has no line ending', async () => {
    expect((await read('source,log_message')).layout).toMatchObject({
      newline: '\n',
      bom: false,
    });
  });
});

it('returns the line on which each row begins, and counts blank lines and line breaks in cells', async () => {
  const { lineNumbers } = await read('\nsource,log_message\n\nA,"one\r\ntwo"\n\n\nB,three\nC,four');
  expect(lineNumbers).toEqual([4, 8, 9]);
});

describe('a file without a usable header', () => {
  it.each(['', '\uFEFF', '\n', ' \r\n\t\r\n', '\r\r'])('is refused as empty: %j', async (file) => {
    expect((await problemOf(read(file))).code).toBe('csv_empty');
  });

  it.each([
    [
      'id,text\n1,b\n',
      'Columns found: "id", "text". The nearest is "id". Say which column has the message: POST /classify/?message_column=id',
    ],
    ['Backup completed successfully.\n', '?message_column=Backup%20completed%20successfully.'],
    [`source,${'x'.repeat(101)}\nA,b\n`, `Columns found: "source", "${'x'.repeat(40)}…". The nearest`],
    [`source${',c'.repeat(30)}\n`, 'and 11 more'],
    ['sep=;\nsource;x\n', 'Columns found: "source", "x"'],
  ])('is refused with the existing columns and a request that names one: %j', async (file, detail) => {
    const problem = await problemOf(read(file));
    expect(problem).toMatchObject({ code: 'column_missing', place: { column: 'log_message' } });
    expect(problem.detail).toContain(detail);
  });

  it.each([
    ['source,log_message,Source\n', 'source', 'columns 1, 3'],
    [' log_message,source,x,LOG_MESSAGE\n', 'log_message', 'columns 1, 4'],
    ['target_label,source,log_message,target_label\n', 'target_label', 'columns 1, 4'],
  ])('is refused if it names a column twice: %j', async (file, column, detail) => {
    const problem = await problemOf(read(`\n${file}`));
    expect(problem).toMatchObject({ code: 'column_duplicate', place: { line: 2, column } });
    expect(problem.detail).toContain(detail);
  });
});

describe('a malformed row', () => {
  it.each([
    [
      'more cells',
      `${header}a,b\na,b,c\n`,
      3,
      'Line 3 has 3 cells where the header has 2. A cell that contains',
    ],
    ['fewer cells', `${header}a\n`, 2, 'Line 2 has 1 cell where the header has 2.'],
    ['a footer', 'log_message,x,y\na\n', 2, 'Line 2 has 1 cell where the header has 3.'],
    ['too few cells for the message', 'source,x,log_message\na,b\n', 2, 'Line 2 has 2 cells'],
    ['a cell of blanks more', `${header}a,b\na,b, \n`, 3, 'Line 3 has 3 cells'],
    ['after line breaks in cells', `${header}a,"b\r\nc\nd"\n\nx\n`, 6, 'Line 6 has 1 cell'],
    ['text after a quote', `${header}a,"b"c\n`, 2, 'text follows the closing quote'],
    ['an unclosed quote', `${header}a,b\nc,"d\ne,f\ng,h\n`, 3, 'opens on line 3 is never closed'],
    ['very many cells', `${header}a,b\n${','.repeat(20_000)}\n`, 3, 'Line 3 has more than 16,384 cells.'],
    ['an unclosed quote in the header', 'source,"log_message\na,b\n', 1, 'opens on line 1 is never closed'],
    [
      'at the end of a long file',
      `${header}${'a,b\r\n'.repeat(99_998)}a\r\n`,
      100_000,
      'Line 100000 has 1 cell',
    ],
  ])('is refused with its line: %s', async (_name, file, line, detail) => {
    for (const chunkBytes of [999, 65_536]) {
      const problem = await problemOf(read(file, { chunkBytes }));
      expect(problem).toMatchObject({ code: 'csv_malformed', place: { line } });
      expect(problem.detail).toContain(detail);
      // A header cannot be left out.
      if (line > 1) expect(problem.detail).toMatch(/on_error=skip leaves out rows .*\.$/);
      else expect(problem.detail).not.toContain('on_error');
    }
  });
});

describe('a cell over the limit', () => {
  it.each([
    [
      'plain',
      `${header}a,b\nc,${'x'.repeat(101)}\n`,
      3,
      'log_message',
      'has more than 100 characters. Shorten the cell, or raise MAX_CELL_CHARS.',
    ],
    [
      'quoted',
      `${header}"${'x'.repeat(101)}",b\n`,
      2,
      'source',
      'If the quote that opens on line 2 is not closed, close it. Otherwise shorten the cell, or raise MAX_CELL_CHARS.',
    ],
    [
      'one that never ends',
      `${header}a,"${'x,y\n'.repeat(99)}`,
      2,
      'log_message',
      'If the quote that opens on line 2 is not closed',
    ],
    ['in the header', `source,log_message,${'x'.repeat(101)}`, 1, 3, 'column number 3 on line 1'],
  ])('is refused with line and column: %s', async (_name, file, line, column, detail) => {
    for (const pieceChars of [1, 65_536]) {
      const problem = await problemOf(read(file, { maxCellChars: 100, pieceChars }));
      expect(problem).toMatchObject({ code: 'cell_too_large', place: { line, column } });
      expect(problem.detail).toContain(detail);
    }
  });

  it('is refused as soon as it exceeds the limit, before the rest is read', async () => {
    const endless = counted(repeat(`${header}a,"`, 'x,""\r\n'.repeat(1000), 1_000_000));
    const table = await openCsv(endless.text, csvOptions({ maxCellChars: 1_000_000 }));
    expect(await problemOf(table.chunks().next())).toMatchObject({
      code: 'cell_too_large',
      place: { line: 2 },
    });
    // Each piece has 5,000 characters of the cell; 65,536 are parsed at a time.
    expect(endless.pulls).toBeLessThan(1_000_000 / 5000 + 20);
    expect(endless.ended).toBe(true);
  });

  it('is refused in a header whose quote is never closed', async () => {
    const endless = counted(repeat('source,"log_message', 'x,y\n'.repeat(1000), 1_000_000));
    const work = openCsv(endless.text, csvOptions({ maxCellChars: 1_000_000 }));
    expect(await problemOf(work)).toMatchObject({ code: 'cell_too_large', place: { line: 1, column: 2 } });
    expect(endless.pulls).toBeLessThan(300);
    expect(endless.ended).toBe(true);
  });
});

describe('reading', () => {
  it('returns chunks of at most 1,000 rows', async () => {
    const { chunkSizes, rows } = await read(header + 'a,b\n'.repeat(2500));
    expect(chunkSizes).toEqual([1000, 1000, 500]);
    expect(rows).toHaveLength(2500);
  });

  it('returns each row with its line number and raw text, in every chunk', async () => {
    const file = Array.from({ length: 2_100 }, (_, i) => (i % 2 === 0 ? `a,${i}` : `a,"${i}"`));
    const { rows, lineNumbers, rawRows } = await read(header + file.join('\n'));
    expect(rows.map(([, cell]) => cell)).toEqual(file.map((_, i) => String(i)));
    expect(lineNumbers).toEqual(file.map((_, i) => i + 2));
    expect(rawRows).toEqual(file.map((row) => (row.includes('"') ? undefined : row)));
  });

  it('returns no empty chunk after full ones, and none for a header alone', async () => {
    expect((await read(header + 'a,b\n'.repeat(2000))).chunkSizes).toEqual([1000, 1000]);
    expect((await read(header)).chunkSizes).toEqual([]);
  });

  it('returns smaller chunks where rows are long', async () => {
    const { chunkSizes } = await read(header + `a,${'x'.repeat(100_000)}\n`.repeat(25));
    expect(chunkSizes).toEqual([10, 10, 5]);
  });

  it('pulls no more text than the requested chunks need', async () => {
    const source = counted(repeat(header, 'a,b\n'.repeat(500), 10_000));
    const table = await openCsv(source.text, csvOptions({ maxCellChars: 100, pieceChars: 1000 }));
    const chunks = table.chunks();
    for (const expected of [4, 6, 8]) {
      await chunks.next();
      expect(source.pulls).toBeLessThanOrEqual(expected);
    }
  });

  it('closes the text when it is closed early', async () => {
    const source = counted(repeat(header, 'a,b\n'.repeat(5000), 100));
    const table = await openCsv(source.text, csvOptions({ maxCellChars: 100 }));
    for await (const chunk of table.chunks()) {
      expect(chunk.rows).toHaveLength(1000);
      break;
    }
    expect(source.ended).toBe(true);
  });

  it('throws the error of the text', async () => {
    const table = await openCsv(failing(), csvOptions({ maxCellChars: 100 }));
    let rows = 0;
    const work = (async () => {
      for await (const chunk of table.chunks()) rows += chunk.rows.length;
    })();
    await expect(work).rejects.toThrow('connection lost');
    expect(rows).toBeGreaterThan(10_000);
  });
});

async function* failing(): AsyncGenerator<string> {
  yield await Promise.resolve(header + 'a,b\n'.repeat(20_000));
  throw new Error('connection lost');
}

it('counts the cells that short rows get, so that a chunk of them is not larger than others', async () => {
  const names = Array.from({ length: 98 }, (_, i) => `c${i}`).join(',');
  const text = `source,log_message,${names}\n${'A,b,\n'.repeat(100)}`;
  const pieces = (async function* () {
    yield await Promise.resolve(text);
  })();
  const input = await openCsv(pieces, csvOptions({ chunkRecords: 1000, chunkChars: 1000 }));
  const sizes: number[] = [];
  for await (const { rows } of input.chunks()) sizes.push(rows.length);
  expect(sizes).toEqual(Array(10).fill(10));
});
