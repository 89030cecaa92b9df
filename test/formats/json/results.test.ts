import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../support/property-runs.js';
import { messagesOf, readBack, refusalOf } from './support.js';

const A = '{"source":"A","log_message":"a"}';
/** Makes a body so long that it is not parsed as a whole. */
const LONG = `"x":"${'x'.repeat(140_000)}"`;
/** The same logs in a short body and in a long one. */
const forms = (logs: string): string[] => [`{"logs":${logs}}`, `{"logs":${logs},${LONG}}`];

describe('A body with logs', () => {
  it('is answered with results and warnings', async () => {
    for (const body of forms(`[${A}, {"msg":"b","level":"warn"}]`)) {
      const { answer, kind, records } = await readBack(body);
      expect(kind).toBe('json');
      expect(records).toEqual([
        { source: 'A', message: 'a' },
        { source: '', message: 'b', level: 'warn' },
      ]);
      const result = { target_label: 'Über "L"', tier: 'rule', confidence: 1, rule: 'r7' };
      expect(JSON.parse(answer)).toEqual({ results: [result, { ...result, level: 'warn' }], warnings: [] });
    }
  });

  it('that is cut off gives the logs before the cut if bad records may be skipped', async () => {
    const { records, counts } = await readBack(`{"logs":[${A},{"log_mess`, { onError: 'skip' });
    expect(records).toEqual([{ source: 'A', message: 'a' }]);
    expect(counts.skipped.count).toBe(1);
  });

  it.each([
    ['no logs', '{"logs":[]}', []],
    ['a list and, beside it, a log', `{"source":1,"logs":[${A}],"log_message":2}`, ['a']],
    ['lists before it', `{"x":[[${A}]],"y":{"logs":[${A}]},"logs":[${A}]}`, ['a']],
    ['logs in a log', `{"logs":[{"logs":[${A}],"log_message":"d"}]}`, ['d']],
    ['a field twice', '{"logs":[{"log_message":1,"log_message":"b"}]}', ['b']],
    ['names with escapes', `{"\\u006cogs":[{"log\\u005fmessage":"b"}]}`, ['b']],
    ['a prototype', '{"logs":[{"__proto__":{"log_message":"c"},"log_message":"b"}]}', ['b']],
    ['half a surrogate pair', '{"logs":[{"log_message":"\\ud83d"}]}', ['\ud83d']],
    ['blanks around it', `\n\n {"logs":[${A}]} \n`, ['a']],
  ])('with %s is read', async (_, body, messages) => {
    expect(await messagesOf(body)).toEqual(messages);
    expect(await messagesOf(`${body.trimEnd().slice(0, -1)},${LONG}}`, { pieceChars: 1000 })).toEqual(
      messages,
    );
  });

  it.each<[string, object, RegExp]>([
    [`[${A},[]]`, { path: 'logs.1' }, /^logs\.1: must be an object/],
    [`[${A},7]`, { path: 'logs.1' }, /^logs\.1: must be an object/],
    [`[${A},\n{"a":1}]`, { path: 'logs.1.log_message', line: 2 }, /Its fields are: a\./],
    [`[${A},{"a":nul}]`, { line: 1 }, /expected null but found/],
    [`[${A}] 7`, { line: 1 }, /expected a comma or } but found "7"/],
    [`[${A}],"logs":[]`, { path: 'logs' }, /^logs: appears twice/],
    [`[${A}],"logs":7`, { path: 'logs' }, /^logs: appears twice/],
    [`[${A}],"l\\u006fgs":[]`, { path: 'logs' }, /^logs: appears twice/],
    [`[{"msg":"${'x'.repeat(101)}"}]`, { path: 'logs.0.msg' }, /more than 100 characters/],
    [`[{"a":${'['.repeat(70)}]`, { line: 1 }, /maximum of 64 levels/],
  ])('is refused with the path or the place: %s', async (logs, place, detail) => {
    for (const body of forms(logs)) {
      const refusal = await refusalOf(body, { maxCellChars: 100 });
      expect(refusal).toMatchObject({ place, message: expect.stringMatching(detail) as string });
    }
  });

  it('leaves out logs that are no records with on_error=skip', async () => {
    for (const body of forms(`[${A},\n7,\n{"a":1},${A}]`)) {
      const { records, counts } = await readBack(body, { onError: 'skip' });
      expect(records).toHaveLength(2);
      expect(counts.skipped).toMatchObject({ count: 2, first: [{ line: 2 }, { line: 3 }] });
    }
    expect(await refusalOf(`{"logs":[${A},{"a":nul}]}`, { onError: 'skip' })).toMatchObject({
      code: 'json_invalid',
    });
  });

  it('may have 100,000 logs but not more, and as many bytes as MAX_JSON_BYTES', async () => {
    const logs = Array<string>(100_000).fill('{"msg":"b"}').join(',');
    const { records, chunkSizes } = await readBack(`{"logs":[${logs}]}`);
    expect(records).toHaveLength(100_000);
    expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(1_000);
    expect(await refusalOf(`{"logs":[${logs},${A}]}`)).toMatchObject({
      code: 'json_invalid',
      place: { path: 'logs' },
    });
    for (const maxJsonBytes of [10, 200_000]) {
      expect(await refusalOf(`{"logs":[${logs}]}`, { maxJsonBytes })).toMatchObject({
        code: 'upload_too_large',
        message: expect.stringContaining('MAX_JSON_BYTES') as string,
      });
    }
  });
});

describe('One object', () => {
  it('is answered with one result', async () => {
    const { answer, kind } = await readBack(` ${A}\n`);
    expect(kind).toBe('json');
    expect(JSON.parse(answer)).toMatchObject({ results: [{ target_label: 'Über "L"' }], warnings: [] });
  });

  it.each<[string, object, RegExp]>([
    ['{"a":1}', { path: 'log_message' }, /^The body: no field has a known name for the message/],
    [
      '{"events":[{"msg":"a"}]}',
      { path: 'log_message' },
      /If the list "events" has the records, send that list/,
    ],
    ['{"logs":{}}', { path: 'logs' }, /^logs: must be a list/],
    ['{"msg":"a"} x', { line: 1, column: 13 }, /expected an object but found "x"/],
    ['{"msg":nul}', { line: 1, column: 11 }, /expected null but found "}"/],
    ['{"msg":"a"', { line: 1, column: 11 }, /found the end of the text/],
    ['7', { line: 1, column: 1 }, /is not a JSON object but a number/],
  ])('%s is refused', async (body, place, detail) => {
    expect(await refusalOf(body)).toMatchObject({
      code: 'json_invalid',
      place,
      message: expect.stringMatching(detail) as string,
    });
  });
});

describe('A damaged body with logs', () => {
  const text = fc.constantFrom('"a"', '"é\\n"', '"\\ud83d"', '"{"', '""');
  const value = fc.oneof(text, fc.constantFrom('1', '-0.5e+7', 'true', '[]', '{"a":[1,{}]}'));
  const log = fc.tuple(value, text).map(([other, message]) => `{"x": ${other},"msg":${message}}`);
  const body = fc
    .tuple(value, fc.array(log, { maxLength: 3 }), value)
    .map(([before, logs, after]) => `{"a":${before},"logs": [${logs.join(', ')}],"b":${after}}`);
  const damage = fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom('', ...Array.from('{}[],:"\\ 0-.eut\n\0é')));

  /** The messages as JSON.parse has them; undefined if it refuses the text, null if the logs are damaged otherwise. */
  function messagesOfTree(json: string): string[] | undefined | null {
    try {
      const { logs } = JSON.parse(json) as { logs?: { msg?: unknown }[] };
      const messages = logs?.map(({ msg }) => msg);
      return messages?.every((message) => typeof message === 'string') === true ? messages : null;
    } catch {
      return undefined;
    }
  }

  it('is refused if JSON.parse refuses it, and read alike otherwise, whether long or short', async () => {
    await fc.assert(
      fc.asyncProperty(body, damage, fc.boolean(), async (json, [place, removed, char], isLong) => {
        const at = place % json.length;
        const damaged = json.slice(0, at) + char + json.slice(at + removed);
        const sent = isLong ? `${damaged.slice(0, -1)},${LONG}${damaged.slice(-1)}` : damaged;
        const wanted = messagesOfTree(sent);
        const got = await messagesOf(sent, { pieceChars: 50_000 }).catch(() => undefined);
        if (wanted !== null) expect(got).toEqual(wanted);
      }),
      { numRuns: propertyRuns(400) },
    );
  });
});
