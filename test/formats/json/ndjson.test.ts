import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openNdjson } from '../../../src/formats/json/open-ndjson.js';
import { mostInOneTurn, turnCounter } from '../../support/turn-counter.js';
import { optionsWith } from '../read-options.js';
import { inPieces, messagesOf, open, readBack, refusalOf } from './support.js';

const A = '{"log":"a"}';
const B = '{"log":"b"}';

function read(text: string, options: Parameters<typeof readBack>[1] = {}): ReturnType<typeof readBack> {
  return readBack(text, { ndjson: true, ...options });
}

describe('The answer to NDJSON', () => {
  it('adds the label after the last field and changes nothing else', async () => {
    const text = '{ "log" : "a", "big": 12345678901234567890, "big": 1.10, "e": "\\u00e9\\/" }\n';
    const { answer, kind } = await read(text);
    expect(kind).toBe('ndjson');
    expect(answer).toBe(`${text.slice(0, -2)},"target_label":"Über \\"L\\""}\n`);
  });

  it('replaces each label that an object has, and counts the object once', async () => {
    const { answer, counts } = await read(
      '{"target_label":{"a":["}"]},"log":"a","in":{"target_label":1},"target\\u005flabel" : "x"}\n',
    );
    expect(answer).toBe(
      '{"target_label":"Über \\"L\\"","log":"a","in":{"target_label":1},"target\\u005flabel" : "Über \\"L\\""}\n',
    );
    expect(counts.overwrittenLabels).toBe(1);
  });

  it.each([
    ['{"log":"a"}', ',"tier":"rule","confidence":1,"rule":"r7"'],
    ['{"log":"a","severity":"WARN"}', ',"tier":"rule","confidence":1,"rule":"r7","level":"WARN"'],
    ['{"log":"a","level":3}', ',"tier":"rule","confidence":1,"rule":"r7"'],
    ['{"log":"a","tier":1,"rule":2,"rule_2":3}', ',"tier_2":"rule","confidence":1,"rule_3":"r7"'],
  ])('has details that leave the fields of %s alone', async (text, details) => {
    const { answer } = await read(text, { details: true });
    expect(answer).toBe(`${text.slice(0, -1)},"target_label":"Über \\"L\\""${details}}\n`);
  });
});

describe('NDJSON', () => {
  it.each([
    ['blank lines', `\n${A}\r\n \t\n\n${B}`, 3],
    ['record separators', `\u001e${A}\n\u001e${B}\n`, 0],
    ['byte order marks of joined files', `${A}\n\ufeff${B}\n`, 0],
  ])('may have %s', async (_, text, blankLines) => {
    const { records, counts } = await read(text);
    expect(records.map(({ message }) => message)).toEqual(['a', 'b']);
    expect(counts).toMatchObject({ blankLines, skipped: { count: 0 } });
  });

  it.each([
    ['on one line', `${A}${B}`],
    ['on one line, with commas', `${A}, ${B},`],
    ['on lines, with commas', `${A},\n${B}`],
    ['that span lines', '{\n "log":\n "a"\n}\n{"log":"b"}'],
    ['on lines that end with CR', `${A}\r${B}\r`],
    ['after a line longer than what is read ahead', `{"x":"${'x'.repeat(70_000)}",${A.slice(1)}\n${B}`],
  ])('may be objects %s', async (_, text) => {
    expect(await messagesOf(text, { ndjson: true })).toEqual(['a', 'b']);
    expect(await messagesOf(text)).toEqual(['a', 'b']);
  });

  it('gives chunks of the size that is asked for, and one at the end', async () => {
    expect((await read(`${A}\n`.repeat(7), { chunkRecords: 3 })).chunkSizes).toEqual([3, 3, 1]);
    expect((await read(`${A}\n`.repeat(7), { chunkChars: 20 })).chunkSizes).toEqual([2, 2, 2, 1]);
  });

  it('tells its fields and where the first record has its message, source and level', async () => {
    const { description } = await read('{"log":"a","app":"x","log.level":"info"}\n{"host":1,"msg":"b"}\n');
    expect(description).toEqual({
      columns: ['log', 'app', 'log.level', 'host', 'msg'],
      message: { name: 'log' },
      source: { name: 'app' },
      level: { name: 'log.level' },
    });
  });

  it('may have lone surrogates, which come back as they stood', async () => {
    const text = '{"log":"\\ud800 \\uDC00","\\ud83d":1}';
    const { answer, records } = await read(text);
    expect(answer).toContain(text.slice(0, -1));
    expect(records[0]?.message).toBe('\ud800 \udc00');
  });

  it('may have a field __proto__, which is a field like others', async () => {
    const { records } = await read('{"__proto__":{"log":"no"},"msg":"a","constructor":{"name":"x"}}');
    expect(records).toEqual([{ source: '', message: 'a' }]);
    expect(Object.keys({})).toEqual([]);
  });

  it('is closed when reading stops early, or when it never began', async () => {
    const one = inPieces(`${A}\n`.repeat(100_000), 1000);
    for await (const chunk of (await open(one.text, { ndjson: true })).chunks()) {
      expect(chunk.records).toHaveLength(1000);
      break;
    }
    expect(one.state.isClosed).toBe(true);
    const other = inPieces(`${A}\n${B}`, 5);
    await (await open(other.text, { ndjson: true })).close();
    expect(other.state.isClosed).toBe(true);
  });
});

describe('A bad line', () => {
  it.each([
    [
      '{"log":"a"',
      /^Line 2 is not a JSON object: at character 11, expected a comma or } but found the end of the line\./,
      11,
    ],
    ['  {"log":nul}', /^Line 2 is not a JSON object: at character 13, expected null but found "}"\./, 13],
    ['{"log":"a"} x', /^Line 2 .* at character 13, expected the end of the line but found "x"\./, 13],
    ['text', /^Line 2 .* at character 2, expected true but found "e"\./, 2],
    ['7', /^Line 2 is not a JSON object but a number\. Send one JSON object a line\./, 1],
    ['["a"]', /^Line 2 is not a JSON object but a list\./, 1],
    ['null', /^Line 2 is not a JSON object but null\./, 1],
  ])('%s is refused with its place and the way out', async (line, detail, column) => {
    const refusal = await refusalOf(`${A}\n${line}\n${B}\n`, { ndjson: true });
    expect(refusal).toMatchObject({
      code: 'json_invalid',
      message: expect.stringMatching(detail) as string,
      place: { line: 2, column },
    });
    expect(refusal).toHaveProperty('message', expect.stringContaining('on_error=skip'));
  });

  it('is left out with on_error=skip, and its line and reason are told', async () => {
    const { answer, counts } = await read(`x\n${A}\n\n{"log":\n${B}`, { onError: 'skip' });
    expect(answer.split('\n')).toHaveLength(3);
    expect(counts.blankLines).toBe(1);
    expect(counts.skipped).toMatchObject({ count: 2, first: [{ line: 1 }, { line: 4 }] });
    expect(counts.skipped.first[1]?.reason).toMatch(/^Line 4 is not a JSON object/);
  });

  it('does not make lines of an object that spans lines, nor the other way round', async () => {
    const skip = { ndjson: true, onError: 'skip' } as const;
    expect(await messagesOf(`{"log":\n${A}\n${B}`, skip)).toEqual(['a', 'b']);
    expect(await messagesOf('{"log":\n"a"}\n{"log":\n"b"}', skip)).toEqual(['a', 'b']);
    expect(await messagesOf('{"log":"x"} y\n{"log":"a"}\n', skip)).toEqual(['a']);
  });

  it('may be the last of many in a text without a good one', async () => {
    const { records, counts } = await read('x\n'.repeat(1000), { onError: 'skip' });
    expect(records).toEqual([]);
    expect(counts.skipped.count).toBe(1000);
    expect(counts.skipped.first).toHaveLength(100);
  });
});

it.each(['', ' \n\r\n', '\u001e'])('An empty text %j is refused', async (text) => {
  expect(await refusalOf(text, { ndjson: true })).toMatchObject({ code: 'csv_empty' });
  expect(await refusalOf(text)).toMatchObject({ code: 'csv_empty' });
});

it('A text of thousands of broken lines parses few of them in a turn of the event loop', async () => {
  const { turn, stop } = turnCounter();
  const parsedIn: number[] = [];
  const parse = JSON.parse.bind(JSON);
  const spy = vi.spyOn(JSON, 'parse').mockImplementation((text) => {
    parsedIn.push(turn());
    return parse(text) as unknown;
  });
  onTestFinished(() => spy.mockRestore());
  await readBack('{"a":}\n'.repeat(9_000), { ndjson: true, onError: 'skip' });
  stop();
  expect(parsedIn.length).toBeGreaterThanOrEqual(9_000);
  expect(mostInOneTurn(parsedIn)).toBeLessThan(1_000);
});

it('A live text gives a chunk of its complete lines at each flush mark', async () => {
  const chunks: [number, boolean][] = [];
  const pieces = [`${A}\n${B}\n{"log"`, '', ':"c"}\n', '', B];
  const input = await openNdjson(piecesOf(pieces), optionsWith());
  for await (const { records, isFlushed = false } of input.chunks()) chunks.push([records.length, isFlushed]);
  expect(chunks).toEqual([
    [2, true],
    [1, true],
    [1, false],
  ]);
});

async function* piecesOf(pieces: string[]): AsyncGenerator<string, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
