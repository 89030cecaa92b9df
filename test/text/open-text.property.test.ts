import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openText } from '../../src/text/open-text.js';
import { chunked, join } from '../formats/csv/support.js';

async function outcome(file: Uint8Array, chunkBytes: number, encoding?: string): Promise<object> {
  try {
    const opened = await openText(chunked(file, chunkBytes).bytes, { encoding });
    const text = await join(opened.text);
    return { text, encoding: opened.encoding, guessed: opened.guessed };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** All characters of an encoding of single bytes, without controls. */
function alphabet(encoding: string): string[] {
  const bytes = Uint8Array.from({ length: 224 }, (_, i) => i + 32);
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  return Array.from(text).map((character) => (character === '\uFFFD' ? ' ' : character));
}

it.each(['windows-1251', 'windows-1253', 'koi8-r', 'iso-8859-2', 'ibm866'])(
  'any text comes out of a declared %s as it was, wherever the chunks end',
  async (encoding) => {
    const characters = alphabet(encoding);
    const indices = fc.array(fc.nat({ max: 223 }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(indices, fc.integer({ min: 1, max: 300 }), async (chosen, chunkBytes) => {
        const known = chosen.filter((i) => i < 96 || characters[i] !== ' ');
        const file = Buffer.from('a,xxx');
        const bytes = Buffer.concat([file, Buffer.from(known.map((i) => i + 32))]);
        const text = `a,xxx${known.map((i) => characters[i] ?? '').join('')}`;
        expect(await outcome(bytes, chunkBytes, encoding)).toMatchObject({ text });
      }),
    );
  },
);

it('any text comes out of UTF-8 and UTF-16 as it was, wherever the chunks end', async () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 100 }).map((text) => `a,b${text}`);
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), async (text, chunkBytes) => {
      expect(await outcome(Buffer.from(text), chunkBytes)).toMatchObject({ text, encoding: 'utf-8' });
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
      expect(await outcome(utf16, chunkBytes)).toMatchObject({ text, encoding: 'utf-16le' });
    }),
  );
});

it('the outcome is the same for any chunks, whatever the bytes', async () => {
  const files = fc.array(fc.constantFrom(0x0a, 0x2c, 0x61, 0x7a, 0xc3, 0xa4, 0xe9, 0xd0, 0x9f, 0xf0, 0x80), {
    minLength: 1,
    maxLength: 120,
  });
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 40 }), async (bytes, chunkBytes) => {
      const file = Buffer.from(bytes);
      expect(await outcome(file, chunkBytes)).toEqual(await outcome(file, 1000));
    }),
  );
});

it('the encoding is the same for any order of the lines', async () => {
  const lines = ['крон,Сбой записи', 'web,Job done', 'шлюз,Нет ответа от узла', 'db,Диск переполнен', 'x,y'];
  const table = alphabet('windows-1251');
  const encoded = lines.map((line) => Buffer.from(Array.from(`${line} `, (c) => table.indexOf(c) + 32)));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(encoded, { minLength: 5 }), async (order) => {
      const file = Buffer.concat(order.flatMap((line) => [line, Buffer.from('\n')]));
      expect(await outcome(file, 1000)).toMatchObject({ guessed: 'windows-1251' });
    }),
    { numRuns: 40 },
  );
});
