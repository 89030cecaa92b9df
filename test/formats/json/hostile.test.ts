import { describe, expect, it } from 'vitest';
import { turnCounter } from '../../support/turn-counter.js';
import { inPieces, open, readBack, type ReadBackOptions } from './support.js';

const MIB = 1024 * 1024;
const GOOD = '{"msg":"a"}';
const GOOD_LINES = `\n${`${GOOD}\n`.repeat(3)}`;

/** A text that repeats a part for `mebibytes` after its head, in pieces of 64 KiB. */
function* repeated(head: string, part: string, mebibytes: number, tail = ''): Generator<string> {
  yield head;
  const piece = part.repeat(Math.ceil(65_536 / part.length));
  for (let chars = 0; chars < mebibytes * MIB; chars += piece.length) yield piece;
  yield tail;
}

interface Outcome {
  refusal?: unknown;
  messages: string[];
  skipped: number;
  /** The number of characters that were asked for. */
  chars: number;
}

async function outcomeOf(parts: Iterable<string>, options: ReadBackOptions): Promise<Outcome> {
  const { text, state } = inPieces(parts);
  const outcome: Outcome = { messages: [], skipped: 0, chars: 0 };
  try {
    const input = await open(text, { maxCellChars: 100_000, ...options });
    for await (const { records } of input.chunks())
      outcome.messages.push(...records.map(({ message }) => message));
    outcome.skipped = input.counts.skipped.count;
  } catch (error) {
    outcome.refusal = error;
  }
  expect(state.isClosed).toBe(true);
  return { ...outcome, chars: state.chars };
}

describe('Text that is expensive to read', () => {
  it.each<[string, string, string, string]>([
    ['brackets', '[', '[', 'json_invalid'],
    ['nested objects', '', '{"a":', 'json_invalid'],
    ['opening braces', '', '{', 'json_invalid'],
    ['opening braces on lines', '[', '{\n', 'json_invalid'],
    ['lists nested in an object', '{"a":', '[', 'json_invalid'],
    ['lists nested in a log', '{"logs":[{"a":', '[', 'json_invalid'],
    ['an endless string', '{"msg":"', 'x', 'cell_too_large'],
    ['an endless string in a list', '[{"msg":"', 'x', 'cell_too_large'],
    ['an endless string in a log', '{"logs":[{"msg":"', 'x', 'cell_too_large'],
    ['endless escapes', '{"msg":"', '\\u0041', 'cell_too_large'],
    ['endless backslashes', '[{"msg":"', '\\\\', 'cell_too_large'],
    ['an endless name', '[{"', 'x', 'cell_too_large'],
    ['an endless number', '[', '1', 'cell_too_large'],
    ['endless values', '[{"a":[', '1,', 'cell_too_large'],
    ['endless fields', '{', '"a":1,', 'cell_too_large'],
  ])('is refused while %s are still coming', async (_, head, part, code) => {
    for (const ndjson of [false, true]) {
      if (ndjson && !head.startsWith('{"msg') && head !== '') continue;
      const { refusal, chars } = await outcomeOf(repeated(head, part, 16), { ndjson });
      expect(refusal).toMatchObject({ code });
      expect(chars).toBeLessThan(3 * MIB);
    }
  });

  it.each<[string, string, string, number]>([
    ['a line that is too long', `${GOOD}\n{"msg":"`, 'x', 1],
    ['a line of brackets', `${GOOD}\n{"a":`, '[', 1],
    ['a line of braces', `${GOOD}\n`, '{', 1],
    ['a line of backslashes', `${GOOD}\n{"msg":"`, '\\', 1],
    ['a line of values', `${GOOD}\n{"a":[`, '1,', 1],
  ])('is skipped in linear time: %s', async (_, head, part, skipped) => {
    const outcome = await outcomeOf(repeated(head, part, 16, GOOD_LINES), { ndjson: true, onError: 'skip' });
    expect(outcome).toMatchObject({ messages: ['a', 'a', 'a', 'a'], skipped });
  });

  it.each<[string, string, string, string]>([
    ['a string that is too long', '{"msg":"', 'x', '"}'],
    ['an element of many values', '{"a":[', '1,', '1]}'],
    ['an element that is too long and never ends', '{"msg":"', 'x', ''],
    ['brackets', '', '[', ''],
  ])('is skipped in a list: %s', async (_, head, part, end) => {
    const parts = repeated(`[\n${GOOD},\n${head}`, part, 16, `${end},\n${GOOD}\n]`);
    const outcome = await outcomeOf(parts, { onError: 'skip' });
    expect(outcome).toMatchObject({ messages: ['a', 'a'], skipped: 1 });
  });

  it('keeps an element after one that is too long on the same line', async () => {
    const parts = repeated(`[${GOOD},{"msg":"`, 'x', 4, `"},${GOOD}]`);
    expect(await outcomeOf(parts, { onError: 'skip' })).toMatchObject({ messages: ['a', 'a'], skipped: 1 });
  });

  it.each<[string, string]>([
    ['braces on lines', '{\n'],
    ['lists in objects on lines', '{"a":[\n'],
    ['objects without an end', '{"a":[{"b":1},\n{"b":2},\n'],
    ['unclosed strings', '{"a":"\n'],
    ['closing brackets', '}]\n'],
    ['blank lines with commas', ' ,\n'],
  ])('with on_error=skip takes linear time: %s without end', async (_, part) => {
    const times: number[] = [];
    for (const mebibytes of [1, 4]) {
      const start = performance.now();
      const outcome = await outcomeOf(repeated(`[${GOOD},\n{`, part, mebibytes), { onError: 'skip' });
      times.push(performance.now() - start);
      expect(outcome.messages[0]).toBe('a');
      expect(outcome.refusal).toBeUndefined();
    }
    const [short = 0, long = 0] = times;
    expect(long).toBeLessThan(Math.max(10 * short, 2_000));
  });

  it('is read in time that is linear in its length, when it arrives in single characters', async () => {
    const text = `[{"msg":"${'x'.repeat(150_000)}"}]`;
    const start = performance.now();
    const { records } = await readBack(text, { pieceChars: 1 });
    expect(records).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('of many values is refused before it is parsed', async () => {
    for (const text of [`{"a":[${'1,'.repeat(50_001)}1]}`, `[{"a":[${'1,'.repeat(50_001)}1]}]`]) {
      const outcome = await outcomeOf([text], {});
      expect(outcome.refusal).toMatchObject({
        code: 'json_invalid',
        message: expect.stringContaining('has more than 50,000 values') as string,
      });
    }
  });
});

describe('The event loop', () => {
  it.each([
    ['lines', '', `${GOOD}\n`, ''],
    ['a list', '[', `${GOOD},\n`, `${GOOD}]`],
    ['objects', '', GOOD, ''],
    ['blank lines', GOOD, '\n', GOOD],
    ['logs', '{"logs":[', `${GOOD},`, `${GOOD}]}`],
  ])('turns for each 64 KiB of %s that are there at once', async (_, head, part, tail) => {
    const text = head + part.repeat(MIB / part.length) + tail;
    const { turn, stop } = turnCounter();
    const input = await open(inPieces(text).text);
    for await (const { records } of input.chunks()) expect(records.length).toBeLessThanOrEqual(1_000);
    stop();
    expect(turn()).toBeGreaterThanOrEqual(MIB / 65_536 - 3);
  });
});
