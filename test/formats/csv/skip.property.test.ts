import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { propertyRuns } from '../../support/property-runs.js';
import { csvOptions, read } from './support.js';

const header = 'source,log_message\n';
const start = `${header}first,row\n`;

/** Returns rows, line numbers and what was left out, for a text in pieces of this size. */
async function outcome(text: string, pieceChars: number, maxCellChars = 30): Promise<object> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += pieceChars)
      yield await Promise.resolve(text.slice(at, at + pieceChars));
  }
  const input = await openCsv(pieces(), csvOptions({ onError: 'skip', maxCellChars, pieceChars }));
  const rows: unknown[] = [];
  for await (const chunk of input.chunks())
    chunk.rows.forEach((row, i) => rows.push([chunk.lines[i], chunk.rawRows[i], row]));
  return { rows, skipped: input.counts.skipped, blankLines: input.counts.blankLines };
}

describe('with on_error=skip', () => {
  it('the result does not depend on where the pieces of the text end', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '""', ',', ',"', '",', '\n', '\n', '\r', '\r\n', ' ', 'x'.repeat(31)),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (rows, pieceChars) => {
        expect(await outcome(header + rows, pieceChars)).toEqual(await outcome(header + rows, 100_000));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });

  it('a file without bad rows is read as without it', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' '), maxLength: 6 });
    const rows = fc.array(fc.tuple(cell, cell), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (cells, pieceChars) => {
        const file = header + cells.map((row) => row.map(quoted).join(',')).join('\n');
        const { rows, lineNumbers, counts } = await read(file, { onError: 'skip', pieceChars });
        expect({ rows, lineNumbers }).toEqual(pick(await read(file)));
        expect([rows, counts.skipped.count]).toEqual([cells, 0]);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('exactly the good rows among bad ones come back, and the bad ones are counted', async () => {
    const good = fc.tuple(
      fc.constantFrom('a', '', '5"'),
      fc.constantFrom('b', 'c, "d"', 'e\nf', 'g\r\n\r\nh'),
    );
    const bad = fc.constantFrom(
      'one cell',
      'a,b,c',
      'a,"b\\"c"',
      '"a"b,c',
      'a,"b" c\n',
      `${'x'.repeat(40)},b`,
      `a,"${'x'.repeat(40)}"`,
      ','.repeat(20_000),
    );
    const rows = fc.array(fc.oneof(good, bad), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (list, pieceChars) => {
        const text = list.map((row) => (typeof row === 'string' ? row : row.map(quotedIfNeeded).join(',')));
        const options = { onError: 'skip', pieceChars, maxCellChars: 30 } as const;
        const { rows, counts } = await read(start + text.join('\n'), options);
        expect(rows.slice(1)).toEqual(list.filter((row) => typeof row !== 'string'));
        expect(counts.skipped.count).toBe(list.filter((row) => typeof row === 'string').length);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('rows of one line are found again after a quote that is never closed', async () => {
    const good = fc.constantFrom('a,b', ',c', 'd,5" disk', 'e f,');
    const rows = fc.array(fc.oneof(good, fc.constant('u,"v')), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (list, pieceChars) => {
        const { rawRows, counts } = await read(start + list.join('\n'), { onError: 'skip', pieceChars });
        const found = list.filter((row) => row !== 'u,"v');
        expect(rawRows.slice(1).map((row) => row ?? 'd,5" disk')).toEqual(found);
        expect(counts.skipped.count).toBe(list.length - found.length);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});

function pick({ rows, lineNumbers }: { rows: unknown; lineNumbers: unknown }): object {
  return { rows, lineNumbers };
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

function quotedIfNeeded(cell: string): string {
  return /[\r\n,]/.test(cell) ? quoted(cell) : cell;
}
