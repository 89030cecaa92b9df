import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFileIfExists, writeFileAtomically } from '../../src/files/write-file-atomically.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomically-'));
  file = join(folder, 'head.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('replaces the old file, which stays complete for a reader that has it open', async () => {
  await writeFile(file, 'old');
  const before = await stat(file);
  await writeFileAtomically(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).ino).not.toBe(before.ino);
  expect(await readdir(folder)).toEqual(['head.json']);
});

it('gives the file the requested mode', async () => {
  await writeFileAtomically(file, Buffer.from('secret'), 0o600);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('leaves no temporary file if it cannot write', async () => {
  await mkdir(file);
  await writeFile(join(file, 'taken'), '');
  await expect(writeFileAtomically(file, 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(await readdir(folder)).toEqual(['head.json']);
  await expect(writeFileAtomically(join(folder, 'none', 'x'), 'new')).rejects.toMatchObject({
    code: 'ENOENT',
    syscall: 'open',
  });
});

it('returns the content of a file, no bytes for a missing one, and rejects a folder', async () => {
  expect(await readFileIfExists(file)).toEqual(Buffer.alloc(0));
  await writeFile(file, 'text');
  expect((await readFileIfExists(file)).toString()).toBe('text');
  await expect(readFileIfExists(folder)).rejects.toThrow();
  await expect(readFileIfExists(join(file, 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});
