import { describe, expect, it } from 'vitest';
import { JsonScanner, MAX_DEPTH, type JsonHandler } from '../../../src/formats/json/json-scanner.js';

/** A handler that records its calls. */
class Notes implements JsonHandler {
  readonly lines: string[] = [];
  open = (kind: string) => void this.lines.push(`open ${kind}`);
  close = () => void this.lines.push('close');
  name = (name: string) => void this.lines.push(`name ${name}`);
  scalar = (value: unknown) => void this.lines.push(`value ${JSON.stringify(value)}`);
}

function scan(...pieces: string[]): string[] {
  const notes = new Notes();
  const scanner = new JsonScanner(notes);
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  return notes.lines;
}

const BODY = '\ufeff{"a":[1,"b",{}], "":{"c":true,\t"d":false\r\n},"e":[],"f":null,"g":[-1.5e3]} ';
const CALLS = [
  ...['open object', 'name a', 'open list', 'value 0', 'value ""', 'open object', 'close', 'close'],
  ...['name ', 'open object', 'name c', 'value true', 'name d', 'value false', 'close'],
  ...['name e', 'open list', 'close', 'name f', 'value null'],
  ...['name g', 'open list', 'value 0', 'close', 'close'],
];

describe('The handler', () => {
  it('receives the parts of a text in order, wherever the text is split', () => {
    for (let cut = 0; cut <= BODY.length; cut++) {
      expect(scan(BODY.slice(0, cut), BODY.slice(cut))).toEqual(CALLS);
    }
  });

  it.each([
    ['true', 'value true'],
    [' "ab\\n"\n', 'value ""'],
    ['10', 'value 0'],
  ])('receives the single value %j', (text, call) => {
    expect(scan(text)).toEqual([call]);
  });

  it('receives names of 256 characters, and longer ones as empty names', () => {
    const [fits, tooLong] = ['n'.repeat(256), 'n'.repeat(257)];
    expect(scan(`{"${fits}":1}`)[1]).toBe(`name ${fits}`);
    expect(scan(`{"${tooLong}":1}`)[1]).toBe('name ');
  });
});

describe('A text that is not JSON', () => {
  it.each([
    ['x', 'a value'],
    ['}', 'a value'],
    [',', 'a value'],
    ['[1 2', 'a comma or ]'],
    ['[1:', 'a comma or ]'],
    ['[1}', 'a comma or ]'],
    ['["a""', 'a comma or ]'],
    ['[,', 'a value or ]'],
    ['[1,]', 'a value'],
    ['[}', 'a value or ]'],
    ['{1', 'a name in quotes or }'],
    ['{[', 'a name in quotes or }'],
    ['{]', 'a name in quotes or }'],
    ['{"a" 1', 'a colon'],
    ['{"a"}', 'a colon'],
    ['{"a":}', 'a value'],
    ['{"a":1 "', 'a comma or }'],
    ['{"a":1]', 'a comma or }'],
    ['{"a":1,}', 'a name in quotes'],
    ['{"a":1,2', 'a name in quotes'],
    ['[[1}', 'a comma or ]'],
    ['[{}}', 'a comma or ]'],
    ['1 1', 'the end of the body'],
    ['"a"]', 'the end of the body'],
    ['[]😀', 'the end of the body'],
    ['01', 'the end of the body'],
    ['[-x', 'the rest of a number'],
    ['1.e', 'the rest of a number'],
    ['"\t', 'the rest of a string'],
    ['trux', 'true'],
    ['fals1', 'false'],
    ['nulL', 'null'],
    [' \ufeff', 'a value'],
  ])('%j is refused at its last character: expected %s', (text, expected) => {
    const last = Array.from(text).at(-1) ?? '';
    const offset = Buffer.byteLength(text) - Buffer.byteLength(last);
    const place = { line: 1, offset };
    const where = `on line 1, byte ${offset} (counted from 0)`;
    const message = `The body is not valid JSON: ${where}, expected ${expected} but found ${JSON.stringify(last)}.`;
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
    ['tru', 'true'],
  ])('%j is refused at its end: expected %s', (text, expected) => {
    expect(() => scan(text)).toThrow(
      `byte ${text.length} (counted from 0), expected ${expected} but found the end of the body.`,
    );
  });

  it('is refused with the line, and the byte counted over all pieces', () => {
    const place = { line: 3, offset: 8 };
    expect(() => scan('["é",\n', '\n', ']')).toThrow(expect.objectContaining({ place }) as Error);
  });
});

describe('Depth', () => {
  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])(`may be ${MAX_DEPTH} but not more, of %s`, (open, close) => {
    const deep = (depth: number) => `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`;
    expect(() => scan(deep(MAX_DEPTH))).not.toThrow();
    expect(() => scan(deep(MAX_DEPTH + 1))).toThrow(
      expect.objectContaining({
        code: 'json_invalid',
        message:
          'The JSON is nested deeper than the maximum of 64 levels. Send a simpler body, or the logs as CSV.',
        place: { line: 1, offset: open.length * MAX_DEPTH },
      }) as Error,
    );
  });

  it('counts open objects and lists only, not closed ones', () => {
    expect(() => scan(`[${'[],{},'.repeat(100)}[]]`)).not.toThrow();
  });
});
