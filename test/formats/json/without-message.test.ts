import { describe, expect, it } from 'vitest';
import { messagesOf, readBack, refusalOf } from './support.js';

const SPAN = '{"span":"9c1","ms":4}';
const FULL = '{"msg":"Pool is full"}';

describe('An object without a message is a record with an empty one', () => {
  it.each([
    ['in NDJSON', `${FULL}\n${SPAN}\n${FULL}\n`],
    ['in objects that follow each other', `${FULL} ${SPAN}${FULL}`],
    ['in a list', `[${FULL},${SPAN},${FULL}]`],
  ])('%s, and comes back in its place', async (_, text) => {
    for (const onError of ['fail', 'skip'] as const) {
      const { records, answer, counts } = await readBack(text, { onError, pieceChars: 7 });
      expect(records.map(({ message }) => message)).toEqual(['Pool is full', '', 'Pool is full']);
      expect(answer.match(/"msg"|"span"/g)).toEqual(['"msg"', '"span"', '"msg"']);
      expect(counts.skipped.count).toBe(0);
    }
  });

  it('if the first message comes later in the first chunk, which stays within its bounds', async () => {
    const text = `${`${SPAN}\n`.repeat(4)}${FULL}\n${`${SPAN}\n`.repeat(3)}`;
    const { records, description, chunkSizes } = await readBack(text, { ndjson: true, chunkRecords: 5 });
    expect(records.map(({ message }) => message)).toEqual(['', '', '', '', 'Pool is full', '', '', '']);
    expect(chunkSizes).toEqual([5, 3]);
    expect(description).toMatchObject({ columns: ['span', 'ms', 'msg'], message: { name: 'msg' } });
  });

  it('if the chosen field is in another record', async () => {
    const fields = { names: { message: [], source: [], level: [], time: [] }, messageColumn: 'text' };
    expect(await messagesOf(`{"text":"a"}\n${SPAN}\n`, { ndjson: true, fields })).toEqual(['a', '']);
  });
});

describe('Without a message in the first chunk', () => {
  const text = `${`${SPAN}\n`.repeat(3)}${FULL}\n${SPAN}\n`;

  it('the input is refused, and the error says what to do', async () => {
    expect(await refusalOf(text, { ndjson: true, chunkRecords: 3 })).toMatchObject({
      code: 'json_invalid',
      message: expect.stringContaining('message_column=span') as string,
      place: { line: 1 },
    });
  });

  it('on_error=skip leaves out the objects before the first message, and tells their lines in order', async () => {
    const skip = { ndjson: true, onError: 'skip', chunkRecords: 3 } as const;
    const { records, counts } = await readBack(`x\n${text}`, skip);
    expect(records.map(({ message }) => message)).toEqual(['Pool is full', '']);
    expect(counts.skipped.first.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('all objects are left out at the end of a shorter input', async () => {
    const { records, counts } = await readBack(`[${SPAN},7,\n${SPAN}]`, { onError: 'skip' });
    expect(records).toEqual([]);
    expect(counts.skipped.count).toBe(3);
  });
});
