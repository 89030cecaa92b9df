import { describe, expect, it } from 'vitest';
import { read, relabel } from './support.js';

it('returns the same text however the file is split into pieces', async () => {
  const row = (i: number): string => ['a , b', ' x,y', '"q",c', `${'long '.repeat(i % 9)},m `][i % 4] ?? '';
  const file = `source,log_message\r\n${Array.from({ length: 400 }, (_, i) => row(i)).join('\r\n')}`;
  const whole = await relabel(file);
  expect(whole).toContain('\r\na , b,L\r\n x,y,L\r\n');
  for (let chunkBytes = 1; chunkBytes < 40; chunkBytes += 1) {
    expect(await relabel(file, 'L', { chunkBytes, pieceChars: chunkBytes })).toBe(whole);
  }
});

describe('a table comes back unchanged, with its label', () => {
  it.each([
    ['LF', 'source,log_message\na,b\n', 'source,log_message,target_label\na,b,L\n'],
    ['CRLF', 'source,log_message\r\na,b\r\n', 'source,log_message,target_label\r\na,b,L\r\n'],
    ['CR', 'source,log_message\ra,b\r', 'source,log_message,target_label\ra,b,L\r'],
    ['semicolons', 'source;log_message\na,x;b\n', 'source;log_message;target_label\na,x;b;L\n'],
    ['tabs', 'source\tlog_message\na\tb,c;d\n', 'source\tlog_message\ttarget_label\na\tb,c;d\tL\n'],
    ['pipes', 'source|log_message\na|b,c\n', 'source|log_message|target_label\na|b,c|L\n'],
    [
      'messages full of pipes',
      'source,log_message\na,b|c|d|e\n',
      'source,log_message,target_label\na,b|c|d|e,L\n',
    ],
    [
      'a byte order mark',
      '\uFEFFsource,log_message\na,b\n',
      '\uFEFFsource,log_message,target_label\na,b,L\n',
    ],
    ['no last line ending', 'source,log_message\na,b', 'source,log_message,target_label\na,b,L\n'],
    ['a header alone', 'source,log_message', 'source,log_message,target_label\n'],
    ['a header line alone', 'source,log_message\r\n', 'source,log_message,target_label\r\n'],
    ['empty cells', 'source,log_message,x\n,,\na,,\n', 'source,log_message,x,target_label\n,,,L\na,,,L\n'],
    [
      'spaces and case in names',
      'Source, log_message \na,b\n',
      'Source," log_message ",target_label\na,b,L\n',
    ],
    ['quoted names', '"SOURCE","log_message"\na,b\n', 'SOURCE,log_message,target_label\na,b,L\n'],
    [
      'other columns',
      'id,log_message,x,source\n1,b,,a\n',
      'id,log_message,x,source,target_label\n1,b,,a,L\n',
    ],
    [
      'empty trailing columns',
      'source,log_message,,\na,b,,\n',
      'source,log_message,,,target_label\na,b,,,L\n',
    ],
    [
      'quotes and delimiters',
      'source,log_message\n"a,b","say ""hi"""\n',
      'source,log_message,target_label\n"a,b","say ""hi""",L\n',
    ],
    [
      'a quote inside a cell',
      'source,log_message\na,5" disk\n',
      'source,log_message,target_label\na,"5"" disk",L\n',
    ],
    [
      'line breaks in cells',
      'source,log_message\na,"b\r\nc\nd\re"\n',
      'source,log_message,target_label\na,"b\r\nc\nd\re",L\n',
    ],
    ['spaces around cells', 'source,log_message\n a ,b \n', 'source,log_message,target_label\n a ,b ,L\n'],
    ['formulas', 'source,log_message\n=1+1,-x\n', 'source,log_message,target_label\n=1+1,-x,L\n'],
    [
      'a label that is there',
      'source,Target_Label,log_message\na,old,b\n',
      'source,Target_Label,log_message\na,L,b\n',
    ],
    [
      'a doubled mark',
      '\uFEFF\uFEFFsource,log_message\na,b\n',
      '\uFEFF"\uFEFFsource",log_message,target_label\na,b,L\n',
    ],
  ])('%s', async (_name, file, expected) => {
    for (const pieceChars of [1, 7, 65_536]) expect(await relabel(file, 'L', { pieceChars })).toBe(expected);
  });

  it('keeps cells intact where line endings are mixed, and writes the most frequent one', async () => {
    const file = 'source,log_message\r\na,"1\n2\n3\n4"\nb,x\r\nc,y\rd,z\r\n';
    expect(await relabel(file)).toBe(
      'source,log_message,target_label\r\na,"1\n2\n3\n4",L\r\nb,x,L\r\nc,y,L\r\nd,z,L\r\n',
    );
  });

  it('skips blank lines and counts them', async () => {
    const file = '\r\n \r\nsource,log_message\n\na,b\n\t \n\nc,d\n\n';
    const { rows, counts } = await read(file);
    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(counts.blankLines).toBe(4);
  });

  it('does not treat a row of empty cells as a blank line', async () => {
    const { rows, counts } = await read('source\tlog_message\n\t\n \t \n');
    expect(rows).toEqual([
      ['', ''],
      [' ', ' '],
    ]);
    expect(counts.blankLines).toBe(0);
  });

  it.each(['utf16le', 'latin1'] as const)('reads %s and gives text', async (encoding) => {
    const text = 'source,log_message\né,"ß\r\nÿ"\n';
    const { rows } = await read(Buffer.from(text, encoding));
    expect(rows).toEqual([['é', 'ß\r\nÿ']]);
  });
});
