import { expect, it } from 'vitest';
import { withFirst } from '../../src/text/peek.js';

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
