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

it('creates a folder with its parents, and accepts an existing one', async () => {
  const dir = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(dir), makeFolder(dir)]);
  await makeFolder(dir);
  expect((await stat(dir)).isDirectory()).toBe(true);
});

it('rejects a file, a path below a file, and a dangling link', async () => {
  await writeFile(join(folder, 'file'), '');
  await symlink(join(folder, 'nowhere', 'at', 'all'), join(folder, 'link'));
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toThrow('ENOTDIR');
  await expect(makeFolder(join(folder, 'link', 'x'))).rejects.toThrow('EEXIST');
});

it.runIf(process.platform === 'linux')('rejects where the system allows no new folder', async () => {
  await expect(makeFolder('/proc/x')).rejects.toThrow('ENOENT');
  await expect(makeFolder('/proc/x/y')).rejects.toThrow('ENOENT');
});
