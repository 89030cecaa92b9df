import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { relabel } from './support.js';
import { propertyRuns } from '../../support/property-runs.js';

/** What makes CSV hard, mixed with characters of every width; lone surrogates cannot be in a text file. */
const special = fc.constantFrom(
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\r\n',
  ' ',
  "'",
  '=',
  '\uFEFF',
  '\\',
);
const anyCharacter = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((c) => c !== '\0');
const latin = fc.constantFrom('a', 'Z', '0', 'é', 'ß', '€', 'ÿ', '“');

interface Dialect {
  delimiter: string;
  newline: string;
  encoding: 'utf-8' | 'utf-8 with a mark' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  quoteAll: boolean;
  lastNewline: boolean;
}

interface Table {
  header: string[];
  rows: string[][];
}

const dialects: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-8 with a mark', 'utf-16le', 'utf-16be', 'windows-1252'),
  quoteAll: fc.boolean(),
  lastNewline: fc.boolean(),
});

const nameVariants = (name: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    name,
    name.toUpperCase(),
    ` ${name}`,
    `${name}  `,
    ` ${name.slice(0, 1).toUpperCase()}${name.slice(1)} `,
  );

/** Tables with source and log_message somewhere among other columns. */
function tables(character: fc.Arbitrary<string>): fc.Arbitrary<Table> {
  const cell = fc.string({ unit: fc.oneof(special, character), maxLength: 12 });
  const otherName = cell.filter((name) => !/^\s*(source|log_message|target_label)\s*$/i.test(name));
  return fc
    .tuple(nameVariants('source'), nameVariants('log_message'), fc.array(otherName, { maxLength: 4 }))
    .chain(([source, message, others]) =>
      fc.record({
        header: fc.shuffledSubarray([source, message, ...others], { minLength: others.length + 2 }),
        rows: fc.array(fc.array(cell, { minLength: others.length + 2, maxLength: others.length + 2 }), {
          maxLength: 8,
        }),
      }),
    );
}

const cases = dialects.chain((dialect) =>
  fc.record({
    dialect: fc.constant(dialect),
    table: tables(dialect.encoding === 'windows-1252' ? latin : anyCharacter).map((table) =>
      dialect.encoding === 'windows-1252' ? withoutMarks(table) : table,
    ),
    chunkBytes: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.constant(65_536)),
    pieceChars: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.constant(65_536)),
  }),
);

/** Windows-1252 has no U+FEFF. */
function withoutMarks({ header, rows }: Table): Table {
  const clean = (cells: string[]): string[] => cells.map((cell) => cell.replaceAll('\uFEFF', '?'));
  return { header: clean(header), rows: rows.map(clean) };
}

function write({ header, rows }: Table, { delimiter, newline, quoteAll, lastNewline }: Dialect): string {
  const text = [header, ...rows].map((cells) =>
    cells.map((cell) => quote(cell, delimiter, quoteAll)).join(delimiter),
  );
  return text.join(newline) + (lastNewline ? newline : '');
}

function quote(cell: string, delimiter: string, always: boolean): string {
  const needed = always || /^["\uFEFF]|[\r\n]/.test(cell) || cell.includes(delimiter);
  return needed ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Characters used here whose byte in Windows-1252 is another character in Latin-1. */
const windowsBytes = new Map([
  ['€', '\u0080'],
  ['“', '\u0093'],
]);

function encode(text: string, encoding: Dialect['encoding']): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8 with a mark':
      return Buffer.from(`\uFEFF${text}`);
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(
        text.replace(/[€“]/g, (c) => windowsBytes.get(c) ?? c),
        'latin1',
      );
  }
}

describe('any table in any dialect', () => {
  it('comes back with every cell unchanged and its label', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ table, dialect, chunkBytes, pieceChars }) => {
        const { encoding, delimiter, newline } = dialect;
        const file = encode(write(table, dialect), encoding);
        const charset = encoding === 'windows-1252' ? { charset: encoding } : {};
        const output = await relabel(file, 'a "label"', { chunkBytes, pieceChars, ...charset });
        const bom = encoding.startsWith('utf-16') || encoding === 'utf-8 with a mark';
        expect(output.startsWith('\uFEFF')).toBe(bom);
        // Papa needs the line ending. A file of one line without a line ending gets LF.
        const usual = table.rows.length > 0 || dialect.lastNewline ? newline : '\n';
        const back = Papa.parse<string[]>(output.slice(bom ? 1 : 0), { delimiter, newline: usual as '\n' });
        expect(back.errors).toEqual([]);
        const labelled = table.rows.map((row) => [...row, 'a "label"']);
        expect(back.data).toEqual([[...table.header, 'target_label'], ...labelled, ['']]);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
