import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderProblem, checkFolder } from '../../src/files/temporary-folder.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'temporary-folder-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('folderProblem', () => {
  it('finds no problem with a writable folder', async () => {
    expect(await folderProblem(dir)).toBeUndefined();
  });

  it('names the problem, without the name of the folder', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await folderProblem(join(dir, 'file'))).toBe('it is not a folder');
    expect(await folderProblem(join(dir, 'none'))).toBe('the system reports ENOENT');
    expect(await folderProblem(dir, () => Promise.resolve(1024 * 1024 - 1))).toBe('its disk is full');
    expect(await folderProblem(dir, () => Promise.resolve(1024 * 1024))).toBeUndefined();
  });
});

describe('checkFolder', () => {
  it('leaves nothing behind', async () => {
    await checkFolder(dir);
    expect(await readdir(dir)).toEqual([]);
  });

  it('rejects where no file can be created', async () => {
    await expect(checkFolder('/dev/null')).rejects.toThrow('ENOTDIR');
    await expect(checkFolder(join(dir, 'none'))).rejects.toThrow('ENOENT');
  });
});
