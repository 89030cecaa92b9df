import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
