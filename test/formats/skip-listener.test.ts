import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../src/formats/csv/csv-input.js';
import {
  MAX_REJECTED_CHARS,
  type Input,
  type ReadOptions,
  type RejectedRecord,
} from '../../src/formats/format.js';
import { openJson } from '../../src/formats/json/open-json.js';
import { openNdjson } from '../../src/formats/json/open-ndjson.js';
import { openLines } from '../../src/formats/lines/lines-input.js';
import { openXlsx } from '../../src/formats/xlsx/xlsx-input.js';
import { propertyRuns } from '../support/property-runs.js';
import { inPieces } from './json/support.js';
import { optionsWith } from './read-options.js';
import { fileOf, packWorkbook } from './xlsx/support.js';

type Open = (text: AsyncGenerator<string, void>, options: ReadOptions) => Promise<Input>;

/** Reads a text in pieces with on_error=skip. Returns what the listener got. */
async function rejectedOf(
  open: Open,
  text: string,
  options: Partial<ReadOptions> & { pieceChars?: number } = {},
): Promise<RejectedRecord[]> {
  const rejected: RejectedRecord[] = [];
  const onSkip = (skipped: RejectedRecord): number => rejected.push(skipped);
  const { text: pieces } = inPieces(text, options.pieceChars);
  const input = await open(pieces, optionsWith({ onError: 'skip', onSkip, ...options }));
  for await (const { records, lines } of input.chunks()) expect(lines).toHaveLength(records.length);
  expect(rejected).toHaveLength(input.counts.skipped.count);
  expect(rejected.slice(0, 100).map(({ line, reason }) => ({ line, reason }))).toEqual(
    input.counts.skipped.first,
  );
  return rejected;
}

/** Returns line and text of what was skipped. */
async function textsOf(...args: Parameters<typeof rejectedOf>): Promise<(readonly [number, string])[]> {
  return (await rejectedOf(...args)).map(({ line, text }) => [line, text] as const);
}

const table = 'source,log_message\n';

describe('A table tells of each row that is left out', () => {
  it.each([
    ['of one line', `${table}a,b\nx\nc,d`, [[3, 'x']]],
    ['at the end', `${table}a,b\r\nx,y,z\r\n`, [[3, 'x,y,z']]],
    [
      'after another one',
      `${table}a,b\nx\n\ny\nc,d`,
      [
        [3, 'x'],
        [5, 'y'],
      ],
    ],
    [
      'with its lines that were read again',
      `${table}a,"b\n  at c\n  at d"e\nf,g`,
      [[2, 'a,"b\n  at c\n  at d"e']],
    ],
    ['up to the next good row', `${table}a,"b\nc,d\ne,f`, [[2, 'a,"b']]],
    ['with a cell that is too large', `${table}${'x'.repeat(40)},b\na,b`, [[2, `${'x'.repeat(40)},b`]]],
  ])('%s', async (_, file, expected) => {
    for (const pieceChars of [1, 7, Infinity])
      expect(await textsOf(openCsv, file, { pieceChars, maxCellChars: 30 }), `${pieceChars}`).toEqual(
        expected,
      );
  });

  it('and of the first row, if there is no header', async () => {
    const fields = { ...optionsWith().fields, messageColumn: '2' };
    expect(await textsOf(openCsv, '2026-11-26 05:00:00,a\nx\n', { fields })).toEqual([[2, 'x']]);
  });

  it('with the start of a long row', async () => {
    const row = `${'a\n'.repeat(MAX_REJECTED_CHARS)}"x`;
    const [rejected, ...others] = await rejectedOf(openCsv, `${table}s,"${row},y\nc,d\n`, {
      pieceChars: 5000,
    });
    expect(rejected).toMatchObject({ line: 2, isCut: true });
    expect(rejected?.text).toBe(`s,"${row}`.slice(0, MAX_REJECTED_CHARS));
    expect(others).toMatchObject([{ text: '"x,y' }]);
  });

  it('with the same text wherever pieces end, which are parts of the file in order', async () => {
    const unit = fc.constantFrom(
      'a',
      '"',
      '""',
      ',',
      ',"',
      '",',
      '\n',
      '\n',
      '\r',
      '\r\n',
      ' ',
      'x'.repeat(31),
    );
    const text = fc.string({ unit, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (rows, pieceChars) => {
        const file = table + rows;
        const whole = await rejectedOf(openCsv, file, { maxCellChars: 30 });
        expect(await rejectedOf(openCsv, file, { maxCellChars: 30, pieceChars })).toEqual(whole);
        let at = table.length;
        for (const { text } of whole) {
          at = file.indexOf(text, at) + text.length;
          expect(at).toBeGreaterThanOrEqual(table.length + text.length);
        }
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});

it('plain lines tell of a line that is too long, with its start', async () => {
  const long = 'x'.repeat(30);
  for (const pieceChars of [1, 7, Infinity])
    expect(await textsOf(openLines, `a\n${long}\n\nb\n${long}`, { pieceChars, maxCellChars: 20 })).toEqual([
      [2, long],
      [5, long],
    ]);
  const [cut] = await rejectedOf(openLines, `a\n${'y'.repeat(MAX_REJECTED_CHARS - 1)}😀\n`, {
    maxCellChars: 20,
  });
  expect(cut).toMatchObject({ text: 'y'.repeat(MAX_REJECTED_CHARS - 1), isCut: true });
});

describe('JSON tells of each record that is left out', () => {
  const good = '{"message":"a"}';
  it.each([
    [
      'of a list',
      openJson,
      `[${good},\n 12,\n{"message":1,,},\n"b", [3], null ]`,
      [
        [2, '12'],
        [3, '{"message":1,,}'],
        [4, '[3]'],
        [4, 'null'],
      ],
    ],
    ['that is broken at the end of a list', openJson, `[${good},\n{"message":"b"`, [[2, '{"message":"b"']]],
    [
      'with its lines',
      openJson,
      `[${good},\n{"message":\n "b" "c"\n},\n${good}]`,
      [[2, '{"message":\n "b" "c"\n}']],
    ],
    ['of text between elements', openJson, `[${good} x\n,${good}]`, [[1, 'x']]],
    [
      'of NDJSON',
      openNdjson,
      `${good}\n  {"message":  \n12\n${good}`,
      [
        [2, '{"message":'],
        [3, '12'],
      ],
    ],
    [
      'of objects on several lines',
      openNdjson,
      `{\n"message":"a"\n}\n{\n"x" "y"\n}\n{"message":"b"}`,
      [[4, '{\n"x" "y"\n}']],
    ],
    [
      'of logs',
      openJson,
      `{"logs":[${good},\n12 , "a,]" ,\n{"x":1}, true]}`,
      [
        [2, '12'],
        [2, '"a,]"'],
        [3, '{"x":1}'],
        [3, 'true'],
      ],
    ],
    ['of logs that are cut off', openJson, `{"logs":[${good},\n{"message":"b`, [[2, '{"message":"b']]],
    ['that is the only one', openJson, ' {"x": 1}\n', [[1, '{"x": 1}']]],
  ])('%s', async (_, open, text, expected) => {
    for (const pieceChars of [1, 7, Infinity])
      expect(await textsOf(open, text, { pieceChars }), `${pieceChars}`).toEqual(expected);
  });

  it('with the start of a long record', async () => {
    const long = `{"message":"a" "${'x'.repeat(2 * MAX_REJECTED_CHARS)}"}`;
    for (const [open, text] of [
      [openJson, `[${good},\n${long}\n,${good}]`],
      [openNdjson, `${good}\n${long}\n${good}`],
    ] as const) {
      const rejected = await rejectedOf(open, text, { pieceChars: 3000 });
      expect(rejected).toMatchObject([{ line: 2, text: long.slice(0, MAX_REJECTED_CHARS), isCut: true }]);
    }
  });
});

it('a workbook tells of a row as CSV, with the number of the row in the sheet', async () => {
  const cell = (text: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
  const row = (number: number, ...cells: string[]): string =>
    `<row r="${number}">${cells.map(cell).join('')}</row>`;
  const rows = [
    row(2, 'source', 'log_message'),
    row(3, 'A', 'one\ntwo'),
    row(5, 'B', '"three"'),
    row(6, 'C', `${'x'.repeat(40)} y`),
    row(3000, 'D', 'five\n\nsix'),
    row(3001, 'E', 'seven'),
  ];
  const workbook = await fileOf(await packWorkbook({ rows: rows.join('') }));
  const rejected: RejectedRecord[] = [];
  const options = optionsWith({
    onError: 'skip',
    maxCellChars: 30,
    onSkip: (skipped) => rejected.push(skipped),
  });
  const input = await openXlsx(workbook, { ...options, maxUnpackedBytes: 1_000_000 }, openCsv);
  const lines: number[] = [];
  for await (const chunk of input.chunks()) lines.push(...chunk.lines);
  expect(lines).toEqual([3, 5, 3000, 3001]);
  expect(rejected).toMatchObject([{ line: 6, text: `C,${'x'.repeat(40)} y` }]);
  expect(rejected[0]?.reason).toContain('on line 6 ');
});
