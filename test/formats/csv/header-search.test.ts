import { describe, expect, it } from 'vitest';
import { chooseDelimiter, findDelimiter } from '../../../src/formats/csv/dialect.js';

const REQUIRED = ['source', 'log_message'];

describe('chooseDelimiter', () => {
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
    ['source;"log\n_message,a,b', ';'],
    [' \n\t\nsource;"log_message\nx,y,z', ';'],
    ['\rsource|"log_message\rx,y,z', '|'],
    ['', ','],
  ])('finds in %j the delimiter %j', (line, delimiter) => {
    expect(chooseDelimiter(line, REQUIRED)).toBe(delimiter);
  });
});

describe('findDelimiter', () => {
  it.each([
    ['source;log_message\n1,2,3,4,5\n', ';'],
    ['source;log_message\r1,2,3,4,5', ';'],
    ['\r\n \n\t\nsource;log_message\n', ';'],
    ['"a\nb,c,d,e",f|source|log_message\nd', '|'],
    ['"a ""\n,"" b";source;log_message\nd', ';'],
    ['size 5",x;source;log_message\nc,"d"\n', ';'],
    [',"x;source;log_message\n', ';'],
    ['a;b\n', ';'],
  ])('finds in %j the delimiter %j', (text, delimiter) => {
    expect(findDelimiter(text, REQUIRED)).toBe(delimiter);
  });

  it.each(['', 'source,log_message', '"a\nb,c', 'a,"b""\n', '\n\n \n'])(
    'needs more text after %j',
    (text) => {
      expect(findDelimiter(text, REQUIRED)).toBeUndefined();
    },
  );

  it.each(['x', ' ', '"', ',"', '\n', '""\n,'])('takes linear time for half a million of %j', (unit) => {
    const text = unit.repeat(500_000 / unit.length);
    expect([undefined, ',']).toContain(findDelimiter(text, REQUIRED));
    expect(chooseDelimiter(text, REQUIRED)).toBe(',');
  });
});
