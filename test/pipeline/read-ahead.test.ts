import { mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OverflowBuffer } from '../../src/pipeline/overflow-buffer.js';
import { readAhead } from '../../src/pipeline/read-ahead.js';
import { propertyRuns } from '../support/property-runs.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'read-ahead-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Yields pieces, counts how many were requested, and runs `end` after the last, which may fail. */
class Source implements AsyncIterable<Uint8Array> {
  asked = 0;
  ended = false;

  constructor(
    private readonly pieces: readonly Uint8Array[],
    private readonly end: () => Promise<void> = () => Promise.resolve(),
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of this.pieces) {
        this.asked += 1;
        yield await Promise.resolve(piece);
      }
      await this.end();
    } finally {
      this.ended = true;
    }
  }
}

/** Pieces of ten bytes. */
const pieces = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => Buffer.alloc(10, i + 1));

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  for await (const piece of bytes) taken.push(piece);
  return Buffer.concat(taken);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

/** Opens files and remembers the last. */
function opener() {
  const opened: { file?: FileHandle; openFile: (path: string) => Promise<FileHandle> } = {
    openFile: async (path) => (opened.file = await open(path, 'wx+')),
  };
  return opened;
}

describe('readAhead', () => {
  it('yields the bytes in order, wherever they are held and whichever side is faster', async () => {
    const cases = fc.record({
      lengths: fc.array(fc.nat(50), { maxLength: 40 }),
      waits: fc.array(fc.nat(4), { minLength: 1, maxLength: 10 }),
      memoryBytes: fc.nat(60),
      fileBytes: fc.nat(120),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ lengths, waits, ...limits }) => {
        const given = lengths.map((length, i) => Buffer.alloc(length, i));
        const taken: Buffer[] = [];
        for await (const piece of readAhead(new Source(given), { dir, ...limits })) {
          taken.push(Buffer.from(piece));
          for (let turns = waits[taken.length % waits.length] ?? 0; turns > 0; turns -= 1) await nextTurn();
        }
        expect(Buffer.concat(taken)).toEqual(Buffer.concat(given));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('reads on without a consumer until memory and file are full, and then pauses the source', async () => {
    const source = new Source(pieces(100));
    const ahead = readAhead(source, { dir, memoryBytes: 50, fileBytes: 200 });
    const first = await ahead.next();
    // One has been consumed, five are in memory, twenty in the file, and one waits for space.
    await until(() => source.asked === 27);
    await nextTurn();
    expect(source.asked).toBe(27);
    expect(await readdir(dir)).toEqual([]);
    expect(Buffer.concat([first.value ?? Buffer.of(), await all(ahead)])).toEqual(Buffer.concat(pieces(100)));
  });

  it('throws the error of the source before the bytes that still wait', async () => {
    const source = new Source(pieces(20), () => Promise.reject(new Error('client gone')));
    const ahead = readAhead(source, { dir, memoryBytes: 500, fileBytes: 0 });
    await ahead.next();
    await until(() => source.ended);
    await nextTurn();
    await expect(ahead.next()).rejects.toThrow('client gone');
  });

  it('closes the source and the file when the consumer returns during a read', async () => {
    const opened = opener();
    let over = (): void => undefined;
    const source = new Source(pieces(20), () => new Promise((resolve) => (over = resolve)));
    const settings = { dir, memoryBytes: 50, fileBytes: 500, openFile: opened.openFile };
    const ahead = readAhead(source, settings);
    await ahead.next();
    await until(() => source.asked === 20);
    await ahead.return();
    expect(opened.file?.fd).toBe(-1);
    over();
    await until(() => source.ended);
  });

  it('closes the file when everything has been consumed', async () => {
    const opened = opener();
    const settings = { dir, memoryBytes: 10, fileBytes: 500, openFile: opened.openFile };
    const ahead = readAhead(new Source(pieces(20)), settings);
    await ahead.next();
    await until(() => opened.file !== undefined);
    await all(ahead);
    expect(opened.file?.fd).toBe(-1);
  });

  it('pauses the source while the disk is full, and loses nothing', async () => {
    const openFile = async (path: string) => {
      await (await open(path, 'wx')).close();
      // Writes to /dev/full fail as on a full disk.
      return open('/dev/full', 'w+');
    };
    const source = new Source(pieces(50));
    const ahead = readAhead(source, { dir, memoryBytes: 50, fileBytes: 500, openFile });
    const first = await ahead.next();
    // One has been consumed, five are in memory, and one waits because of the full disk.
    await until(() => source.asked === 7);
    await nextTurn();
    expect(Buffer.concat([first.value ?? Buffer.of(), await all(ahead)])).toEqual(Buffer.concat(pieces(50)));
  });

  it('does not use the disk if less than the size of the file is free, and loses nothing', async () => {
    const opened = opener();
    const settings = { dir, memoryBytes: 50, fileBytes: 500, openFile: opened.openFile };
    const source = new Source(pieces(50));
    const ahead = readAhead(source, { ...settings, freeBytes: () => Promise.resolve(499) });
    const first = await ahead.next();
    await until(() => source.asked === 7);
    await nextTurn();
    expect([source.asked, opened.file]).toEqual([7, undefined]);
    expect(Buffer.concat([first.value ?? Buffer.of(), await all(ahead)])).toEqual(Buffer.concat(pieces(50)));
  });

  it('reuses the space in the file after it has been read', async () => {
    const opened = opener();
    const settings = { dir, memoryBytes: 10, fileBytes: 35, openFile: opened.openFile };
    const buffer = new OverflowBuffer(settings);
    for (let round = 0; round < 8; round += 1) {
      // The first goes into memory, the others into the file. Without reuse the file would be full in the second round.
      const given = ['abcdefghij', 'klmnopqrst', 'uvwxyzABCD'].map((piece) =>
        Buffer.from(`${piece}${round}`).subarray(1),
      );
      for (const piece of given) expect(await buffer.add(piece)).toBe(true);
      const taken: Uint8Array[] = [];
      while (Buffer.concat(taken).length < 30) taken.push((await buffer.take()) ?? Buffer.alloc(30));
      expect(Buffer.concat(taken).toString()).toBe(Buffer.concat(given).toString());
    }
    expect((await opened.file?.stat())?.size).toBe(35);
    await buffer.stop();
  });

  it('stops adding when the consumer stops while the disk is found full', async () => {
    let answer: (free: number) => void = () => undefined;
    const freeBytes = () => new Promise<number>((resolve) => (answer = resolve));
    const buffer = new OverflowBuffer({ dir, memoryBytes: 10, fileBytes: 500, freeBytes });
    expect(await buffer.add(Buffer.alloc(10))).toBe(true);
    const toFile = buffer.add(Buffer.alloc(10));
    answer(500);
    expect(await toFile).toBe(true);
    const added = buffer.add(Buffer.alloc(10));
    const stopped = buffer.stop();
    answer(0);
    expect(await added).toBe(false);
    await stopped;
  });

  it('wakes the waiting producer when the consumer stops', async () => {
    const buffer = new OverflowBuffer({ dir, memoryBytes: 10, fileBytes: 0 });
    expect(await buffer.add(Buffer.alloc(10))).toBe(true);
    const added = buffer.add(Buffer.alloc(10));
    await nextTurn();
    await buffer.stop();
    expect(await added).toBe(false);
  });

  it('uses the space that the consumer frees while the disk is found full', async () => {
    let full = (): void => undefined;
    const freeBytes = () => new Promise<number>((resolve) => (full = () => resolve(0)));
    const buffer = new OverflowBuffer({ dir, memoryBytes: 10, fileBytes: 500, freeBytes });
    expect(await buffer.add(Buffer.alloc(10, 1))).toBe(true);
    const added = buffer.add(Buffer.alloc(10, 2));
    expect(await buffer.take()).toEqual(new Uint8Array(10).fill(1));
    full();
    expect(await added).toBe(true);
    expect(await buffer.take()).toEqual(new Uint8Array(10).fill(2));
    await buffer.stop();
  });

  it('throws the error of a file that cannot be opened', async () => {
    const source = new Source(pieces(50));
    const ahead = readAhead(source, { dir: join(dir, 'none'), memoryBytes: 10, fileBytes: 500 });
    await ahead.next();
    await until(() => source.asked === 3);
    await expect(all(ahead)).rejects.toMatchObject({ code: 'ENOENT' });
    await until(() => source.ended);
  });
});
