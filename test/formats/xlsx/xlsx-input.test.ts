import { expect, it } from 'vitest';
import { openCsv } from '../../../src/formats/csv/csv-input.js';
import { KNOWN_FIELDS } from '../../../src/formats/fields.js';
import { openLines } from '../../../src/formats/lines/lines-input.js';
import { openXlsx } from '../../../src/formats/xlsx/xlsx-input.js';
import { errorOf, optionsWith } from '../lines/support.js';
import { fileOf, link, links, packWorkbook, sheetList, sheetOf } from './support.js';

const rows = '<row><c t="str"><v>first</v></c></row><row><c t="str"><v>second</v></c></row>';
const options = { ...optionsWith({ fields: KNOWN_FIELDS }), maxUnpackedBytes: 1_000_000 };

it('gives the lines of the sheet to a reader of tables, and closes the file in the end', async () => {
  const workbook = await fileOf(await packWorkbook({ rows }));
  const input = await openXlsx(workbook, options, openLines);
  expect(input).toMatchObject({ format: 'xlsx', answerKind: 'csv', description: {} });
  const messages: string[] = [];
  for await (const { records } of input.chunks()) messages.push(...records.map(({ message }) => message));
  expect(messages).toEqual(['first', 'second']);
  expect(input.counts.blankLines).toBe(0);
  expect(workbook.closed).toBeGreaterThan(0);
});

it.each([
  ['of the next known column, if that of the first is blank', undefined, ['first', 'second', '']],
  ['of the column that the user names, even if it is blank', 'textPayload', ['first', ' ', '']],
])('gives the messages %s', async (_, messageColumn, expected) => {
  const cell = (text: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
  const row = (...cells: string[]): string => `<row>${cells.map(cell).join('')}</row>`;
  const table = [
    row('textPayload', 'jsonPayload.message', 'id'),
    row('first', 'other', '1'),
    row(' ', 'second', '2'),
    '<row><c/><c/><c><v>3</v></c></row>',
  ];
  const workbook = await fileOf(await packWorkbook({ rows: table.join('') }));
  const fields = { ...KNOWN_FIELDS, messageColumn };
  const input = await openXlsx(workbook, { ...options, fields }, openCsv);
  const messages: string[] = [];
  for await (const { records } of input.chunks()) messages.push(...records.map(({ message }) => message));
  expect(messages).toEqual(expected);
});

it('names all sheets, and counts the other visible ones that have cells', async () => {
  const names = ['Read', 'Filled', 'Empty', 'Hidden', 'Damaged', 'Styled'];
  const sheets = names.map((name) => `name="${name}" state="${name === 'Hidden' ? 'hidden' : 'visible'}"`);
  const contents = [rows, rows, '', rows, '<row><c></row>', '<row r="1" ht="30"/>'];
  const workbook = await packWorkbook({
    workbook: sheetList(...sheets),
    files: {
      'xl/_rels/workbook.xml.rels': links(
        ...names.map((_, i) => link(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)),
      ),
      ...Object.fromEntries(contents.map((text, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetOf(text)])),
    },
  });
  const input = await openXlsx(await fileOf(workbook), options, openLines);
  for await (const { records } of input.chunks()) expect(records.length).toBeLessThanOrEqual(2);
  expect(input.description.sheets).toEqual(names);
  // Filled and Damaged.
  expect(input.counts.otherSheets).toBe(2);
  await input.close();
});

it('closes the file if it is not read, and if opening fails', async () => {
  const unread = await fileOf(await packWorkbook({ rows }));
  await (await openXlsx(unread, options, openLines)).close();
  expect(unread.closed).toBeGreaterThan(0);
  const damaged = await fileOf(new Uint8Array(100));
  expect((await errorOf(openXlsx(damaged, options, openLines))).code).toBe('xlsx_malformed');
  expect(damaged.closed).toBeGreaterThan(0);
  const refused = await fileOf(await packWorkbook({ rows }));
  const fail = (): Promise<never> => Promise.reject(new Error('no table'));
  await expect(openXlsx(refused, options, fail)).rejects.toThrow('no table');
  expect(refused.closed).toBeGreaterThan(0);
});

it('closes the file if reading stops in the middle', async () => {
  const many = '<row><c t="str"><v>some text</v></c></row>'.repeat(50_000);
  const workbook = await fileOf(await packWorkbook({ rows: many }));
  const input = await openXlsx(workbook, { ...options, maxUnpackedBytes: 100_000_000 }, openLines);
  for await (const { records } of input.chunks()) if (records.length > 0) break;
  expect(workbook.closed).toBe(1);
});
