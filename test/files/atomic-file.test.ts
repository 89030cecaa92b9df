import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAtomicFile } from '../../src/files/atomic-file.js';
import { temporaryFolder } from '../support/command.js';

it('a file shows the old content until it is committed', async () => {
  const path = join(await temporaryFolder(), 'a.csv');
  await writeFile(path, 'old');
  const file = await openAtomicFile(path);
  await file.write('new');
  expect(await readFile(path, 'utf8')).toBe('old');
  await file.commit();
  await file.discard();
  expect(await readFile(path, 'utf8')).toBe('new');
});

it('a discarded file leaves nothing', async () => {
  const folder = await temporaryFolder();
  const file = await openAtomicFile(join(folder, 'a.csv'));
  await file.write('new');
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});

it('a link stays, and what it leads to is replaced', async () => {
  const folder = await temporaryFolder();
  const [path, link] = [join(folder, 'a.csv'), join(folder, 'link.csv')];
  await writeFile(path, 'old');
  await symlink(path, link);
  const file = await openAtomicFile(link);
  await file.write('new');
  await file.commit();
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('new');
});

it('a device is written to and stays', async () => {
  const file = await openAtomicFile('/dev/null');
  await file.write('gone');
  await file.commit();
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
});
