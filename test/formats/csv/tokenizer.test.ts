import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/formats/csv/tokenizer.js';
import { propertyRuns } from '../../support/property-runs.js';

interface Token {
  row: string[];
  line: number;
}

/** Returns all rows with their lines, from text pushed in pieces of `size`. */
function tokenize(text: string, size = text.length + 1, maxCellChars = 1000): Token[] {
  const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars });
  const tokens: Token[] = [];
  const drain = (): void => {
    for (let row = tokenizer.next(); row; row = tokenizer.next()) tokens.push({ row, line: tokenizer.line });
  };
  for (let at = 0; at < text.length; at += size) {
    tokenizer.push(text.slice(at, at + size));
    drain();
  }
  tokenizer.end();
  drain();
  return tokens;
}

const rowsOf = (text: string, size?: number): string[][] => tokenize(text, size).map(({ row }) => row);

describe('Tokenizer', () => {
  it.each<[string, string[][]]>([
    ['', []],
    ['a,b', [['a', 'b']]],
    ['a,b\n', [['a', 'b']]],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['a,', [['a', '']]],
    ['a\nb\r\nc\rd', [['a'], ['b'], ['c'], ['d']]],
    ['a\r\r\nb', [['a'], ['b']]],
    ['a\r\r\r\nb\r\r', [['a'], [''], ['b'], ['']]],
    ['"a\r\r\nb"\r\r\nc', [['a\r\r\nb'], ['c']]],
    ['a\n\nb\n', [['a'], [''], ['b']]],
    ['"a,b",c', [['a,b', 'c']]],
    ['"a\nb\r\nc\rd",e\nf', [['a\nb\r\nc\rd', 'e'], ['f']]],
    ['"a""b","""",""', [['a"b', '"', '']]],
    ['"","",', [['', '', '']]],
    ['say "hi",5" disk\nx', [['say "hi"', '5" disk'], ['x']]],
    [' "a" ,b', [[' "a" ', 'b']]],
    ['"a"\r\n"b"\r"c"', [['a'], ['b'], ['c']]],
    ['😀,"😀\n"', [['😀', '😀\n']]],
  ])('cuts %j, whatever the pieces', (text, rows) => {
    for (let size = 1; size <= text.length + 1; size++) expect(rowsOf(text, size)).toEqual(rows);
  });

  it('counts the lines inside quoted cells and blank lines', () => {
    const text = 'h\n"a\nb\r\nc\rd",x\r\n\r\ne\r"f\n""\n",g\nh';
    for (let size = 1; size <= text.length + 1; size++) {
      expect(tokenize(text, size).map(({ line }) => line)).toEqual([1, 2, 6, 7, 8, 11]);
    }
  });

  it('counts the line endings of rows, not those inside cells', () => {
    const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars: 10 });
    tokenizer.push('a\r\n"\n\n"\r\nb\nc\r\n');
    while (tokenizer.next());
    expect([...tokenizer.newlines]).toEqual([
      ['\r\n', 3],
      ['\n', 1],
    ]);
  });

  it('accepts a cell of exactly the limit and refuses one character more', () => {
    for (const form of ['#', '"#"', '"#"\r', 'a,#\r\n', 'a,"#"\r\n']) {
      for (let size = 1; size <= 20; size++) {
        expect(() => tokenize(form.replace('#', 'x'.repeat(10)), size, 10)).not.toThrow();
        expect(() => tokenize(form.replace('#', 'x'.repeat(11)), size, 10)).toThrow(
          'more than 10 characters',
        );
      }
    }
    expect(() => tokenize(`"${'""'.repeat(10)}"`, 1, 10)).not.toThrow();
    expect(() => tokenize(`"${'""'.repeat(11)}"`, 1, 10)).toThrow('more than 10 characters');
  });

  it.each([
    ['a\n"b"c\n', 2],
    ['a\n"b" ,c\n', 2],
    ['"a\nb"c', 2],
  ])('refuses text after a closing quote in %j and names line %i', (text, line) => {
    for (let size = 1; size <= 8; size++) {
      expect(() => tokenize(text, size)).toThrow(
        expect.objectContaining({ code: 'csv_malformed', place: { line } }) as Error,
      );
    }
  });

  it('refuses a row of very many cells early, even if the limit of a cell is very large', () => {
    const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars: 1_000_000_000 });
    const push = (): void => {
      for (let pieces = 0; pieces < 20; pieces += 1) {
        tokenizer.push(','.repeat(100_000));
        tokenizer.next();
      }
    };
    expect(push).toThrow('Line 1 has more than 16,384 cells');
  });

  it('refuses a row of very many cells before it uses much memory', () => {
    const commas = ','.repeat(1000);
    const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars: 10 });
    let pushed = 0;
    const push = (): void => {
      for (; pushed < 1000; pushed++) {
        tokenizer.push(commas);
        tokenizer.next();
      }
    };
    expect(push).toThrow('Line 1 has more than 16,384 cells');
    expect(pushed).toBe(16);
  });

  it('refuses a row whose cells together are too large', () => {
    const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars: 1_000_000 });
    const cell = `${'x'.repeat(999_999)},`;
    const push = (): void => {
      for (let i = 0; i < 20; i++) {
        tokenizer.push(cell);
        tokenizer.next();
      }
    };
    expect(push).toThrow(
      expect.objectContaining({
        code: 'cell_too_large',
        place: { line: 1 },
        message: 'The row on line 1 has more than 16,000,000 characters. Remove columns, or shorten cells.',
      }) as Error,
    );
  });

  it('prefers a push as long as the incomplete cell, up to the limit, so that copying stays linear', () => {
    const tokenizer = new Tokenizer({ delimiter: ',', maxCellChars: 1000 });
    const preferred = [300, 300, 300].map((length) => {
      tokenizer.push('x'.repeat(length));
      tokenizer.next();
      return tokenizer.preferredPushChars;
    });
    expect(preferred).toEqual([300, 400, 100]);
  });

  it('returns the same rows, lines or error for every way to split the text into pieces', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '""', ',', '\n', '\r', '\r\n', ' '),
      maxLength: 30,
    });
    const outcome = (input: string, size: number): unknown => {
      try {
        return tokenize(input, size, 8);
      } catch (error) {
        return (error as Error).message;
      }
    };
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (input, size) => {
        expect(outcome(input, size)).toEqual(outcome(input, 1000));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});
