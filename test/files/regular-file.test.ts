import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { NotRegularFileError, readRegularText } from '../../src/files/regular-file.js';
import { makeFifo } from '../support/fifo.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regular-'));
  file = join(folder, 'head.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('reads a file, also through the links of a Kubernetes ConfigMap', async () => {
  await mkdir(join(folder, '..2026'));
  await writeFile(join(folder, '..2026', 'head.json'), 'Größe');
  await symlink('..2026', join(folder, '..data'));
  await symlink('..data/head.json', file);
  expect(await readRegularText(file)).toBe('Größe');
});

it.each([
  ['a pipe', makeFifo],
  ['a folder', (path: string) => mkdir(path)],
  ['a device', (path: string) => symlink('/dev/zero', path)],
])('refuses %s without reading it', async (kind, make: (path: string) => unknown) => {
  await make(file);
  const read = readRegularText(file);
  await expect(read).rejects.toThrow(NotRegularFileError);
  await expect(read).rejects.toThrow(`it is ${kind}, not a regular file`);
});

it.runIf(process.platform === 'linux')('leaves no file open after reading or refusing it', async () => {
  await writeFile(file, 'text');
  await readRegularText(file);
  await expect(readRegularText(folder)).rejects.toThrow('a folder');
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')),
  );
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
});

it('refuses a socket', async () => {
  const server = createServer().listen(file);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  await expect(readRegularText(file)).rejects.toThrow('ENXIO');
});
