import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { type FieldChoice, KNOWN_NAMES } from '../../../src/formats/fields.js';
import type { JsonObject } from '../../../src/formats/json/json-path.js';
import { RecordFields } from '../../../src/formats/json/record-fields.js';

function fieldsOf(object: JsonObject, choice: Partial<FieldChoice> = {}) {
  const fields = new RecordFields({ names: KNOWN_NAMES, ...choice }, 100);
  const shape = fields.shapeOf(object);
  return fields.read(object, shape) ?? fields.problem(object, shape, { line: 7 });
}

describe('The message', () => {
  it.each<[string, JsonObject, string]>([
    ['the first known name, not the first field', { log: 'b', message: 'a' }, 'a'],
    ['log_message before all others', { message: 'b', ' Log_Message': 'a' }, 'a'],
    ['a name in another spelling', { 'LOG-Message': 'a' }, 'a'],
    ['the exact spelling, if there are several', { Message: 'b', message: 'a' }, 'a'],
    ['a nested field', { jsonPayload: { message: 'a' } }, 'a'],
    ['a nested field in another spelling', { JSON_Payload: { Message: 'a' } }, 'a'],
    ['a name with a dot', { 'jsonPayload.message': 'a' }, 'a'],
    ['a number', { msg: 1.5 }, '1.5'],
    ['a boolean', { msg: false }, 'false'],
    ['the next name, if the first is empty', { msg: '', body: 'a' }, 'a'],
    [
      'the next nested name, if the first is blank',
      { textPayload: ' \n', jsonPayload: { message: 'a' } },
      'a',
    ],
    ['the next name, if the first is a list of blank bytes', { message: [32, 10], body: 7 }, '7'],
    ['the first text, if all are blank', { message: ' ', msg: '', body: null }, ' '],
    ['an empty text rather than an object', { message: '', log: { level: 'info' } }, ''],
    ['an empty text rather than null', { message: null, msg: '' }, ''],
    ['the next name, if the first is null', { message: null, msg: 'a' }, 'a'],
    ['the next name, if the first is an object', { log: { level: 'info' }, line: 'a' }, 'a'],
    ['empty, if all are null', { message: null }, ''],
    ['the JSON text of an object, if nothing else fits', { n: 1, body: { a: [1] }, line: null }, '{"a":[1]}'],
    ['a list of bytes as UTF-8', { MESSAGE: [104, 195, 169] }, 'hé'],
    ['the JSON text of a list of other numbers', { MESSAGE: [104, 256] }, '[104,256]'],
  ])('is %s', (_, object, message) => {
    expect(fieldsOf(object)).toMatchObject({ message });
  });

  it.each<[string, JsonObject, string]>([
    ['event', { event: 'a', message: 'b' }, 'a'],
    ['Event', { event: 'a', message: 'b' }, 'a'],
    ['event.text', { event: { text: 'a' }, message: 'b' }, 'a'],
    ['event.text', { 'event.text': 'a', event: { text: 'b' } }, 'a'],
    ['a.b.c', { a: { 'b.c': 'a' } }, 'a'],
    ['event', { event: null, message: 'b' }, ''],
    ['event', { event: '', message: 'b' }, ''],
    ['event.text', { 'event.text': ' ', event: { text: 'b' } }, ' '],
    ['event', { event: { a: 1 }, message: 'b' }, '{"a":1}'],
    ['__proto__', JSON.parse('{"__proto__":"a"}') as JsonObject, 'a'],
  ])('is in the column %s of %j', (messageColumn, object, message) => {
    expect(fieldsOf(object, { messageColumn })).toMatchObject({ message });
  });
});

describe('The source', () => {
  it.each<[string, JsonObject, string]>([
    ['source before all others', { service: 'b', Source: 'a' }, 'a'],
    ['a nested name', { service: { name: 'a' }, host: 'b' }, 'a'],
    ['a number as text', { app: 7 }, '7'],
    ['not an object', { source: { ip: '::1' }, host: { name: 'a' } }, 'a'],
    ['empty, if there is none', { other: 'b' }, ''],
  ])('is %s', (_, object, source) => {
    expect(fieldsOf({ ...object, msg: 'm' })).toMatchObject({ source });
  });

  it('is what the choice says', () => {
    const object = { source: 'a', kubernetes: { pod: 'b' }, msg: 'm' };
    expect(fieldsOf(object, { source: 'fixed' })).toMatchObject({ source: 'fixed' });
    expect(fieldsOf(object, { sourceColumn: 'kubernetes.pod' })).toMatchObject({ source: 'b' });
  });
});

it.each<[JsonObject, string | undefined]>([
  [{ level: 'warn' }, 'warn'],
  [{ PRIORITY: 3 }, '3'],
  [{ log: { level: 'error' } }, 'error'],
  [{ level: null, severity: 'x' }, 'x'],
  [{ level: {} }, undefined],
])('The level of %j is %s', (object, level) => {
  const record = fieldsOf({ ...object, msg: 'm' });
  expect('level' in record ? record.level : undefined).toBe(level);
});

describe('An object is refused', () => {
  it.each<[string, JsonObject, Partial<FieldChoice>, string, RegExp]>([
    [
      'no message',
      { txt: 'a', n: 1 },
      {},
      'log_message',
      /^On line 7: no field has a known name.* Its fields are: txt, n\. .*message_column=txt/,
    ],
    [
      'no message but a long text',
      { version: '1.1', count: 123456, short_message: 'disk is full' },
      {},
      'log_message',
      /message_column=short_message$/,
    ],
    ['no fields', {}, {}, 'log_message', /Its fields are: \(none\)\./],
    [
      'a message under an unknown name, which is the text with blanks and not the identifier',
      { '@t': '2026-11-26T05:00:01.1234567Z', Trace: 'f'.repeat(32), '@mt': 'Paid {Sum} in cash' },
      {},
      'log_message',
      /POST \/classify\/\?message_column=%40mt$/,
    ],
    [
      'a message in a nested object',
      { preview: false, note: 'a long text with many blanks', result: { host: 'db 1', _raw: 'Full' } },
      {},
      'log_message',
      /POST \/classify\/\?message_column=result\._raw$/,
    ],
    [
      'no such column',
      { event_text: 'a' },
      { messageColumn: 'evnt_text' },
      'evnt_text',
      /there is no field "evnt_text", which message_column names.* Did you mean message_column=event_text\?/,
    ],
    [
      'no such source',
      { msg: 'a', pod: 'b' },
      { sourceColumn: 'pods' },
      'pods',
      /source_column names.* Did you mean source_column=pod\?/,
    ],
    [
      'a path into nothing',
      { msg: 'a', e: 'b' },
      { messageColumn: 'e.constructor' },
      'e.constructor',
      /there is no field/,
    ],
  ])('with %s', (_, object, choice, path, detail) => {
    expect(fieldsOf(object, choice)).toMatchObject({
      code: 'json_invalid',
      place: { line: 7, path },
      message: expect.stringMatching(detail) as string,
    });
  });

  it('with a field that is too long', () => {
    for (const [object, path] of [
      [{ jsonPayload: { message: 'x'.repeat(101) } }, 'jsonPayload.message'],
      [{ msg: 'a', app: 'x'.repeat(101) }, 'app'],
    ] as const) {
      expect(fieldsOf(object)).toMatchObject({
        code: 'cell_too_large',
        message: `On line 7, ${path} has more than 100 characters.`,
        place: { line: 7, path },
      });
    }
  });

  it('with a message that stays short, however many fields it has', () => {
    const object = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}-${'x'.repeat(200)}`, 1]));
    const problem = fieldsOf(object);
    expect(problem).toBeInstanceOf(AppError);
    expect((problem as AppError).message.length).toBeLessThan(1500);
    expect((problem as AppError).message).toContain('and 4980 more');
  });
});
