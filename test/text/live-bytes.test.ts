import { expect, it } from 'vitest';
import { FLUSH_MARK, isFlushMark, liveBytes } from '../../src/text/live-bytes.js';
import { openText } from '../../src/text/open-text.js';
import { peek } from '../../src/text/peek.js';
import { unpack } from '../../src/text/unpack/unpack.js';
import { deferred } from '../support/stub-classifier.js';

/** A source that sends its pieces and then waits. It tells whether it was closed. */
function waitingSource(...pieces: string[]) {
  const [more, closed] = [deferred<string | undefined>(), deferred()];
  async function* bytes() {
    try {
      for (const piece of pieces) yield Buffer.from(piece);
      const last = await more.promise;
      if (last !== undefined) yield Buffer.from(last);
    } finally {
      closed.resolve();
    }
  }
  return { bytes: bytes(), more, closed };
}

const shown = (piece: Uint8Array): string =>
  isFlushMark(piece) ? '<flush>' : Buffer.from(piece).toString('latin1');

it('marks when bytes have waited, and once more when the source is quiet', async () => {
  const { bytes, more } = waitingSource('a', 'b');
  const live = liveBytes(bytes, { flushMs: 1, quietMs: 2 });
  const seen: string[] = [];
  for await (const piece of live) {
    seen.push(shown(piece));
    // No third mark comes: nothing waits any more.
    if (seen.join('').endsWith('<flush><flush>')) more.resolve(undefined);
  }
  expect(seen.filter((piece) => piece !== '<flush>')).toEqual(['a', 'b']);
  expect(seen.slice(-2)).toEqual(['<flush>', '<flush>']);
});

it('ends when the signal aborts, although a read is pending', async () => {
  const end = new AbortController();
  const live = liveBytes(waitingSource('a').bytes, { end: end.signal });
  expect(shown((await live.next()).value as Uint8Array)).toBe('a');
  end.abort();
  const rest: string[] = [];
  for await (const piece of live) rest.push(shown(piece));
  expect(rest.filter((piece) => piece !== '<flush>')).toEqual([]);
});

it('throws the error of the source', async () => {
  const { bytes } = waitingSource('a');
  const broken = liveBytes(
    (async function* () {
      yield (await bytes.next()).value as Buffer;
      throw new Error('broken');
    })(),
  );
  await broken.next();
  await expect(broken.next()).rejects.toThrow('broken');
});

it('an empty piece of another source is no mark', async () => {
  const { bytes } = waitingSource('', 'a');
  const { first } = await peek(bytes, 1);
  expect(first.toString()).toBe('a');
});

async function* marked(...pieces: (string | Buffer)[]) {
  for (const piece of pieces)
    yield await Promise.resolve(typeof piece === 'string' ? Buffer.from(piece) : piece);
}

it('a mark goes through all stages, and none of them waits for more bytes', async () => {
  const source = marked('one\n', FLUSH_MARK, FLUSH_MARK, 'caf\u00e9\n', FLUSH_MARK, 'end');
  const unpacked = await unpack(source, { maxUnpackedBytes: 1e6, tempDir: '/nowhere' });
  if (unpacked.kind === 'workbook') throw new Error('It is no workbook.');
  const { text } = await openText(unpacked.bytes);
  const pieces: string[] = [];
  for await (const piece of text) pieces.push(piece);
  expect(pieces).toEqual(['one\n', '', '', 'caf', '\u00e9\n', '', 'end']);
});
