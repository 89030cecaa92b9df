import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import type { FieldChoice } from '../../../src/formats/fields.js';
import { problemOf, read, relabel } from './support.js';

/** Returns the first record of a table with this header, whose cells are the numbers of their columns. */
async function recordOf(header: string, fields: Partial<FieldChoice> = {}): Promise<object | undefined> {
  const cells = header.split(',').map((_, index) => String(index + 1));
  const { records } = await read(`${header}\n${cells.join(',')}\n`, { fields });
  return records[0];
}

describe('message, source and level are read from the column', () => {
  it.each<[string, string, object]>([
    ['with the exact name', 'message,host,log_message,source', { message: '3', source: '4' }],
    [
      'with the exact name in another case',
      'Log-Message, LOG_MESSAGE ,Source',
      { message: '2', source: '3' },
    ],
    ['with the first known name', 'body,msg,host,app', { message: '2', source: '4' }],
    [
      'with a name in another form',
      'Log Message,SERVICE-NAME,service_name.,Level',
      { message: '1', source: '', level: '4' },
    ],
    [
      'with an invisible character',
      '\u200Bmessage,\u2060pro\u00ADgram,program',
      { message: '1', source: '3' },
    ],
    ['of the message alone', 'log_message', { message: '1', source: '' }],
    [
      'of a nested name',
      'jsonPayload.message,host.name,log.level',
      { message: '1', source: '2', level: '3' },
    ],
    ['of the first level', 'PRIORITY,message,severity', { message: '2', source: '', level: '3' }],
  ])('%s: %s', async (_name, header, record) => {
    expect(await recordOf(header)).toEqual({ source: '', ...record });
  });

  it.each<[Partial<FieldChoice>, string, object]>([
    [{ messageColumn: 'Details' }, 'details,Details,log_message,source', { message: '2', source: '4' }],
    [{ messageColumn: 'de tails' }, 'Details,log_message', { message: '1', source: '' }],
    [{ messageColumn: '2' }, 'a,b,log_message', { message: '2', source: '' }],
    [{ messageColumn: '2' }, 'a,b,2', { message: '3', source: '' }],
    [{ messageColumn: 'source' }, 'source,host,log_message', { message: '1', source: '2' }],
    [{ sourceColumn: 'log_message' }, 'log_message,message', { message: '2', source: '1' }],
    [{ sourceColumn: '3' }, 'source,message,x', { message: '2', source: '3' }],
    [{ source: 'fixed' }, 'source,message,source', { message: '2', source: 'fixed' }],
    [
      { names: { message: ['x'], source: ['x', 'y'], level: [], time: [] } },
      'message,x,y',
      { message: '2', source: '3' },
    ],
    [{ messageColumn: '2' }, 'a,message,message', { message: '2', source: '' }],
  ])('that %j chooses in %s', async (fields, header, record) => {
    expect(await recordOf(header, fields)).toEqual(record);
  });

  it('and an empty level is no level', async () => {
    const { records, description } = await read('level,message\n , a\nerror,b\n');
    expect(records).toEqual([
      { source: '', message: ' a' },
      { source: '', message: 'b', level: 'error' },
    ]);
    expect(description).toEqual({
      delimiter: ',',
      headerLine: 1,
      columns: ['level', 'message'],
      message: { name: 'message', index: 1 },
      level: { name: 'level', index: 0 },
    });
  });
});

describe('a table is refused', () => {
  it.each<[string, Partial<FieldChoice>, string, string, string]>([
    [
      'without a message',
      {},
      'id,Mesage,text',
      'column_missing',
      'The nearest is "Mesage". Say which column has the message: POST /classify/?message_column=Mesage',
    ],
    [
      'without a message: the longest text is nearest',
      {},
      'a,b & c',
      'column_missing',
      '?message_column=b%20%26%20c',
    ],
    [
      'without a header, with a hint that it needs one',
      {},
      '2026-11-26 05:00:01.123 UTC,app,ERROR,"Disk full"',
      'column_missing',
      'give the number of the column, or put a line with names above the first record. Say which column has the message: POST /classify/?message_column=2',
    ],
    ['without a message: a nameless column has a number', {}, 'a,', 'column_missing', '?message_column=2'],
    [
      'without a message: a name that is there twice has a number',
      {},
      'b,b',
      'column_missing',
      '?message_column=2',
    ],
    [
      'without the chosen message',
      { messageColumn: 'Detials' },
      'id,Details,log_message',
      'column_missing',
      'no column "Detials", which the parameter message_column names. Columns found: "id", "Details", "log_message". The nearest is "Details". Name one of them, or its number from 1: POST /classify/?message_column=Details',
    ],
    [
      'with too high a number',
      { messageColumn: '3' },
      'a,message',
      'column_missing',
      '?message_column=message',
    ],
    [
      'without the chosen source',
      { sourceColumn: 'hosst' },
      'host,message',
      'column_missing',
      '?source_column=host',
    ],
    [
      'with two messages',
      {},
      'msg,MSG,x',
      'column_duplicate',
      'message_column=NUMBER, such as: POST /classify/?message_column=1',
    ],
    ['with two sources', {}, 'message,host,Host', 'column_duplicate', 'POST /classify/?source_column=2'],
    [
      'with two columns of the chosen name',
      { messageColumn: ' x' },
      'x,X',
      'column_duplicate',
      'message_column=NUMBER',
    ],
    [
      'with one column for both',
      { messageColumn: '1', sourceColumn: 'a' },
      'a,message',
      'column_duplicate',
      'both name column 1, "a"',
    ],
  ])('%s', async (_name, fields, header, code, detail) => {
    const problem = await problemOf(read(`${header}\n1,2222\n`, { fields }));
    expect(problem).toMatchObject({ code, place: { line: 1 } });
    expect(problem.detail).toContain(detail);
  });
});

describe('a nameless last column', () => {
  const events = 'Level,Source,Task\nError,App,None,It failed.\nError,App,,"It failed,\nagain."\n';

  it('gets an empty name and is the message if no other column is', async () => {
    const { records, description } = await read(events, { pieceChars: 1 });
    expect(records.map(({ message }) => message)).toEqual(['It failed.', 'It failed,\nagain.']);
    expect(description.message).toEqual({ name: '', index: 3 });
    expect(await relabel(events)).toBe(
      'Level,Source,Task,,target_label\nError,App,None,It failed.,L\nError,App,,"It failed,\nagain.",L\n',
    );
  });

  it.each([
    ['beside a message', 'message,x\na,b,c\n', 'message,x,,target_label\na,b,c,L\n'],
    ['that is empty in some rows', 'message,x\na,b,\na,b,c\n', 'message,x,,target_label\na,b,,L\na,b,c,L\n'],
    ['that is empty in all rows', 'message,x\na,b,\na,b,\n', 'message,x,target_label\na,b,L\na,b,L\n'],
  ])('%s', async (_name, file, expected) => {
    for (const pieceChars of [1, 65_536]) expect(await relabel(file, 'L', { pieceChars })).toBe(expected);
  });

  it.each([
    ['in some rows only', 'x,message\na,b\na,b,c\n', 3],
    ['that is the rest of a message with a comma', 'x,message\na,"b",\na,b, c\n', 3],
    ['and a footer', `${events}(2 rows)\n`, 5],
  ])('%s is refused', async (_name, file, line) => {
    expect(await problemOf(read(file))).toMatchObject({ code: 'csv_malformed', place: { line } });
  });
});

describe('a row whose message is blank has the text of the next known column', () => {
  /** Returns the messages of a table. */
  async function messagesOf(file: string, fields: Partial<FieldChoice> = {}): Promise<string[]> {
    const { records } = await read(file, { fields });
    return records.map(({ message }) => message);
  }

  it('that is not blank, in the order of the known names', async () => {
    const file =
      'jsonPayload.message,body,textPayload\nfrom json,,from text\nfrom json,,\n,from body,from text\nfrom json, ," "\n';
    expect(await messagesOf(file)).toEqual(['from text', 'from json', 'from body', 'from json']);
  });

  it('and stays as it is if all of them are blank', async () => {
    expect(await messagesOf('message,body\n " ",\n,\n')).toEqual([' " "', '']);
    expect(await messagesOf('message,body\n"  ","\t"\n')).toEqual(['  ']);
  });

  it('of each column with the same name', async () => {
    expect(await messagesOf('log_message,body,Body\n,,b\n,a,b\n')).toEqual(['b', 'a']);
  });

  it('but not that of the source, the label, or a column without a known name', async () => {
    const file = 'message,log,target_label,other\n,l,t,o\n';
    expect(await messagesOf(file, { sourceColumn: 'log' })).toEqual(['']);
  });

  it('but not if the user names the column', async () => {
    expect(await messagesOf('message,body\n,b\n', { messageColumn: 'message' })).toEqual(['']);
    expect(await messagesOf('x,body\n,b\n', { messageColumn: '1' })).toEqual(['']);
  });
});

describe('a table whose columns are named by numbers', () => {
  const csvlog =
    '2026-11-26 05:00:01.123 UTC,"app","app",311,"192.0.2.7:50112",LOG,00000,"connection authorized",,\n' +
    '2026-11-26 05:00:02.456 UTC,"app","app",311,"192.0.2.7:50112",ERROR,42P01,"relation ""x"" does not exist\nat character 15",,"psql"\n';

  /** Returns the messages, whether a header was found, and the answer. */
  async function readAll(
    file: string,
    fields: Partial<FieldChoice>,
  ): Promise<{ messages: string[]; headerLine: number | undefined; answer: string }> {
    const { records, description } = await read(file, { fields });
    const messages = records.map(({ message }) => message);
    return { messages, headerLine: description.headerLine, answer: await relabel(file, 'L', { fields }) };
  }

  it('and whose first row is a record has no header, and neither has the answer', async () => {
    const { messages, headerLine, answer } = await readAll(csvlog, { messageColumn: '8', sourceColumn: '2' });
    expect(messages).toEqual(['connection authorized', 'relation "x" does not exist\nat character 15']);
    expect(headerLine).toBeUndefined();
    expect(Papa.parse<string[]>(answer, { skipEmptyLines: true }).data.map((row) => row.at(-1))).toEqual([
      'L',
      'L',
    ]);
    expect(answer.split('\n')[0]).toBe(`${(csvlog.split('\n')[0] ?? '').replaceAll('"', '')},L`);
  });

  it('has the numbers as the names of its columns', async () => {
    const { description, records } = await read('a b c d e f,7\ng,8\n', {
      fields: { messageColumn: '1', sourceColumn: '2' },
    });
    expect(description).toEqual({
      delimiter: ',',
      columns: ['1', '2'],
      message: { name: '1', index: 0 },
      source: { name: '2', index: 1 },
    });
    expect(records).toEqual([
      { source: '7', message: 'a b c d e f' },
      { source: '8', message: 'g' },
    ]);
  });

  it('begins with its first record, behind comments and blank lines', async () => {
    const file = `sep=;\n#comment\n\n1;first text\n2;second text\n`;
    const { messages, answer } = await readAll(file, { messageColumn: '2' });
    expect(messages).toEqual(['first text', 'second text']);
    expect(answer).toBe('sep=;\n#comment\n\n1;first text;L\n2;second text;L\n');
  });

  it('begins with its first record even if a later one has known names', async () => {
    const file = '05:00:01,x,ready\n05:00:02,message,source\n';
    expect((await readAll(file, { messageColumn: '3' })).messages).toEqual(['ready', 'source']);
  });

  it('may have one record, of which the end is not in the first characters', async () => {
    const long = 'x'.repeat(100_000);
    expect((await readAll(`1,${long},z`, { messageColumn: '2' })).messages).toEqual([long]);
  });

  it.each([
    ['a time stamp', '2026-11-26T05:00:01Z,message', '2'],
    ['an address', '192.0.2.7,level', '2'],
    ['a UUID', '0b7e1f52-3c4d-4a6b-9e8f-001122334455,msg', '2'],
    ['a number', 'web1,17,ready', '3'],
    ['a date', '2026-11-26,ready', '2'],
    ['a sentence', 'web1,User logged in.', '2'],
    ['a long text', `web1,${'x'.repeat(61)}`, '2'],
  ])('has no header if its first row has %s', async (_, row, messageColumn) => {
    expect((await read(`${row}\n${row}\n`, { fields: { messageColumn } })).records).toHaveLength(2);
  });

  it.each([
    ['names', 'Host,Log text', { messageColumn: '2' }],
    ['known names and a number', 'host,message,5', { messageColumn: '2' }],
    ['numbers from 0', '0,1,2', { messageColumn: '2' }],
    ['numbers from 1', '1,2,3', { messageColumn: '2' }],
    ['values and a name that is asked for', '05:00:01,Text', { messageColumn: 'Text' }],
    ['values, one of which is the source', '05:00:01,Text', { messageColumn: '1', sourceColumn: 'Text' }],
  ])('has a header if its first row has %s', async (_, row, fields) => {
    expect((await read(`${row}\n${row}\n`, { fields })).description.headerLine).toBe(1);
  });

  it('is refused with the number of its columns if the number is too high', async () => {
    const { detail } = await problemOf(read(csvlog, { fields: { messageColumn: '8', sourceColumn: '20' } }));
    expect(detail).toContain('Columns found: "1", "2", "3", "4", "5", "6", "7", "8", "9", "10".');
  });
});

it('empty cells at the end may be too many or missing, and the row is as wide as the header', async () => {
  const file = 'source,log_message,x,y\na, b ,c,d,,\ne,f\ng,h,\n"i","j",k,,,,\n';
  const { rows, rawRows } = await read(file);
  expect(rows.map((row) => row.length)).toEqual([4, 2, 3, 4]);
  expect(rawRows).toEqual([undefined, 'e,f,,', 'g,h,,', undefined]);
  expect(await relabel(file)).toBe(
    'source,log_message,x,y,target_label\na," b ",c,d,L\ne,f,,,L\ng,h,,,L\ni,j,k,,L\n',
  );
});

it.each([
  ['the last column', 'source,log_message,x,Target Label\na,b\n"c",d,e\nf,g,h,old\n'],
  ['another column', 'source,log_message,Target Label,x\na,b\n"c",d,old\nf,g,old,h\n'],
  ['the first column', 'Target Label,source,log_message,x\n,a,b\n"",c,d\nold,f,g,h\n'],
])('rows that lack cells get their label in %s', async (_name, file) => {
  const [header = [], ...rows] = Papa.parse<string[]>(await relabel(file), { skipEmptyLines: true }).data;
  expect(rows.map((row) => [row.length, row[header.indexOf('Target Label')]])).toEqual(
    rows.map(() => [4, 'L']),
  );
});

describe('a header of 16,384 columns and short rows', () => {
  const header = `source,log_message${',x'.repeat(16_382)}\n`;
  const open = (row: string): ReturnType<typeof read> => read(header + row.repeat(5_000));

  it('is refused when the answer would be more than 64 Mi characters and many times as large', async () => {
    const problem = await problemOf(open('a,b,,,,,,,\n'));
    expect(problem).toMatchObject({ code: 'cell_too_large', place: { line: 4_100 } });
    expect(problem.detail).toContain('16,384 columns');
  });

  it('is read when the rows have about as much text', async () => {
    const { counts, rows } = await open(`a,${'b'.repeat(900)}\n`);
    expect([counts.skipped.count, rows.length]).toEqual([0, 5_000]);
  });
});

it('a blank line in a table of one column is skipped, and a quoted empty cell is a row', async () => {
  const { rows, counts } = await read('log_message\na\n\n""\nb\n');
  expect([rows, counts.blankLines]).toEqual([[['a'], [''], ['b']], 1]);
});

it('labels that the answer replaces are counted, and details overwrite nothing', async () => {
  const file = 'Target Label,log_message,Rule\nold,a,own\n ,b,own\n';
  expect((await read(file)).counts.overwrittenLabels).toBe(1);
  expect(await relabel(file, 'L', { details: true })).toBe(
    'Target Label,log_message,Rule,tier,confidence,rule_2,note\nL,a,own,rule,1,r,\nL,b,own,rule,1,r,\n',
  );
});

it('a source that is given for all rows needs no column, and short rows need none', async () => {
  const { records } = await read('log_message,x,source\na,b\n', { fields: { source: 'S' } });
  expect(records).toEqual([{ source: 'S', message: 'a' }]);
});
