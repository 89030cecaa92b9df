import { describe, expect, it } from 'vitest';
import { errorOf } from '../lines/support.js';
import { csvOf, link, links, packWorkbook, sheetList, sheetOf } from './support.js';

const text = (reference: string, value: string): string =>
  `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;

describe('the cells of a sheet', () => {
  const shared =
    '<si><t>plain</t></si><si><r><rPr><b/></rPr><t>bold </t></r><r><t xml:space="preserve">text</t></r><rPh sb="0" eb="1"><t>sound</t></rPh></si>';

  it.each([
    ['a shared text', '<c t="s"><v>0</v></c>', 'plain'],
    ['the runs of a shared text, without its pronunciation', '<c t="s"><v>1</v></c>', 'bold text'],
    ['an inline text', text('A1', 'a &lt;b&gt; <![CDATA[&]]>'), 'a <b> &'],
    ['the result of a formula', '<c t="str"><f>A2&amp;"x"</f><v>ax</v></c>', 'ax'],
    ['a number as it stands', '<c><v>1.1000000000000001</v></c>', '1.1000000000000001'],
    ['true', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['false', '<c t="b"><v>0</v></c>', 'FALSE'],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    ['a date in ISO form', '<c t="d"><v>2026-11-26T05:00:00</v></c>', '2026-11-26T05:00:00'],
    ['escapes', text('A1', 'a_x000D_\nb_x005F_x'), '"a\r\nb_x"'],
    [
      'no escape across two runs',
      '<c t="inlineStr"><is><r><t>a_</t></r><r><t>x0041_b</t></r></is></c>',
      'a_x0041_b',
    ],
    ['quotes, commas and outer blanks', text('A1', ' say "a, b"'), '" say ""a, b"""'],
    ['other alphabets', text('A1', 'Größe 倉庫 🙂'), 'Größe 倉庫 🙂'],
  ])('are read: %s', async (_, cell, csv) => {
    expect(await csvOf(packWorkbook({ rows: `<row>${cell}</row>`, shared }))).toBe(`${csv}\n`);
  });

  it('stand in their column, whatever their order, and without a reference behind the last one', async () => {
    const row = `<row>${text('C1', 'c')}${text('A1', 'a')}<c t="b"><v>1</v></c></row><row>${text('AB2', 'x')}</row>`;
    expect(await csvOf(packWorkbook({ rows: row }))).toBe(`a,TRUE,c${','.repeat(25)}\n${','.repeat(27)}x\n`);
  });

  it('are filled up to the width of the first rows', async () => {
    const rows = `<row>${text('A1', 'title')}</row><row>${text('A2', 'a')}${text('C2', 'c')}</row><row/>`;
    expect(await csvOf(packWorkbook({ rows }))).toBe('title,,\na,,c\n\n');
  });

  it('in a far column make no other row wider', async () => {
    const rows = `<row>${text('XFD1', 'x')}</row><row>${text('A2', 'a')}</row>`;
    expect(await csvOf(packWorkbook({ rows }))).toBe(`${','.repeat(16_383)}x\na\n`);
  });
});

describe('dates', () => {
  const styles =
    '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm;@"/><numFmt numFmtId="165" formatCode="[Red]0.0&quot;d&quot;"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="20"/></cellXfs>';

  it.each([
    ['0', '46352.5', '46352.5'],
    ['1', '46352', '2026-11-26'],
    ['2', '46352.208333333336', '2026-11-26 05:00:00'],
    ['3', '46352', '2026-11-26 00:00:00'],
    ['3', '46352.000001157', '2026-11-26 00:00:00.100'],
    ['4', '1.5', '1.5'],
    ['5', '1.5', '1.5'],
    ['6', '0.208333333333333', '05:00:00'],
    ['1', '1', '1900-01-01'],
    ['1', '-1', '-1'],
    ['1', '1e300', '1e300'],
    ['99', '7', '7'],
  ])('of style %s: %s is %s', async (style, number, shown) => {
    const rows = `<row><c s="${style}"><v>${number}</v></c></row>`;
    expect(await csvOf(packWorkbook({ rows, styles }))).toBe(`${shown}\n`);
  });

  it('count from 1904 if the workbook says so', async () => {
    const workbook = `<workbookPr date1904="1"/>${sheetList('name="Log"')}`;
    const rows = '<row><c s="1"><v>44890</v></c></row>';
    expect(await csvOf(packWorkbook({ rows, styles, workbook }))).toBe('2026-11-26\n');
  });
});

describe('blank rows', () => {
  it('are blank lines, so that a line has the number of its row', async () => {
    const rows = `<row r="3">${text('A3', 'a')}</row><row r="5"><c r="A5" s="1"/></row><row r="6">${text('A6', 'b')}</row>`;
    expect(await csvOf(packWorkbook({ rows }))).toBe('\n\na\n\n\nb\n');
  });

  it('become one if there are more than 1,000 on end', async () => {
    const rows = `<row r="1">${text('A1', 'a')}</row><row r="1048576">${text('A1048576', 'b')}</row>`;
    expect(await csvOf(packWorkbook({ rows }))).toBe('a\n\nb\n');
  });
});

describe('the sheet', () => {
  const files = {
    'xl/_rels/workbook.xml.rels': links(
      link('rId1', 'chartsheet', 'chartsheets/sheet1.xml'),
      link('rId2', 'worksheet', 'worksheets/sheet2.xml'),
      link('rId3', 'worksheet', '/xl/worksheets/../worksheets/Sheet3.xml'),
    ),
    'xl/worksheets/sheet2.xml': sheetOf(`<row>${text('A1', 'second')}</row>`),
    'xl/worksheets/sheet3.xml': sheetOf(`<row>${text('A1', 'third')}</row>`),
  };
  const workbook = sheetList('name="Chart"', 'name="Old" state="hidden"', 'name="2026 Log"');

  it.each([
    [undefined, 'third'],
    ['old', 'second'],
    ['2026 LOG ', 'third'],
    ['1', 'second'],
    ['2', 'third'],
  ])('%j is %s', async (sheet, first) => {
    expect(await csvOf(packWorkbook({ workbook, files }), { sheet })).toBe(`${first}\n`);
  });

  it.each(['Chart', '0', '3', 'nope'])('%j does not exist, and the others are listed', async (sheet) => {
    const error = await errorOf(csvOf(packWorkbook({ workbook, files }), { sheet }));
    expect(error.code).toBe('sheet_missing');
    expect(error.message).toContain('"Old", "2026 Log"');
  });

  it('is found in a strict workbook with prefixes', async () => {
    const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
    const relation = (id: string, type: string, target: string): string =>
      `<p:Relationship Id="${id}" Type="${strict}/${type}" Target="${target}"/>`;
    const csv = await csvOf(
      packWorkbook({
        files: {
          '_rels/.rels': `<p:Relationships>${relation('a', 'officeDocument', 'book/main.xml')}</p:Relationships>`,
          'xl/workbook.xml': undefined,
          'book/main.xml': '<x:workbook><x:sheets><x:sheet name="Log" q:id="s"/></x:sheets></x:workbook>',
          'book/_rels/main.xml.rels': `<p:Relationships>${relation('s', 'worksheet', 's.xml')}</p:Relationships>`,
          'book/s.xml':
            '<x:worksheet><x:sheetData><x:row><x:c t="str"><x:v>a</x:v></x:c></x:row></x:sheetData></x:worksheet>',
        },
      }),
    );
    expect(csv).toBe('a\n');
  });
});
