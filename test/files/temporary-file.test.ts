import { mkdtemp, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import {
  freeBytesOf,
  isDiskFull,
  openTemporaryFile,
  readFully,
  writeFully,
  type OpenFile,
} from '../../src/files/temporary-file.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'temporary-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** A real temporary file that writes at most three bytes per call. */
async function slowFile(): Promise<FileHandle> {
  const file = await openTemporaryFile(dir);
  onTestFinished(() => file.close());
  const write = file.write.bind(file) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
  const writeFew = (bytes: Uint8Array, from: number, length: number, at: number | null) =>
    write(bytes, from, Math.min(length, 3), at);
  file.write = writeFew as unknown as FileHandle['write'];
  return file;
}

async function contentOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

it('is accessible to this user only, and has no name in the folder', async () => {
  let mode = 0;
  const openFile: OpenFile = async (path) => {
    const file = await open(path, 'wx+', 0o600);
    mode = (await stat(path)).mode & 0o777;
    expect(path).toMatch(/log-classifier-[-0-9a-f]{36}\.spool$/);
    return file;
  };
  for (const file of [await openTemporaryFile(dir), await openTemporaryFile(dir, openFile)]) {
    expect(((await file.stat()).mode & 0o777).toString(8)).toBe('600');
    expect(await readdir(dir)).toEqual([]);
    await file.close();
  }
  expect(mode).toBe(0o600);
});

it('is closed when it cannot be unlinked', async () => {
  const opened: FileHandle[] = [];
  const openFile: OpenFile = async (path) => {
    const file = await open(path, 'wx+');
    opened.push(file);
    await rm(path);
    return file;
  };
  await expect(openTemporaryFile(dir, openFile)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(opened.map(({ fd }) => fd)).toEqual([-1]);
});

it('writes all bytes in order, though each write takes only a few', async () => {
  const file = await slowFile();
  await writeFully(file, Buffer.from('eight by'));
  await writeFully(file, Buffer.from('tes more'));
  expect(await contentOf(file)).toBe('eight bytes more');
});

it('writes all bytes at their position, though each write takes only a few', async () => {
  const file = await slowFile();
  await writeFully(file, Buffer.from('0123456789'), 0);
  await writeFully(file, Buffer.from('abcde'), 2);
  expect(await contentOf(file)).toBe('01abcde789');
});

it('distinguishes a full disk and a used-up disk quota from other errors', () => {
  const failed = (code: string) => isDiskFull(Object.assign(new Error(code), { code }));
  expect(['ENOSPC', 'EDQUOT', 'EIO', 'ENOENT'].map(failed)).toEqual([true, true, false, false]);
});

it('returns the free bytes of a disk', async () => {
  expect(await freeBytesOf(dir)).toBeGreaterThan(1_000_000);
  await expect(freeBytesOf(join(dir, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each([
  ['a part', 2, 7, 'cdefghi'],
  ['what is left at the end', 8, 10, 'ij'],
  ['nothing behind the end', 20, 5, ''],
  ['nothing for a negative length', 3, -2, ''],
])('readFully returns %s, whatever one call of the system reads', async (_, position, length, expected) => {
  const file = await slowFile();
  await writeFully(file, Buffer.from('abcdefghij'));
  const read = file.read.bind(file) as (...args: unknown[]) => Promise<{ bytesRead: number }>;
  const readFew = (bytes: Uint8Array, from: number, count: number, at: number) =>
    read(bytes, from, Math.min(count, 3), at);
  file.read = readFew as unknown as FileHandle['read'];
  expect(Buffer.from(await readFully(file, position, length)).toString()).toBe(expected);
});
