import { describe, expect, it } from 'vitest';
import { JsonString } from '../../../src/formats/json/json-string.js';

/** Reads a string from these pieces, after its opening quote. Returns it and the index in the last piece. */
function read(pieces: string[], limit = 1000, string = new JsonString()) {
  string.begin(limit);
  let at = 0;
  for (const piece of pieces) at = string.read(piece, 0);
  return { string, at };
}

const WHOLE: [string, string][] = [
  ['"', ''],
  ['plain é漢😀"', 'plain é漢😀'],
  ['\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
  ['\\u0041\\uabCD\\uEF09b"', 'A\uabcd\uef09b'],
  ['a\\\\"', 'a\\'],
  [' !~\u007f\u2028"', ' !~\u007f\u2028'],
];

describe('A string', () => {
  it.each(WHOLE)('written %s is %j, wherever it is split', (text, value) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const { string } = read([text.slice(0, cut), text.slice(cut)].filter(Boolean));
      expect([string.state, string.isTooLong, string.value]).toEqual(['closed', false, value]);
    }
  });

  it('is read from the given index, and no further than its end', () => {
    const string = new JsonString();
    string.begin(10);
    expect(string.read('{"ab","c"}', 2)).toBe(5);
    expect(string.value).toBe('ab');
  });

  it('is open until its closing quote', () => {
    expect(read(['abc']).string.state).toBe('open');
    expect(read(['abc\\']).string.state).toBe('open');
    expect(read(['\\u00']).string.state).toBe('open');
  });

  it.each([
    ['a\n"', 1],
    ['\u001f"', 0],
    ['a\\x"', 2],
    ['\\a"', 1],
    ['\\1"', 1],
    ['\\U0041"', 1],
    ['\\u004g"', 5],
    ['\\u00"', 4],
    ['\\u0041\\', 7],
  ])('written %j is read up to character %i', (text, at) => {
    const { string, at: stopped } = read([text]);
    expect(stopped).toBe(at);
    expect(string.state).toBe(text.endsWith('\\') ? 'open' : 'invalid');
  });

  it('is not affected by a previous string that was too long or incomplete', () => {
    const { string } = read(['\\n\\u00'], 1);
    expect(read(['b"'], 1, string).string).toMatchObject({ state: 'closed', isTooLong: false, value: 'b' });
    read(['\\'], 1, string);
    expect(read(['n"'], 1, string).string).toMatchObject({ state: 'closed', value: 'n' });
    read(['abc'], 1, string);
    expect(read(['c"'], 1, string).string).toMatchObject({ isTooLong: false, value: 'c' });
  });
});

describe('The limit of a string', () => {
  it.each([
    ['abc"', 3],
    ['a\\n\\u0041"', 3],
    ['\\b\\f"', 2],
    ['\\ud83d\\ude00"', 2],
    ['😀"', 2],
  ])('counts %s as %i characters, wherever it is split', (text, chars) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const pieces = [text.slice(0, cut), text.slice(cut)].filter(Boolean);
      expect(read(pieces, chars).string.isTooLong).toBe(false);
      expect(read(pieces, chars - 1).string).toMatchObject({ isTooLong: true, value: '' });
    }
  });

  it('is detected before the string ends', () => {
    expect(read(['ab\\'], 1).string).toMatchObject({ isTooLong: true, state: 'open' });
  });

  it('is optional: without it the string is checked and its value is empty', () => {
    const string = new JsonString();
    string.begin(undefined);
    string.read('a\\n', 0);
    string.read('\\u0041b"', 0);
    expect(string).toMatchObject({ state: 'closed', isTooLong: false, value: '' });
    string.begin(undefined);
    string.read('a\\x', 0);
    expect(string.state).toBe('invalid');
  });
});
