import { describe, expect, it } from 'vitest';
import { findHeader, type FoundHeader } from '../../../src/formats/csv/header-search.js';
import { KNOWN_FIELDS, type FieldChoice } from '../../../src/formats/fields.js';

const find = (
  text: string,
  isComplete: boolean,
  fields: Partial<FieldChoice> = {},
): FoundHeader | undefined => findHeader(text, { isComplete, fields: { ...KNOWN_FIELDS, ...fields } });

/** Returns the first cells of the header that is found, and its line. */
function headerOf(text: string, fields?: Partial<FieldChoice>): [string, number, string] | undefined {
  const found = find(text, true, fields);
  return found && [text.slice(found.at).split('\n')[0] ?? '', found.line, found.delimiter];
}

describe('the delimiter of a complete text', () => {
  it.each([
    ['source,log_message', ','],
    ['source;log_message', ';'],
    ['source\tlog_message', '\t'],
    ['source|log_message', '|'],
    [' Source ;"LOG_MESSAGE"', ';'],
    ['a,b,c,d;source;log_message', ';'],
    ['"a;b;c;d",source,log_message', ','],
    ['"x ""y"";,z"|source|log_message', '|'],
    ['log_message\t,\t\tsource', '\t'],
    ['source\t;;\tlog_message', '\t'],
    ['a;b;c,d', ';'],
    ['a|b,c', ','],
    ['message', ','],
    ['source;"log\n_x,a,b', ';'],
    [' \n\t\nsource;"log_message\nx,y,z', ';'],
    ['\rsource|"log_message\rx,y,z', '|'],
    ['', ','],
  ])('finds in %j the delimiter %j', (line, delimiter) => {
    expect(find(line, true)?.delimiter).toBe(delimiter);
  });
});

describe('the delimiter of the start of a text', () => {
  it.each([
    ['source;log_message\n1,2,3,4,5\n', ';'],
    ['source;log_message\r1,2,3,4,5', ';'],
    ['\r\n \n\t\nsource;log_message\n', ';'],
    ['"a\nb,c,d,e",f|source|log_message\nd', '|'],
    ['"a ""\n,"" b";source;log_message\nd', ';'],
    ['size 5",x;source;log_message\nc,"d"\n', ';'],
    [',"x;source;log_message\n', ';'],
  ])('finds in %j the delimiter %j', (text, delimiter) => {
    expect(find(text, false)?.delimiter).toBe(delimiter);
  });

  it.each([
    '',
    'source,log_message',
    'a;b\n',
    'Report\n',
    '# x\n',
    'sep=;',
    '"a\nb,c',
    'a,"b""\n',
    '\n\n \n',
  ])('needs more text after %j', (text) => {
    expect(find(text, false)).toBeUndefined();
  });

  it.each(['x', ' ', '"', ',"', '\n', '""\n,'])('takes linear time for half a million of %j', (unit) => {
    const text = unit.repeat(500_000 / unit.length);
    expect([undefined, ',']).toContain(find(text, false)?.delimiter);
    expect(find(text, true)?.delimiter).toBe(',');
  });
});

describe('the header', () => {
  it('is found after any number of comments', () => {
    expect(headerOf(`${'#\n'.repeat(30_000)}source;log_message\n`)).toEqual([
      'source;log_message',
      30_001,
      ';',
    ]);
  });

  it('may be one of the first 500 comments', () => {
    const comments = (count: number): string => `${'# x\n'.repeat(count)}# source,log_message\n1,2\n`;
    expect(headerOf(comments(499))).toEqual(['# source,log_message', 500, ',']);
    expect(headerOf(comments(500))).toEqual(['1,2', 502, ',']);
  });

  it.each<[string, string, [string, number, string]]>([
    ['the first line', 'source,log_message\nx,y\n', ['source,log_message', 1, ',']],
    ['a line after blank lines', '\n \r\n\tsource,log_message\n', ['\tsource,log_message', 3, ',']],
    ['a line after sep=', 'SEP=;\r\na,b;message;host\n', ['a,b;message;host', 2, ';']],
    ['a line after a quoted sep=', '\n"sep=|"\nx;message\n', ['x;message', 3, '|']],
    ['a line after a tab as sep=', 'sep=\t\nx;message\tid\n', ['x;message\tid', 2, '\t']],
    ['a line with unknown names after sep=', 'sep=;\na,b,c;d\n', ['a,b,c;d', 2, ';']],
    ['a line after #TYPE', '#TYPE System.Object, x, y\nId,Message\n1,b\n', ['Id,Message', 2, ',']],
    ['a line after comments', '# message, source\n# b\n\nmessage,source\na,b\n', ['message,source', 4, ',']],
    [
      'a comment that names the columns',
      '#,source,log_message\n1,web,log\n',
      ['#,source,log_message', 1, ','],
    ],
    ['a comment that is alone', '# a,message\n', ['# a,message', 1, ',']],
    ['a line with unknown names after comments', '# a\nx;y\n1;2\n', ['x;y', 2, ';']],
    ['a line after titles', 'Report, May\nTotal;2\n\nid;message;x\n1;y;z\n', ['id;message;x', 4, ';']],
    ['a line after titles with quotes', '"Report\nof May"\nsource,message\n', ['source,message', 3, ',']],
    [
      'a line after titles that name fields',
      'Host,web01\nLog,x\nid,source,log_message\n',
      ['id,source,log_message', 3, ','],
    ],
    ['the 21st line', `${'t\n'.repeat(20)}source,log_message\n`, ['source,log_message', 21, ',']],
    ['the first line if the names come later', `${'t\n'.repeat(21)}source,log_message\n`, ['t', 1, ',']],
    ['the first line if it has only a source', 'a,source,b\nx,host,log\n', ['a,source,b', 1, ',']],
    ['the first line if a row of it has known names', 'message,id\nservice,log\n', ['message,id', 1, ',']],
    ['one column', 'log_message\nsource,message\n', ['log_message', 1, ',']],
    ['one column after a title', 'Report\nlog_message\nx\n', ['log_message', 2, ',']],
    ['no cell of a column', 'text\nx\nmessage\ny\n', ['text', 1, ',']],
  ])('is %s', (_name, text, expected) => {
    expect(headerOf(text)).toEqual(expected);
    expect(headerOf(text.replaceAll('\n', '\r\n'))?.[1]).toBe(expected[1]);
  });

  it.each<[string, Partial<FieldChoice>, string, [string, number, string]]>([
    ['names', { messageColumn: 'Details' }, 'x;y\n\nid;details\n', ['id;details', 3, ';']],
    ['names in vain', { messageColumn: 'Detials' }, 'May\nid;message\n1;2\n', ['id;message', 2, ';']],
    ['numbers', { messageColumn: '2' }, 'a;b\n1;2\n', ['a;b', 1, ';']],
    ['names as the source', { messageColumn: 'b', sourceColumn: 'a' }, 'x\na|b\n', ['a|b', 2, '|']],
  ])('has the column that the user %s', (_name, fields, text, expected) => {
    expect(headerOf(text, fields)).toEqual(expected);
  });

  it('is split by the known delimiter only', () => {
    const text = 'sep=,\nsource,log_message;x\n';
    expect(findHeader(text, { isComplete: true, fields: KNOWN_FIELDS, delimiter: ';' })).toEqual({
      at: 6,
      line: 2,
      delimiter: ';',
      isHeadless: false,
    });
  });
});
