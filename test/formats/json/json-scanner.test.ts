import { describe, expect, it } from 'vitest';
import { JsonScanner, MAX_DEPTH, type JsonHandler } from '../../../src/formats/json/json-scanner.js';

/** A handler that writes down what it is told; strings may have four characters. */
class Notes implements JsonHandler {
  readonly lines: string[] = [];
  open = (kind: string) => void this.lines.push(`open ${kind}`);
  close = () => void this.lines.push('close');
  name = (name: string) => void this.lines.push(`name ${name}`);
  scalar = (value: unknown) => void this.lines.push(`value ${JSON.stringify(value)}`);
  stringLimit = () => 4;
  stringTooLong = (): never => {
    throw new Error('too long');
  };
}

function scan(...pieces: string[]): string[] {
  const notes = new Notes();
  const scanner = new JsonScanner(notes);
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  return notes.lines;
}

const BODY = '\ufeff{"a":[1,"b",{}], "":{"c":true,\t"d":false\r\n},"e":[],"f":null,"g":[-1.5e3]} ';
const SAID = [
  ...['open object', 'name a', 'open list', 'value 0', 'value "b"', 'open object', 'close', 'close'],
  ...['name ', 'open object', 'name c', 'value true', 'name d', 'value false', 'close'],
  ...['name e', 'open list', 'close', 'name f', 'value null'],
  ...['name g', 'open list', 'value 0', 'close', 'close'],
];

describe('A handler', () => {
  it('is told what a text consists of, in its order, wherever the text is cut', () => {
    for (let cut = 0; cut <= BODY.length; cut++) {
      expect(scan(BODY.slice(0, cut), BODY.slice(cut))).toEqual(SAID);
    }
  });

  it.each([
    ['true', 'value true'],
    [' "abcd"\n', 'value "abcd"'],
    ['10', 'value 0'],
  ])('is told of %j, which is a value alone', (text, said) => {
    expect(scan(text)).toEqual([said]);
  });

  it('is told of a string that is too long before it ends', () => {
    expect(() => scan('["abcde')).toThrow('too long');
  });

  it('is told names of 256 characters, and longer ones as empty', () => {
    const [fits, tooLong] = ['n'.repeat(256), 'n'.repeat(257)];
    expect(scan(`{"${fits}":1}`)[1]).toBe(`name ${fits}`);
    expect(scan(`{"${tooLong}":1}`)[1]).toBe('name ');
  });
});

describe('A text that is not JSON', () => {
  it.each([
    ['x', 'has "x" where a value is expected'],
    ['}', 'has "}" where a value is expected'],
    [',', 'has "," where a value is expected'],
    ['[1 2', 'has "2" where a comma or ] is expected'],
    ['[1:', 'has ":" where a comma or ] is expected'],
    ['[1}', 'has "}" where a comma or ] is expected'],
    ['["a""', 'has "\\"" where a comma or ] is expected'],
    ['[,', 'has "," where a value or ] is expected'],
    ['[1,]', 'has "]" where a value is expected'],
    ['[}', 'has "}" where a value or ] is expected'],
    ['{1', 'has "1" where a name in quotes or } is expected'],
    ['{[', 'has "[" where a name in quotes or } is expected'],
    ['{]', 'has "]" where a name in quotes or } is expected'],
    ['{"a" 1', 'has "1" where a colon is expected'],
    ['{"a"}', 'has "}" where a colon is expected'],
    ['{"a":}', 'has "}" where a value is expected'],
    ['{"a":1 "', 'has "\\"" where a comma or } is expected'],
    ['{"a":1]', 'has "]" where a comma or } is expected'],
    ['{"a":1,}', 'has "}" where a name in quotes is expected'],
    ['{"a":1,2', 'has "2" where a name in quotes is expected'],
    ['[[1}', 'has "}" where a comma or ] is expected'],
    ['[{}}', 'has "}" where a comma or ] is expected'],
    ['1 1', 'has "1" where the end is expected'],
    ['"a"]', 'has "]" where the end is expected'],
    ['[]😀', 'has "😀" where the end is expected'],
    ['01', 'has "1" where the end is expected'],
    ['[-x', 'has "x" where the rest of a number is expected'],
    ['1.e', 'has "e" where the rest of a number is expected'],
    ['"\t', 'has "\\t" where the rest of a string is expected'],
    ['trux', 'has "x" where true is expected'],
    ['fals1', 'has "1" where false is expected'],
    ['nulL', 'has "L" where null is expected'],
    [' \ufeff', 'has "\ufeff" where a value is expected'],
  ])('%j %s, and that is where its last character stands', (text, reason) => {
    const last = Array.from(text).at(-1) ?? '';
    const offset = Buffer.byteLength(text) - Buffer.byteLength(last);
    const place = { line: 1, offset };
    const message = `The body is not JSON: line 1, byte ${offset} (counted from 0), ${reason}.`;
    for (const pieces of [[text], Array.from(text)]) {
      expect(() => scan(...pieces)).toThrow(
        expect.objectContaining({ code: 'json_invalid', message, place }) as Error,
      );
    }
  });

  it.each([
    ['', 'a value'],
    ['[', 'a value or ]'],
    ['{', 'a name in quotes or }'],
    ['{"a"', 'a colon'],
    ['{"a":', 'a value'],
    ['{"a":1', 'a comma or }'],
    ['{"a":1,', 'a name in quotes'],
    ['[1', 'a comma or ]'],
    ['"a', 'the rest of a string'],
    ['-', 'the rest of a number'],
    ['tru', 'the rest of a word'],
  ])('%j ends where %s is expected', (text, missing) => {
    expect(() => scan(text)).toThrow(
      `byte ${text.length} (counted from 0), ends where ${missing} is expected.`,
    );
  });

  it('is told the line, and the byte over all pieces', () => {
    const place = { line: 3, offset: 8 };
    expect(() => scan('["é",\n', '\n', ']')).toThrow(expect.objectContaining({ place }) as Error);
  });
});

describe('Depth', () => {
  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])(`may be ${MAX_DEPTH} and not one more, of %s`, (open, close) => {
    const deep = (depth: number) => `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`;
    expect(() => scan(deep(MAX_DEPTH))).not.toThrow();
    expect(() => scan(deep(MAX_DEPTH + 1))).toThrow(
      expect.objectContaining({
        code: 'json_invalid',
        message: 'The JSON is nested more than 64 deep, which is the most taken here.',
        place: { line: 1, offset: open.length * MAX_DEPTH },
      }) as Error,
    );
  });

  it('is what is open at once, not what was', () => {
    expect(() => scan(`[${'[],{},'.repeat(100)}[]]`)).not.toThrow();
  });
});
