import { describe, expect, it } from 'vitest';
import { messagesOf, readBack, refusalOf } from './support.js';

const A = '{"log":"a"}';
const B = '{"log":"b"}';
const L = '"target_label":"Über \\"L\\""';

describe('A list', () => {
  it('is answered as a list, each object as it stood with its label', async () => {
    const { answer, kind } = await readBack(`[{"n":1.0,\n "log" : "a"}, ${B}]\n`);
    expect(kind).toBe('json');
    expect(answer).toBe(`[\n{"n":1.0,\n "log" : "a",${L}},\n{"log":"b",${L}}\n]\n`);
  });

  it('of strings is a list of messages', async () => {
    const { answer, records } = await readBack('["a\\u0041", ""]');
    expect(records.map(({ message }) => message)).toEqual(['aA', '']);
    expect(JSON.parse(answer)).toEqual([
      { log_message: 'aA', target_label: 'Über "L"' },
      { log_message: '', target_label: 'Über "L"' },
    ]);
  });

  it.each(['[]', ' [\n ] \n'])('without elements, %j, is answered as an empty list', async (text) => {
    expect(JSON.parse((await readBack(text)).answer)).toEqual([]);
  });

  it.each<[string, RegExp, object]>([
    [`[${A}`, /expected a comma or \] but found the end of the text/, { line: 1, column: 13 }],
    [`[${A},`, /expected an element but found the end of the text/, { line: 1 }],
    [`[${A},\n]`, /On line 2, at character 1, expected an element but found "\]"/, { line: 2, column: 1 }],
    [
      `[${A}\n${B}]`,
      /On line 2, at character 1, expected a comma or \] but found "\{"/,
      { line: 2, column: 1 },
    ],
    [`[${A}] x`, /expected the end of the text but found "x"/, { line: 1, column: 15 }],
    [
      `[${A},\n {"log":}]`,
      /begins on line 2 .*on line 2, at character 9, expected a value/,
      { line: 2, column: 9 },
    ],
    [`[${A},\n {"log":"\n"}]`, /at character 10, expected the rest of a string but found "\\n"/, { line: 2 }],
    [`[${A}, {"log":\n\n "b" 7}]`, /begins on line 1 .*on line 3, at character 6/, { line: 3, column: 6 }],
    [`[${A}, {"log":"b"`, /expected a comma or } but found the end of the text/, { line: 1 }],
    [
      `[${A}, 7]`,
      /The element on line 1 is not a JSON object but a number\. Send a list/,
      { line: 1, column: 15 },
    ],
    ['[[]]', /not a JSON object but a list/, { line: 1, column: 2 }],
    ['[nul]', /expected null but found/, { line: 1 }],
  ])('%j is refused with the place', async (text, detail, place) => {
    const refusal = await refusalOf(text);
    expect(refusal).toMatchObject({
      code: 'json_invalid',
      place,
      message: expect.stringMatching(detail) as string,
    });
    expect(refusal).toHaveProperty('message', expect.stringContaining('on_error=skip'));
  });

  it.each<[string, string, string[], number]>([
    ['a bad value', `[${A}, {"log":nul}, ${B}]`, ['a', 'b'], 1],
    ['other values', `[${A}, 7, null, [${B}], ${B}]`, ['a', 'b'], 3],
    ['a missing brace', `[\n${A},\n{"log":"x",\n${B}\n]`, ['a', 'b'], 1],
    ['a missing bracket', `[\n${A},\n{"log":["x"},\n${B}\n]`, ['a', 'b'], 1],
    ['a missing quote', `[\n${A},\n{"log":"x},\n${B}\n]`, ['a', 'b'], 1],
    ['a missing comma', `[${A} ${B}]`, ['a', 'b'], 0],
    ['a comma at the end', `[${A},\n${B},\n]`, ['a', 'b'], 0],
    ['commas at the beginnings of lines', `[ {"log":\n, ${A}\n, ${B}]`, ['a', 'b'], 1],
    ['text between elements', `[${A},\n${A} x y\n, ${B}]`, ['a', 'a', 'b'], 1],
    ['text after the end', `[${A}, ${B}]\n]]`, ['a', 'b'], 1],
    ['a second list', `[${A}]\n[\n${B}]`, ['a', 'b'], 1],
    ['a cut', `[${A}, ${B}, {"log":"x`, ['a', 'b'], 1],
    ['a cut after a comma', `[${A}, ${B},`, ['a', 'b'], 0],
    ['a bad element and no line after it', `[${A}, {"log":"x\n"}, ${B}]`, ['a'], 1],
  ])('with %s keeps its good elements with on_error=skip', async (_, text, messages, skipped) => {
    for (const pieceChars of [1, 5, 1000]) {
      const read = await readBack(text, { onError: 'skip', pieceChars });
      expect(read.records.map(({ message }) => message)).toEqual(messages);
      expect(JSON.parse(read.answer)).toHaveLength(messages.length);
      expect(read.counts.skipped.count).toBe(skipped);
    }
  });

  it('does not take a nested object for an element after a bad one', async () => {
    const text =
      '[\n  {\n    "log": "x" 7,\n    "in": [\n      {"log": "no"}\n    ],\n    "u": "\n  },\n  {\n    "log": "a"\n  }\n]';
    expect(await messagesOf(text, { onError: 'skip' })).toEqual(['a']);
  });

  it('counts each line of a bad element that spans lines once', async () => {
    const { counts } = await readBack(`[${A},\n{"log":\n nul},\n${B},\n5]`, { onError: 'skip' });
    expect(counts.skipped.first.map(({ line }) => line)).toEqual([2, 5]);
  });
});
