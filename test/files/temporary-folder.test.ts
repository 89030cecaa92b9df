import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderProblem, tryFolder } from '../../src/files/temporary-folder.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'temporary-folder-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('folderProblem', () => {
  it('finds nothing wrong with a folder that can be written to', async () => {
    expect(await folderProblem(dir)).toBeUndefined();
  });

  it('says what is wrong, without the name of the folder', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await folderProblem(join(dir, 'file'))).toBe('it is no folder');
    expect(await folderProblem(join(dir, 'none'))).toBe('the system says ENOENT');
    expect(await folderProblem(dir, () => Promise.resolve(1024 * 1024 - 1))).toBe('its disk is full');
    expect(await folderProblem(dir, () => Promise.resolve(1024 * 1024))).toBeUndefined();
  });
});

describe('tryFolder', () => {
  it('leaves nothing behind', async () => {
    await tryFolder(dir);
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses what takes no files', async () => {
    await expect(tryFolder('/dev/null')).rejects.toThrow('ENOTDIR');
    await expect(tryFolder(join(dir, 'none'))).rejects.toThrow('ENOENT');
  });
});
