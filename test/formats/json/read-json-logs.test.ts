import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../src/classifier/types.js';
import { readJsonLogs } from '../../../src/formats/json/read-json-logs.js';
import { turnCounter } from '../../support/turn-counter.js';

const MIB = 1024 * 1024;
const LOG = '{"source":"A","log_message":"b"}';

function read(body: Readable | string | Buffer, maxCellChars = 1_000_000): Promise<LogRecord[]> {
  const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  return readJsonLogs(stream, maxCellChars);
}

/** A body that repeats one part for 16 MiB after its head, and the number of bytes requested. */
function repeated(head: string, part: string): { stream: Readable; asked: () => number } {
  const chunk = Buffer.from(part.repeat(Math.ceil(65_536 / part.length)));
  let asked = 0;
  function* chunks(): Generator<Buffer> {
    yield Buffer.from(head);
    for (; asked < 16 * MIB; asked += chunk.length) yield chunk;
  }
  return { stream: Readable.from(chunks(), { highWaterMark: 1 }), asked: () => asked };
}

describe('A body that is expensive to parse', () => {
  it.each<[string, string, string, number, object, RegExp]>([
    ['brackets', '', '[', 1, { path: '' }, /object/],
    ['nested objects', '', '{"a":', 1, { line: 1, offset: 320 }, /maximum of 64 levels/],
    ['lists nested in a log', `{"logs":[{"a":`, '[', 1, { line: 1, offset: 75 }, /maximum of 64 levels/],
    ['empty logs', '{"logs":[', '{},', 1, { path: 'logs.0.source' }, /string/],
    ['good logs without end', '{"logs":[', `${LOG},`, 4, { path: 'logs' }, /more than 100,000 entries/],
    ['an endless message', '{"log_message":"', 'x', 2, { path: 'log_message' }, /more than 1000000 char/],
    ['endless escapes', '{"logs":[{"source":"', '\\u0041', 7, { path: 'logs.0.source' }, /1000000 char/],
    ['values that are ignored', '{"a":[', '1,', 9, { line: 1 }, /maximum of 4,000,000/],
  ])('is refused while %s are still coming', async (_, head, part, mebibytes, place, message) => {
    const { stream, asked } = repeated(head, part);
    const refusal = await read(stream).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ place, message: expect.stringMatching(message) as string });
    expect(refusal).toHaveProperty(
      'code',
      message.source.endsWith('char') ? 'cell_too_large' : 'json_invalid',
    );
    expect(asked()).toBeLessThan(mebibytes * MIB);
  });

  it.each([
    ['one chunk', [16 * MIB]],
    ['many chunks', Array<number>(1024).fill(16 * 1024)],
  ])('lets other work run after each 64 KiB of a body that is available at once, in %s', async (_, sizes) => {
    const chunks = sizes.map((size) => Buffer.alloc(size, '\n'));
    const { turn, stop } = turnCounter();
    await read(Readable.from([...chunks, Buffer.from(LOG)]));
    stop();
    // The first slice begins at once.
    expect(turn()).toBeGreaterThanOrEqual((16 * MIB) / (64 * 1024) - 1);
  });

  it('takes separate turns when many bodies are read at the same time', async () => {
    const bodies = Array.from({ length: 20 }, () =>
      Readable.from([Buffer.alloc(64 * 1024, '\n'), Buffer.from(LOG)]),
    );
    const { turn, stop } = turnCounter();
    await Promise.all(bodies.map((body) => read(body)));
    stop();
    expect(turn()).toBeGreaterThanOrEqual(bodies.length);
  });

  it.each([
    ['digits', '{"source":"A","log_message":"b","n":1', '0', '}'],
    ['characters', '{"source":"A","log_message":"b","n":"', 'é', '"}'],
    ['escapes in a name', '{"source":"A","log_message":"b","', '\\n', '":1}'],
  ])('is accepted with megabytes of %s in a field that is ignored', async (_, head, part, tail) => {
    const body = `${head}${part.repeat(4 * MIB)}${tail}`;
    expect(await read(body)).toEqual([{ source: 'A', message: 'b' }]);
  });
});

describe('A JSON body', () => {
  it.each([
    ['one log', LOG, [['A', 'b']]],
    ['no logs', '{"logs":[]}', []],
    ['a list and, beside it, a log', `{"source":1,"logs":[${LOG}],"log_message":2}`, [['A', 'b']]],
    ['a list in a field of one log', `{"x":{"logs":[1]},${LOG.slice(1)}`, [['A', 'b']]],
    ['logs in a log', `{"logs":[{"logs":[${LOG}],"source":"C","log_message":"d"}]}`, [['C', 'd']]],
    ['a field twice', '{"source":7,"log_message":"a","source":"A","log_message":"b"}', [['A', 'b']]],
    ['names with escapes', '{"\\u0073ource":"A","log\\u005fmessage":"b"}', [['A', 'b']]],
    ['a prototype', '{"__proto__":{"source":"C","logs":[]},"source":"A","log_message":"b"}', [['A', 'b']]],
    ['a byte order mark', `\ufeff${LOG}`, [['A', 'b']]],
    ['U+FEFF in a message', '{"source":"A","log_message":"\ufeffa\ufeffb"}', [['A', '\ufeffa\ufeffb']]],
    ['half a surrogate pair', '{"source":"A","log_message":"\\ud83d"}', [['A', '\ud83d']]],
  ])('with %s is read', async (_, body, logs) => {
    expect(await read(body)).toEqual(logs.map(([source, message]) => ({ source, message })));
  });

  it.each([
    ['nothing', '', { line: 1, offset: 0 }, /expected a value but found the end of the body/],
    ['a second body', `${LOG}\n {}`, { line: 2, offset: 34 }, /expected the end of the body but found "\{"/],
    ['a second byte order mark', `\ufeff\ufeff${LOG}`, { line: 1, offset: 3 }, /expected a value but/],
    ['a comma too many', '{"a":"é",\n"b":[1,]}', { line: 2, offset: 18 }, /expected a value but found "\]"/],
    [
      'an end in a string',
      '{"source":"A',
      { line: 1, offset: 12 },
      /expected the rest of a string but found the end of the body/,
    ],
    [
      'an end in a number',
      '{"a":-',
      { line: 1, offset: 6 },
      /expected the rest of a number but found the end of the body/,
    ],
    [
      'a line break in a string',
      '{"a":"\n"}',
      { line: 1, offset: 6 },
      /expected the rest of a string but found "\\n"/,
    ],
    ['an unknown literal', '{"a":nul}', { line: 1, offset: 8 }, /expected null but found "\}"/],
    ['a NUL', '{"a":\0}', { line: 1, offset: 5 }, /not valid JSON/],
    ['a number', '7', { path: '' }, /^The body: /],
    ['a list', `[${LOG}]`, { path: '' }, /^The body: .*object/],
    ['logs that are not a list', '{"logs":{}}', { path: 'logs' }, /must be a list/],
    ['logs twice', '{"logs":[],"logs":[]}', { path: 'logs' }, /appears twice/],
    ['a log that is a list', `{"logs":[${LOG},[]]}`, { path: 'logs.1' }, /object/],
    [
      'a message that is a list',
      '{"logs":[{"source":"A","log_message":["b"]}]}',
      { path: 'logs.0.log_message' },
      /array/,
    ],
  ])('with %s is refused with the place', async (_, body, place, message) => {
    const refusal = await read(body).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      code: 'json_invalid',
      message: expect.stringMatching(message) as string,
    });
    expect(refusal).toHaveProperty('place', place);
  });

  it.each([
    ['incomplete UTF-8', Buffer.from('{"a":"é', 'utf8').subarray(0, 7), 6],
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), 6],
  ])('in %s is refused with the byte', async (_, body, offset) => {
    await expect(read(body)).rejects.toMatchObject({
      code: 'json_invalid',
      place: { offset },
      cause: { code: 'encoding' },
    });
  });

  it('may have 100,000 logs but not more', async () => {
    const logs = Array<string>(100_000).fill(LOG).join(',');
    expect(await read(`{"logs":[${logs}]}`)).toHaveLength(100_000);
    await expect(read(`{"logs":[${logs},${LOG}]}`)).rejects.toMatchObject({ place: { path: 'logs' } });
  });

  it('may have any source after its logs', async () => {
    expect(await read(`{"logs":[${LOG}],"source":"four"}`, 3)).toEqual([{ source: 'A', message: 'b' }]);
  });

  it('may be nested 64 levels deep and have fields of the maximum length', async () => {
    const deep = `{"a":${'['.repeat(63)}${']'.repeat(63)},"source":"\\u0041\\n","log_message":"é😀"}`;
    expect(await read(deep, 3)).toEqual([{ source: 'A\n', message: 'é😀' }]);
    await expect(read(deep, 2)).rejects.toMatchObject({
      code: 'cell_too_large',
      place: { path: 'log_message' },
    });
  });
});
