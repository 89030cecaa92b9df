import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes a folder with those above it, and takes one that is there', async () => {
  const dir = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(dir), makeFolder(dir)]);
  await makeFolder(dir);
  expect((await stat(dir)).isDirectory()).toBe(true);
});

it('refuses a file, below a file, and a link that leads nowhere', async () => {
  await writeFile(join(folder, 'file'), '');
  await symlink(join(folder, 'nowhere', 'at', 'all'), join(folder, 'link'));
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toThrow('ENOTDIR');
  await expect(makeFolder(join(folder, 'link', 'x'))).rejects.toThrow('EEXIST');
});

it.runIf(process.platform === 'linux')('gives up where the system takes no folder', async () => {
  await expect(makeFolder('/proc/x')).rejects.toThrow('ENOENT');
  await expect(makeFolder('/proc/x/y')).rejects.toThrow('ENOENT');
});
