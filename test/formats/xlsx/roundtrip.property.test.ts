import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { openXlsx } from '../../../src/formats/xlsx/xlsx-input.js';
import type { LogRecord } from '../../../src/log-record.js';
import { propertyRuns } from '../../support/property-runs.js';
import { optionsWith } from '../read-options.js';
import { fileOf, link, links, packWorkbook, sheetList, sheetOf } from './support.js';

/** A cell as it stands in the sheet, and the text that it shows. */
interface Cell {
  text: string;
  /** Returns the element `<c>`; undefined for a cell that the sheet does not have. */
  xml: ((place: string, shared: SharedTexts) => string) | undefined;
}

interface Sheet {
  header: Cell[];
  rows: { cells: Cell[]; gap: number }[];
  hasReferences: boolean;
}

/** Collects the texts of sharedStrings.xml. Returns the number of a text. */
class SharedTexts {
  readonly items: string[] = [];

  add(item: string): number {
    const known = this.items.indexOf(item);
    return known === -1 ? this.items.push(item) - 1 : known;
  }
}

/**
 * Writes text as Excel does: `_xHHHH_` for what XML cannot hold, and for an underscore that would begin such an escape.
 * The underscore that would end it may be that of the next escape.
 */
function xmlText(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are the characters that XML cannot hold
      .replace(/_(?=x[\dA-Fa-f]{4}[_\0-\x08\x0B-\x1F\uFFFE\uFFFF])/g, '_x005F_')
      // eslint-disable-next-line no-control-regex -- as above
      .replace(/[\0-\x08\x0B-\x1F\uFFFE\uFFFF]/g, (character) => {
        const code = character.charCodeAt(0).toString(16).toUpperCase();
        return `_x${code.padStart(4, '0')}_`;
      })
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}

const t = (text: string): string => `<t xml:space="preserve">${xmlText(text)}</t>`;
const sound = '<rPh sb="0" eb="1"><t>sound</t></rPh>';

const special = fc.constantFrom(
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    ']]>',
    '&amp;',
    '&#10;',
    '_',
    'x',
    '_x000D_',
    '_x005F_',
    '_x0041',
    '000D_',
    '_xZZZZ_',
  ],
  ...[
    ',',
    ';',
    '\n',
    '\r',
    '\r\n',
    '\t',
    ' ',
    '=',
    '\uFEFF',
    '\u0001',
    '\u001F',
    '\u0085',
    '\u2028',
    '\uFFFE',
  ],
  ...['é', '漢', '😀', 'Disk', ' full'],
);
const character = fc.oneof(special, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
const anyText = fc.string({ unit: character, minLength: 1, maxLength: 10 });

/** Each way to store a text. The runs of a formatted text are parts of it. */
const textCell: fc.Arbitrary<Cell> = fc
  .tuple(fc.array(anyText, { minLength: 1, maxLength: 3 }), fc.nat(4), fc.boolean())
  .map(([parts, way, hasSound]) => {
    const text = parts.join('');
    const rich = parts.map((part) => `<r><rPr><b/></rPr>${t(part)}</r>`).join('') + (hasSound ? sound : '');
    const inline = (content: string): string => `t="inlineStr"><is>${content}</is></c>`;
    const ways: NonNullable<Cell['xml']>[] = [
      (place) => `<c${place} ${inline(t(text))}`,
      (place) => `<c${place} ${inline(rich)}`,
      (place, shared) => `<c${place} t="s"><v>${shared.add(t(text))}</v></c>`,
      (place, shared) => `<c${place} t="s"><v>${shared.add(rich)}</v></c>`,
      (place) => `<c${place} t="str"><f>A1&amp;"x"</f><v>${xmlText(text)}</v></c>`,
    ];
    return { text, xml: ways[way] };
  });

const plain = (type: string, value: string, text = value): Cell => ({
  text,
  xml: (place) => `<c${place}${type}><v>${value}</v></c>`,
});
const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** The styles 1 to 3 show a date, a date with a time, and a time. */
const styles =
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="21"/></cellXfs>';
const dateCell: fc.Arbitrary<Cell> = fc
  .tuple(fc.integer({ min: 61, max: 2_958_465 }), fc.nat(86_399), fc.constantFrom(1, 2, 3))
  .map(([day, second, style]) => {
    const date = new Date(Date.UTC(1899, 11, 30 + day)).toISOString().slice(0, 10);
    const [hours, minutes] = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
    const time = [hours, minutes, second % 60].map(twoDigits).join(':');
    if (style === 1) return plain(' s="1"', String(day), date);
    if (style === 2) return plain(' s="2"', String(day + second / 86_400), `${date} ${time}`);
    return plain(' s="3"', String(second / 86_400), time);
  });

const otherCell = fc.oneof(
  fc
    .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map((n) => plain('', String(n))),
  fc.boolean().map((value) => plain(' t="b"', value ? '1' : '0', value ? 'TRUE' : 'FALSE')),
  fc.constantFrom('#N/A', '#DIV/0!').map((error) => plain(' t="e"', error)),
  fc.constant(plain(' t="d"', '2026-11-26T05:00:00')),
  fc.constantFrom<Cell>(
    { text: '', xml: undefined },
    { text: '', xml: (place) => `<c${place} s="1"/>` },
    { text: '', xml: (place) => `<c${place} t="inlineStr"><is><t></t></is></c>` },
    { text: '', xml: (place) => `<c${place} t="str"><f>A1</f><v></v></c>` },
  ),
);
const cell = fc.oneof({ weight: 3, arbitrary: textCell }, dateCell, otherCell);

const names = fc
  .tuple(
    fc.constantFrom('source', 'Source', ' SOURCE '),
    fc.constantFrom('log_message', 'Log_Message', 'log_message '),
    fc.subarray(['level', 'id', 'Größe', '<a & b>', '"quoted", name', 'x_x0041_', 'two\nlines']),
  )
  .chain(([source, message, others]) =>
    fc.shuffledSubarray([source, message, ...others], { minLength: others.length + 2 }),
  );

const headerCell = (text: string): Cell => ({
  text,
  xml: (place, shared) => `<c${place} t="s"><v>${shared.add(t(text))}</v></c>`,
});

const sheet: fc.Arbitrary<Sheet> = names.chain((header) => {
  const cells = fc
    .array(cell, { minLength: header.length, maxLength: header.length })
    // A row without any text is a blank line.
    .filter((row) => row.some(({ text }) => text !== ''));
  return fc.record({
    header: fc.constant(header.map(headerCell)),
    rows: fc.array(fc.record({ cells, gap: fc.constantFrom(0, 0, 0, 1, 3) }), { maxLength: 4 }),
    hasReferences: fc.boolean(),
  });
});

/** Returns the rows of a sheet. Without references, every cell must be there. */
function sheetXml({ header, rows, hasReferences }: Sheet, shared: SharedTexts): string {
  let number = 0;
  return [{ cells: header, gap: 0 }, ...rows]
    .map(({ cells, gap }) => {
      number += gap + 1;
      const written = cells.map(({ xml }, column) => {
        if (hasReferences) return xml?.(` r="${String.fromCharCode(65 + column)}${number}"`, shared) ?? '';
        return xml?.('', shared) ?? '<c/>';
      });
      return `<row r="${number}">${written.join('')}</row>`;
    })
    .join('');
}

/** Returns the records that a sheet has. */
function recordsOf({ header, rows }: Sheet): LogRecord[] {
  const columns = header.map(({ text }) => text.trim().toLowerCase());
  return rows.map(({ cells }) => {
    const at = (name: string): string => cells[columns.indexOf(name)]?.text ?? '';
    const record = { source: at('source'), message: at('log_message') };
    const level = at('level').trim();
    return level === '' ? record : { ...record, level };
  });
}

describe('any workbook', () => {
  it('gives the records of each sheet in order, and comes back as a table with every cell and its label', async () => {
    const sheets = fc.array(sheet, { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(sheets, fc.constantFrom(1, 3, 1000), async (all, chunkRecords) => {
        const shared = new SharedTexts();
        const files = all.map((one, i) => [
          `xl/worksheets/sheet${i + 1}.xml`,
          sheetOf(sheetXml(one, shared)),
        ]);
        const bytes = await packWorkbook({
          styles,
          shared: shared.items.map((item) => `<si>${item}</si>`).join(''),
          workbook: sheetList(...all.map((_, i) => `name="Log ${i + 1}"`)),
          files: {
            ...(Object.fromEntries(files) as Record<string, string>),
            'xl/_rels/workbook.xml.rels': links(
              ...all.map((_, i) => link(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)),
              link('rId8', 'sharedStrings', 'sharedStrings.xml'),
              link('rId9', 'styles', 'styles.xml'),
            ),
          },
        });
        for (const [i, one] of all.entries()) {
          const options = {
            ...optionsWith({ chunkRecords }),
            maxUnpackedBytes: 10_000_000,
            sheet: `log ${i + 1}`,
          };
          const input = await openXlsx(await fileOf(bytes), options, openCsv);
          const writer = input.answerWriter({ details: false, bom: false });
          const records: LogRecord[] = [];
          let answer = writer.begin();
          for await (const chunk of input.chunks()) {
            const labels = chunk.records.map((_, at) => ({
              label: `label "${records.length + at}"`,
              tier: 'rule' as const,
              confidence: 1,
              rule: 'r',
            }));
            records.push(...chunk.records);
            answer += writer.chunk(chunk, labels);
          }
          answer += writer.end([]);
          expect(records).toEqual(recordsOf(one));
          expect(input.counts).toMatchObject({
            blankLines: one.rows.reduce((sum, { gap }) => sum + gap, 0),
            skipped: { count: 0 },
          });
          const table = [
            [...one.header.map(({ text }) => text), 'target_label'],
            ...one.rows.map(({ cells }, at) => [...cells.map(({ text }) => text), `label "${at}"`]),
          ];
          const back = Papa.parse<string[]>(answer, { delimiter: ',', newline: '\n' });
          expect(back.errors).toEqual([]);
          expect(back.data).toEqual([...table, ['']]);
        }
      }),
      // Many runs are needed to shrink a counterexample. The limit lets a slow machine report it before the test times out.
      { numRuns: propertyRuns(25), interruptAfterTimeLimit: 30_000 },
    );
  });
});
