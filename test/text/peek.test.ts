import { expect, it } from 'vitest';
import { peek, withFirst } from '../../src/text/peek.js';

/** A source of bytes that records whether it was closed. */
function source() {
  const state = { ended: false };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield await Promise.resolve(Buffer.from('b'));
    } finally {
      state.ended = true;
    }
  }
  return { state, bytes: bytes() };
}

it('yields the first bytes, then the rest', async () => {
  const { bytes } = source();
  const all: Uint8Array[] = [];
  for await (const piece of withFirst(Buffer.from('a'), bytes)) all.push(piece);
  expect(Buffer.concat(all).toString()).toBe('ab');
});

it('closes the rest when the consumer returns after the first bytes', async () => {
  const { state, bytes } = source();
  const first = await bytes.next();
  const joined = withFirst(first.value as Uint8Array, bytes);
  await joined.next();
  await joined.return(undefined);
  expect(state.ended).toBe(true);
});

/** These chunks one by one, with a count of how many were asked for. */
function counted(...chunks: Uint8Array[]) {
  const state = { pulls: 0, bytes: pull() };
  return state;
  async function* pull(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      state.pulls += 1;
      yield await Promise.resolve(chunk);
    }
  }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return all;
}

it('peek takes whole chunks until it has enough bytes, and no further chunk', async () => {
  const source = counted(...['ab', 'cd', 'ef'].map((text) => Buffer.from(text)));
  const { first, rest } = await peek(source.bytes, 4);
  expect([first.toString(), source.pulls]).toEqual(['abcd', 2]);
  expect(Buffer.concat(await collect(rest)).toString()).toBe('ef');
});

it('peek returns all bytes of a shorter source, and an empty rest', async () => {
  const { first, rest } = await peek(counted(Buffer.from('ab')).bytes, 4);
  expect(first.toString()).toBe('ab');
  expect(await collect(rest)).toEqual([]);
});

it('peek divides a large chunk into pieces of 256 KiB, also if it is a view of a larger buffer', async () => {
  const large = Buffer.alloc(600_000, 'abc').subarray(1);
  const { first, rest } = await peek(counted(large).bytes, 1);
  const pieces = [first, ...(await collect(rest))];
  expect(pieces.map(({ length }) => length)).toEqual([262_144, 262_144, 75_711]);
  expect(Buffer.concat(pieces).equals(large)).toBe(true);
});

it('yields only the rest if there are no first bytes', async () => {
  const pieces = await collect(withFirst(new Uint8Array(), source().bytes));
  expect(pieces).toEqual([Buffer.from('b')]);
});
