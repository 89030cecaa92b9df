import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hashFolder } from '../../src/files/folder-hash.js';

it('changes with the content and the names of the files, also in subfolders', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'onnx'));
  const seen: string[] = [];
  for (const [file, content] of [
    ['a', '1'],
    ['onnx/b', '2'],
    ['onnx/b', '3'],
    ['c', '3'],
  ] as const) {
    // prettier-ignore
    await writeFile(join(folder, file), content);
    seen.push(await hashFolder(folder));
    expect(await hashFolder(folder)).toBe(seen.at(-1));
  }
  expect(new Set(seen).size).toBe(4);
});

it('differs if bytes move to another file, or if files are renamed or swapped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const copies = [
    { a: 'one', b: 'two' },
    { a: 'onet', b: 'wo' },
    { a: 'one', c: 'two' },
    { a: 'two', b: 'one' },
  ];
  const hashes = copies.map(async (files, copy) => {
    await mkdir(join(folder, String(copy)));
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, String(copy), name), content);
    return hashFolder(join(folder, String(copy)));
  });
  expect(new Set(await Promise.all(hashes)).size).toBe(4);
});

it('is the same for the same files, in whatever order they were written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = Array.from({ length: 20 }, (_, i) => `file ${i}`);
  const hashOf = async (copy: string, order: readonly string[]) => {
    await mkdir(join(folder, copy));
    for (const name of order) await writeFile(join(folder, copy, name), name);
    return hashFolder(join(folder, copy));
  };
  expect(await hashOf('a', names)).toBe(await hashOf('b', names.toReversed()));
});
