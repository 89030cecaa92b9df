import { expect, it } from 'vitest';
import { withFirst } from '../../src/text/peek.js';

/** Bytes that note whether they were ended. */
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

it('First bytes are followed by the rest', async () => {
  const { bytes } = source();
  const all: Uint8Array[] = [];
  for await (const piece of withFirst(Buffer.from('a'), bytes)) all.push(piece);
  expect(Buffer.concat(all).toString()).toBe('ab');
});

it('The rest is ended when nobody reads on after the first bytes', async () => {
  const { state, bytes } = source();
  const first = await bytes.next();
  const joined = withFirst(first.value as Uint8Array, bytes);
  await joined.next();
  await joined.return(undefined);
  expect(state.ended).toBe(true);
});
