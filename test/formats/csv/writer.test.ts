import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type TableLayout } from '../../../src/formats/csv/layout.js';
import type { CsvChunk } from '../../../src/formats/csv/chunks.js';
import { createTableWriter } from '../../../src/formats/csv/writer.js';

const layoutOf = (overrides: Partial<TableLayout> = {}): TableLayout => ({
  header: ['source', 'log_message'],
  isHeadless: false,
  delimiter: ',',
  newline: '\n',
  bom: false,
  ...overrides,
});

/** Rows without a raw text, which are written cell by cell. */
const chunkOf = (rows: readonly (readonly string[])[]): Pick<CsvChunk, 'rows' | 'rawRows'> => ({
  rows,
  rawRows: [],
});

describe('createTableWriter', () => {
  it('puts the label and the details after the last column', () => {
    const writer = createTableWriter(layoutOf(), ['target_label', 'tier', 'note']);
    expect(writer.header()).toBe('source,log_message,target_label,tier,note\n');
    expect(writer.rows(chunkOf([['a', 'b']]), [['Error', 'rule', '']])).toBe('a,b,Error,rule,\n');
  });

  it('overwrites an existing label, and numbers other new columns whose name is taken', () => {
    const header = ['Tier ', 'source', 'Target Label', 'log_message', 'NOTE', 'note-2'];
    const writer = createTableWriter(layoutOf({ header }), ['target_label', 'tier', 'note']);
    expect(writer.header()).toBe('"Tier ",source,Target Label,log_message,NOTE,note-2,tier_2,note_3\n');
    const rows = chunkOf([['x', 'a', 'y', 'b', 'n', 'm']]);
    expect(writer.rows(rows, [['Error', 'rule', 'none']])).toBe('x,a,Error,b,n,m,rule,none\n');
  });

  it('writes the lines before the header as they stood', () => {
    const writer = createTableWriter(layoutOf({ preamble: '# x\r\n\n', bom: true }), ['target_label']);
    expect(writer.header()).toBe('\uFEFF# x\r\n\nsource,log_message,target_label\n');
  });

  it('copies the raw text of a row unless one of its cells changes', () => {
    const chunk = { rows: [[' a ', 'b']], rawRows: [' a ,b'] };
    expect(createTableWriter(layoutOf(), ['target_label']).rows(chunk, [['x,y']])).toBe(' a ,b,"x,y"\n');
    const labelled = layoutOf({ header: ['target_label', 'log_message'] });
    expect(createTableWriter(labelled, ['target_label']).rows(chunk, [['L']])).toBe('L,b\n');
  });

  it('does not modify its input rows', () => {
    const rows = [Object.freeze(['a', 'b'])];
    createTableWriter(layoutOf(), ['target_label']).rows(chunkOf(rows), [['Error']]);
    expect(rows).toEqual([['a', 'b']]);
  });

  it('writes nothing for no rows', () => {
    expect(createTableWriter(layoutOf(), ['target_label']).rows(chunkOf([]), [])).toBe('');
  });

  it.each([
    ['\n', ',', false],
    ['\r\n', ';', true],
    ['\r', '\t', true],
    ['\n', '|', false],
  ] as const)('keeps line ending %j, delimiter %j and mark %s', (newline, delimiter, bom) => {
    const writer = createTableWriter(layoutOf({ newline, delimiter, bom }), ['target_label']);
    const text = writer.header() + writer.rows(chunkOf([['a', 'b,;\t|']]), [['L']]);
    expect(text.startsWith('\uFEFF')).toBe(bom);
    expect(text).toBe(
      `${bom ? '\uFEFF' : ''}source${delimiter}log_message${delimiter}target_label${newline}a${delimiter}"b,;\t|"${delimiter}L${newline}`,
    );
  });

  it('quotes every cell that would not be read back unchanged', () => {
    const cells = ['a"b', '"', ' a', 'a ', '\n', '\r', 'a\r\nb', ',', '\uFEFFa', '', '\t', "'", '=1', '#'];
    const text = createTableWriter(layoutOf(), ['target_label']).rows(
      chunkOf(cells.map((cell) => [cell, 'm'])),
      cells.map((cell) => [cell]),
    );
    const back = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', skipEmptyLines: true });
    expect(back.data).toEqual(cells.map((cell) => [cell, 'm', cell]));
  });
});
