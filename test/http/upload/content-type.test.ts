import { expect, it } from 'vitest';
import { parseContentType } from '../../../src/http/upload/content-type.js';

it.each([
  ['text/csv', 'text/csv', undefined],
  [' Text/CSV ;charset=UTF-8', 'text/csv', 'UTF-8'],
  ['text/csv; header=present; Charset="latin1" ', 'text/csv', 'latin1'],
  ['text/csv; x-charset=a; charset=b', 'text/csv', 'b'],
  ['text/csv; charset=a"b"', 'text/csv', 'a"b"'],
  ['text/csv; charset="b"a', 'text/csv', '"b"a'],
  ['text/csv; charset=', 'text/csv', undefined],
  ['; charset=b', undefined, 'b'],
  ['', undefined, undefined],
  [undefined, undefined, undefined],
])('the Content-Type %j means the type %j and the charset %j', (header, mediaType, charset) => {
  expect(parseContentType(header)).toEqual({ mediaType, charset });
});
