import { describe, expect, it } from 'vitest';
import { errorOf } from '../lines/support.js';
import { csvOf, link, links, packFiles, packWorkbook, sheetList, sheetOf } from './support.js';

const cell = '<row><c><v>1</v></c></row>';
const zeros = '0'.repeat(12_000_000);
const manyTexts = '<si/>'.repeat(3_000_000);

describe('is refused as malformed', () => {
  it.each([
    ['XML that does not end', sheetOf('</row>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "aa">]>${sheetOf('<row><c t="str"><v>&a;</v></c></row>')}`],
    ['an unknown entity', sheetOf('<row><c t="str"><v>&a;</v></c></row>')],
    ['deep nesting', sheetOf('<a>'.repeat(100_000))],
    ['a long attribute', sheetOf(`<row><c t="${zeros}"/></row>`)],
    ['a long attribute of closing brackets', sheetOf(`<row><c t="${'>'.repeat(12_000_000)}"/></row>`)],
    ['a long name', sheetOf(`<${'a'.repeat(12_000_000)}/>`)],
    ['a long comment', sheetOf(`<!--${'<'.repeat(12_000_000)}-->`)],
    ['many attributes', sheetOf(`<row ${Array.from({ length: 2000 }, (_, i) => `a${i}=""`).join(' ')}/>`)],
    ['a long text', sheetOf(`<row><c t="str"><v>${zeros}</v></c></row>`)],
    ['a row that no sheet has', sheetOf('<row r="1000000000"/>')],
    ['more rows than a sheet has', sheetOf(`<row r="1048576"/><row/>`)],
    ['a column that no sheet has', sheetOf('<row><c r="XFE1"><v>1</v></c></row>')],
    ['too many cells in a row', sheetOf(`<row>${'<c/>'.repeat(16_385)}</row>`)],
    ['rows out of order', sheetOf('<row r="2"/><row r="1"/>')],
    ['a text that does not exist', sheetOf('<row><c t="s"><v>1e9</v></c></row>')],
    ['a root that is no sheet', '<html/>'],
    ['an empty sheet file', ''],
  ])('a sheet with %s', async (_, sheet) => {
    const pack = packWorkbook({ files: { 'xl/worksheets/sheet1.xml': sheet } });
    expect((await errorOf(csvOf(pack, { maxCellChars: 100_000 }))).code).toBe('xlsx_malformed');
  });

  it.each([
    ['no list of sheets', { 'xl/workbook.xml': undefined }],
    ['no links', { 'xl/_rels/workbook.xml.rels': undefined }],
    ['no sheet file', { 'xl/worksheets/sheet1.xml': undefined }],
    ['no sheets', { 'xl/workbook.xml': '<workbook/>' }],
    ['a link to itself', { 'xl/_rels/workbook.xml.rels': links(link('rId1', 'worksheet', 'workbook.xml')) }],
    ['links in a circle', { '_rels/.rels': links(link('r', 'officeDocument', '_rels/.rels')) }],
    ['a binary list of sheets', { 'xl/workbook.bin': 'x' }],
    ['two files of one name', { 'XL/Workbook.xml': '<workbook/>' }],
  ])('a workbook with %s', async (_, files) => {
    expect((await errorOf(csvOf(packWorkbook({ files })))).code).toBe('xlsx_malformed');
  });

  it.each(['start', 'end', 'middle', 'nothing'])('an archive that is damaged: %s', async (where) => {
    const rows = Array.from({ length: 5000 }, (_, i) => `<row><c><v>${(i * 7919) % 10_007}</v></c></row>`);
    const whole = await packWorkbook({ rows: rows.join('') });
    const damaged = {
      start: whole.subarray(whole.length >> 1),
      end: whole.subarray(0, -10),
      middle: whole.slice().fill(0x55, 1000, 3000),
      nothing: new Uint8Array(),
    }[where];
    expect((await errorOf(csvOf(Promise.resolve(damaged ?? whole)))).code).toBe('xlsx_malformed');
  });

  it('an archive whose files overlap', async () => {
    const pack = Buffer.from(await packWorkbook({ rows: cell, shared: '' }));
    // Let the directory say that the shared texts stand where the sheet is.
    const directory = pack.indexOf('PK\x01\x02', 0, 'latin1');
    const offsetOf = (name: string): number => pack.indexOf(name, directory, 'latin1') - 46 + 42;
    const sheetAt = pack.readUInt32LE(offsetOf('xl/worksheets/sheet1.xml'));
    pack.writeUInt32LE(sheetAt, offsetOf('xl/sharedStrings.xml'));
    const rels = await errorOf(csvOf(Promise.resolve(pack)));
    expect(rels.code).toBe('xlsx_malformed');
  });

  it('an archive of very many files', async () => {
    const files = Array.from({ length: 3000 }, (_, i) => [`file${i}`, ''] as const);
    expect((await errorOf(csvOf(packFiles(files)))).code).toBe('xlsx_malformed');
  });
});

describe('is refused as too large when unpacked', () => {
  it.each([
    ['the bytes of a sheet', { rows: `<!--${'ab'.repeat(1000)}-->`.repeat(1000) }, 1_000_000],
    ['a file of one character', { rows: '<row/>'.repeat(1_000_000) }, 100_000_000],
    [
      'a shared text of many parts',
      { rows: cell, shared: `<si>${'<r><t>ab</t></r>'.repeat(40_000)}</si>` },
      100_000_000,
    ],
    [
      'a value of many parts',
      { rows: `<row><c t="str"><v>${'a<![CDATA[b]]>'.repeat(20_000)}</v></c></row>` },
      100_000_000,
    ],
    ['the shared texts', { rows: cell, shared: manyTexts }, 100_000_000],
    [
      'a shared text in many cells',
      {
        rows: '<row><c t="s"><v>0</v></c></row>'.repeat(1000),
        shared: `<si><t>${zeros.slice(0, 100_000)}</t></si>`,
      },
      50_000_000,
    ],
    [
      'a shared text in the cells of one row',
      {
        rows: `<row>${'<c t="s"><v>0</v></c>'.repeat(16_000)}</row>`,
        shared: `<si><t>${zeros.slice(0, 100_000)}</t></si>`,
      },
      50_000_000,
    ],
    [
      'rows that end in a far column',
      { rows: '<row><c r="XFD1"><v>1</v></c></row>'.repeat(5000) },
      50_000_000,
    ],
    [
      'hardly anything but empty cells, long before the limit',
      { rows: '<row><c r="XFD1"><v>1</v></c></row>'.repeat(1000) },
      2 ** 31,
    ],
  ])('%s', async (_, parts, maxUnpackedBytes) => {
    expect((await errorOf(csvOf(packWorkbook(parts), { maxUnpackedBytes }))).code).toBe('unpacked_too_large');
  });
});

it('a row with more than 16,000,000 characters is too large', async () => {
  const rows = `<row r="7">${'<c t="s"><v>0</v></c>'.repeat(200)}</row>`;
  const pack = packWorkbook({ rows, shared: `<si><t>${zeros.slice(0, 100_000)}</t></si>` });
  const error = await errorOf(csvOf(pack));
  expect(error).toMatchObject({ code: 'cell_too_large', place: { line: 7 } });
});

it('names that lead out of the archive, and sizes that a sheet claims, are ignored', async () => {
  const sheet = `<worksheet><dimension ref="A1:XFD1000000000"/><sheetData>${cell}</sheetData></worksheet>`;
  const files = { '../../etc/passwd': 'x', 'xl/worksheets/sheet1.xml': sheet };
  expect(await csvOf(packWorkbook({ files }))).toBe('1\n');
});

it('an external sheet is not followed', async () => {
  const external = link('rId1', 'worksheet', 'file:///etc/passwd').replace('/>', ' TargetMode="External"/>');
  const files = { 'xl/_rels/workbook.xml.rels': links(external) };
  const error = await errorOf(csvOf(packWorkbook({ workbook: sheetList('name="Log"'), files })));
  expect(error.code).toBe('xlsx_malformed');
});
