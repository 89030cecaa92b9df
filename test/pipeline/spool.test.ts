import { once } from 'node:events';
import { mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpoolQuota } from '../../src/pipeline/spool-quota.js';
import { Spool } from '../../src/pipeline/spool.js';
import { largeQuota, readAll } from '../support/spools.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function write(spool: Spool, pieces: readonly string[]): Promise<string> {
  for (const piece of pieces) await spool.write(piece);
  expect(spool.size).toBe(Buffer.byteLength(pieces.join('')));
  return readAll(spool);
}

/** Opens files and keeps hold of them. */
function opener() {
  const opened: FileHandle[] = [];
  const openFile = async (path: string) => {
    const file = await open(path, 'wx+');
    opened.push(file);
    return file;
  };
  return { opened, openFile };
}

describe('Spool', () => {
  it.each([
    ['in memory', 1_000_000],
    ['in a file', 1],
    ['partly in memory, then in a file', 40],
  ])('returns what was written, held %s', async (_, memoryBytes) => {
    const pieces = Array.from({ length: 500 }, (_, i) => `line ${i} äöü €\n`);
    expect(await write(new Spool({ dir, memoryBytes, quota: largeQuota() }), pieces)).toBe(pieces.join(''));
  });

  it('leaves no file in its folder, neither while it is written nor after', async () => {
    const spool = new Spool({ dir, memoryBytes: 0, quota: largeQuota() });
    await spool.write('x'.repeat(1_000_000));
    expect(await readdir(dir)).toEqual([]);
    await spool.discard();
    expect(await readdir(dir)).toEqual([]);
  });

  it('opens a file only when its memory is full', async () => {
    let opened = 0;
    const openFile = (path: string) => {
      opened += 1;
      return open(path, 'wx+');
    };
    const spool = new Spool({ dir, memoryBytes: 100, quota: largeQuota(), openFile });
    await spool.write('x'.repeat(50));
    await spool.write('x'.repeat(49));
    expect(opened).toBe(0);
    for (let i = 0; i < 3; i += 1) await spool.write('x');
    expect(opened).toBe(1);
    expect(await readAll(spool)).toBe('x'.repeat(102));
  });

  it('is empty after it has been discarded', async () => {
    const spool = new Spool({ dir, memoryBytes: 1_000_000, quota: largeQuota() });
    await spool.write('x'.repeat(1_000));
    await spool.discard();
    expect(await readAll(spool)).toBe('');
  });

  it('counts its bytes in memory and in the file, and releases them once, read or not', async () => {
    const quota = largeQuota();
    const [inMemory, inFile, unread] = [100, 10, 10].map(
      (memoryBytes) => new Spool({ dir, memoryBytes, quota }),
    ) as [Spool, Spool, Spool];
    for (const spool of [inMemory, inFile, unread])
      for (const text of ['12345', '678901']) await spool.write(text);
    expect(quota.held).toEqual({ bytes: 33, memoryBytes: 11 });
    await unread.write('2');
    expect(quota.held).toEqual({ bytes: 34, memoryBytes: 12 });
    for (const spool of [inMemory, inFile]) {
      await readAll(spool);
      spool.release();
    }
    await unread.discard();
    await unread.discard();
    expect(quota.held).toEqual({ bytes: 0, memoryBytes: 0 });
  });

  it('refuses more than its share of the quota, including the bytes that it holds already', async () => {
    const spool = new Spool({
      dir,
      memoryBytes: 10,
      quota: new SpoolQuota({ maxBytes: 400, maxMemoryBytes: 400 }),
    });
    await spool.write('x'.repeat(60));
    await spool.write('x'.repeat(40));
    await expect(spool.write('x')).rejects.toMatchObject({ code: 'upload_too_large' });
    await spool.discard();
  });

  it('moves to its file as soon as all spools together hold too much in memory', async () => {
    const quota = new SpoolQuota({ maxBytes: 1_000, maxMemoryBytes: 50 });
    const [other, spool] = [
      new Spool({ dir, memoryBytes: 100, quota }),
      new Spool({ dir, memoryBytes: 100, quota }),
    ];
    await other.write('x'.repeat(45));
    await spool.write('12345');
    expect(quota.held.memoryBytes).toBe(50);
    await spool.write('6');
    expect(quota.held).toEqual({ bytes: 51, memoryBytes: 45 });
    expect(await readAll(spool)).toBe('123456');
    for (const one of [other, spool]) one.release();
  });

  it('returns one buffer from memory and a stream from its file, which closes on an early release', async () => {
    const { opened, openFile } = opener();
    const small = new Spool({ dir, memoryBytes: 100, quota: largeQuota(), openFile });
    await small.write('small');
    expect(await small.read()).toEqual(Buffer.from('small'));
    // It keeps no second copy.
    expect(await small.read()).toEqual(Buffer.alloc(0));
    const large = new Spool({ dir, memoryBytes: 100, quota: largeQuota(), openFile });
    await large.write('x'.repeat(1_000_000));
    const reader = (await large.read()) as Readable;
    await once(reader, 'readable');
    const closed = once(reader, 'close');
    large.release();
    await closed;
    expect(opened.map(({ fd }) => fd)).toEqual([-1]);
  });

  it('closes its file when it is discarded unread', async () => {
    const { opened, openFile } = opener();
    const spool = new Spool({ dir, memoryBytes: 0, quota: largeQuota(), openFile });
    await spool.write('x');
    await spool.discard();
    expect(opened.map(({ fd }) => fd)).toEqual([-1]);
  });

  it('writes to its file in pieces of 256 KiB', async () => {
    const quota = largeQuota();
    const spool = new Spool({ dir, memoryBytes: 1, quota });
    await spool.write('x');
    await spool.write('x'.repeat(256 * 1024 - 1));
    expect(quota.held.memoryBytes).toBe(256 * 1024 - 1);
    await spool.write('x');
    expect(quota.held.memoryBytes).toBe(0);
    expect(await readAll(spool)).toHaveLength(256 * 1024 + 1);
  });

  it('rejects with disk_full on a full disk, and leaves nothing behind', async () => {
    // Writes to /dev/full fail as on a full disk.
    const openFile = async (path: string) => {
      await (await open(path, 'wx')).close();
      return open('/dev/full', 'w');
    };
    const spool = new Spool({ dir, memoryBytes: 0, quota: largeQuota(), openFile });
    await expect(spool.write('x')).rejects.toMatchObject({ code: 'disk_full', status: 507 });
    await spool.discard();
    expect(await readdir(dir)).toEqual([]);
  });

  it('rejects with the system error when its folder does not exist', async () => {
    const spool = new Spool({ dir: join(dir, 'none'), memoryBytes: 0, quota: largeQuota() });
    await expect(spool.write('x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
