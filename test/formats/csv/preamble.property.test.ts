import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { propertyRuns } from '../../support/property-runs.js';
import { csvOptions } from './support.js';

/** Reads a text in pieces of this size, and writes it back with a label. */
async function reread(text: string, pieceChars: number) {
  async function* pieces() {
    for (let at = 0; at < text.length; at += pieceChars)
      yield await Promise.resolve(text.slice(at, at + pieceChars));
  }
  const input = await openCsv(pieces(), csvOptions({ pieceChars }));
  const writer = input.answerWriter({ details: false, bom: false });
  let answer = writer.begin();
  const rows: (readonly string[])[] = [];
  for await (const chunk of input.chunks()) {
    rows.push(...chunk.rows);
    answer += writer.chunk(
      chunk,
      chunk.records.map(() => ({ label: 'L', tier: 'rule', confidence: 1 })),
    );
  }
  return { answer, rows, headerLine: input.description.headerLine };
}

const newline = fc.constantFrom('\n', '\r\n', '\r', '\r\r\n');
const delimiter = fc.constantFrom(',', ';', '\t', '|');
const title = fc.constantFrom(
  '# a comment, with commas',
  '#TYPE x',
  'Report',
  'Total: 2',
  '',
  ' ',
  '\t',
  '"quoted title"',
);
const cell = fc.string({
  unit: fc.constantFrom('a', '\0', '"', ',', ';', '\t', '|', '\n', '\r\n', '\r', 'é'),
  maxLength: 6,
});
const file = fc.record({
  newline,
  delimiter,
  hasSep: fc.boolean(),
  titles: fc.array(title, { maxLength: 8 }),
  rows: fc.array(fc.tuple(fc.constantFrom('x', 'y'), cell, cell), { maxLength: 6 }),
  pieceChars: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.constant(65_536)),
});

it('lines before the header and every cell come back as they stood, in any dialect', async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ newline, delimiter, hasSep, titles, rows, pieceChars }) => {
      const end = (line: string): string => line + newline;
      const before = [...(hasSep ? [`sep=${delimiter}`] : []), ...titles].map(end).join('');
      const line = (row: readonly string[]): string =>
        row
          .map((text) =>
            /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text,
          )
          .join(delimiter);
      const header = ['source', 'log_message', 'x'];
      const text = before + [header, ...rows].map(line).map(end).join('');
      const read = await reread(text, pieceChars);
      expect(read.rows).toEqual(rows);
      expect(read.headerLine).toBe(1 + titles.length + (hasSep ? 1 : 0));
      const labelled = [[...header, 'target_label'], ...rows.map((row) => [...row, 'L'])];
      expect(read.answer).toBe(before + labelled.map(line).map(end).join(''));
    }),
    { numRuns: propertyRuns(500) },
  );
});
