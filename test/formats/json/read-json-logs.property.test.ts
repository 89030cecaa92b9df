import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LogRecord } from '../../../src/classifier/types.js';
import { AppError } from '../../../src/errors.js';
import { logSchema } from '../../../src/formats/json/json-log-reader.js';
import { readJsonLogs } from '../../../src/formats/json/read-json-logs.js';

/** The logs as the whole body's tree has them; undefined if the body is refused. */
function logsOfTree(bytes: Buffer): LogRecord[] | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const hasLogs = typeof body === 'object' && body !== null && 'logs' in body;
    const logs = hasLogs ? logSchema.array().parse(body.logs) : [logSchema.parse(body)];
    return logs.map((log) => ({ source: log.source, message: log.log_message }));
  } catch {
    return undefined;
  }
}

async function logsOfStream(bytes: Buffer, cuts: number[]): Promise<LogRecord[] | undefined> {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks = [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
  try {
    return await readJsonLogs(Readable.from(chunks), 1000);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'json_invalid' });
    return undefined;
  }
}

const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r\n');
const characters = [
  'a',
  'é',
  '漢',
  '😀',
  '\ufeff',
  '\u2028',
  '\u007f',
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\u0000',
];
const surrogates = ['\\ud83d', '\\uDE00', '\\ud83d\\ude00'];
const text = fc
  .array(fc.constantFrom(...characters, ...surrogates), { maxLength: 5 })
  .map((parts) => `"${parts.join('')}"`);
const scalar = fc.oneof(
  text,
  fc.constantFrom('true', 'false', 'null', '0', '-0', '10.50', '-7e3', '1E+400', '0e-1', '9'.repeat(40)),
);

function list(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(value, { maxLength: 3 }).map((values) => `[${values.join(',')}]`);
}

/** Fields as text. Names may be repeated. */
function fields(value: fc.Arbitrary<string>, ...names: string[]): fc.Arbitrary<string[]> {
  const field = fc
    .tuple(fc.constantFrom(...names), space, value)
    .map(([name, gap, it]) => `"${name}"${gap}:${it}`);
  return fc.array(field, { maxLength: 3 });
}

function object(...parts: fc.Arbitrary<string[]>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((lists) => `{${lists.flat().join(',')}}`);
}

function field(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return value.map((it) => [`"${name}":${it}`]);
}

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    list(tie('value')),
    object(fields(tie('value'), 'a', '__proto__', 'logs', 'source')),
  ),
}));
const others = fields(value, 'a', '__proto__', 'source', 'log_message', '\\u0073ource');
const wholeLog = [field('source', text), field('log_message', text), fields(value, 'a', '__proto__')];
const log = fc.oneof(
  { weight: 5, arbitrary: object(...wholeLog) },
  { weight: 5, arbitrary: object(fields(value, 'source', 'log_message'), ...wholeLog) },
  { weight: 1, arbitrary: object(others) },
);
const logs = field('logs', fc.oneof({ weight: 5, arbitrary: list(log) }, { weight: 1, arbitrary: value }));
/** Has `logs` at most once: this reader refuses it twice, JSON.parse does not. */
const body = fc.oneof(
  object(others, logs, others),
  log,
  value.filter((json) => !json.includes('"logs"')),
);
const bytes = fc
  .tuple(fc.constantFrom('', '', '\ufeff'), space, body, space)
  .map((parts) => Buffer.from(parts.join('')));
const cuts = fc.array(fc.nat(), { maxLength: 12 });

it('reads the same logs as JSON.parse, however the body is split', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, cuts, async (json, at) => {
      expect(await logsOfStream(json, at)).toEqual(logsOfTree(json));
    }),
    { numRuns: 2000 },
  );
});

it('refuses a damaged body if and only if JSON.parse does', async () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.nat(2),
    fc.oneof(fc.constantFrom(...Buffer.from('{}[],:"\\ 0-.eut\n\0\xff', 'latin1')), fc.nat(255)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, damage, cuts, async (json, [place, removed, byte], at) => {
      const from = place % (json.length + 1);
      const damaged = Buffer.concat([json.subarray(0, from), Buffer.of(byte), json.subarray(from + removed)]);
      expect(await logsOfStream(damaged, at)).toEqual(logsOfTree(damaged));
    }),
    { numRuns: 4000 },
  );
});
