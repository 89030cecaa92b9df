import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbeddingStore } from '../../src/training/embedding-store.js';

const encoder = { id: 'e', dimension: 2, sha256: 'f00', templateVersion: 1 };
const noProblem = (problem: string): never => {
  throw new Error(problem);
};

async function folderForStore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'made', 'when needed');
}

it('returns exactly the embeddings that an earlier run added', async () => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(0.1, -3)]]));
  const again = await openEmbeddingStore(dir, encoder, noProblem);
  expect(again.get('a')).toEqual(Float32Array.of(0.1, -3));
  expect(again.get('b')).toBeUndefined();
});

it('tells apart templates that differ in an unpaired surrogate', async () => {
  const store = await openEmbeddingStore(await folderForStore(), encoder, noProblem);
  await store.add(new Map([['\ud83d', Float32Array.of(1, 2)], ['\ud83c', Float32Array.of(3, 4)]])); // prettier-ignore
  expect(['\ud83d', '\ud83c', '\ud83e'].map((half) => store.get(half)?.[0])).toEqual([1, 3, undefined]);
});

it('has separate embeddings for each encoder', async () => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(1, 2)]]));
  for (const change of [{ id: 'f' }, { dimension: 1 }, { sha256: 'f01' }, { templateVersion: 2 }]) {
    const store = await openEmbeddingStore(dir, { ...encoder, ...change }, noProblem);
    expect(store.get('a')).toBeUndefined();
  }
});

const damages: [string, (file: string) => Promise<void>][] = [
  ['cut', (file) => truncate(file, 40)],
  ['cut to nothing', (file) => truncate(file, 0)],
  [
    'changed in one bit',
    async (file) => {
      const bytes = await readFile(file);
      bytes.writeUInt8(bytes.readUInt8(35) ^ 1, 35);
      await writeFile(file, bytes);
    },
  ],
];

it.each(damages)('starts empty when the file is %s', async (_, damage) => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(1, 2)]]));
  const [file = ''] = await readdir(dir);
  await damage(join(dir, file));
  const store = await openEmbeddingStore(dir, encoder, noProblem);
  expect(store.get('a')).toBeUndefined();
  await store.add(new Map([['b', Float32Array.of(3, 4)]]));
  expect((await openEmbeddingStore(dir, encoder, noProblem)).get('b')).toEqual(Float32Array.of(3, 4));
});

it('drops embeddings that contain NaN', async () => {
  const dir = await folderForStore();
  const store = await openEmbeddingStore(dir, encoder, noProblem);
  await store.add(new Map([['a', Float32Array.of(1, NaN)], ['b', Float32Array.of(1, 2)]])); // prettier-ignore
  for (const opened of [store, await openEmbeddingStore(dir, encoder, noProblem)]) {
    expect(['a', 'b'].map((template) => opened.get(template)?.length)).toEqual([undefined, 2]);
  }
});

it('drops the least recently used embeddings when there are too many', async () => {
  const dir = await folderForStore();
  const open = () => openEmbeddingStore(dir, encoder, noProblem, 3);
  const some = (...templates: string[]) => new Map(templates.map((name) => [name, Float32Array.of(1, 2)]));
  await (await open()).add(some('a', 'b', 'c'));
  const second = await open();
  second.get('a');
  // Adds nothing, but writes the order of use for the next run.
  await second.add(new Map());
  await (await open()).add(some('d', 'e'));
  const last = await open();
  expect(['a', 'b', 'c', 'd', 'e'].filter((template) => last.get(template))).toEqual(['a', 'd', 'e']);
});

it('reports a write error and works without the file', async () => {
  const dir = await folderForStore();
  await mkdir(join(dir, '..'), { recursive: true });
  await writeFile(dir, 'a file where the folder should be');
  const problems: string[] = [];
  const store = await openEmbeddingStore(dir, encoder, (problem) => problems.push(problem));
  await store.add(new Map([['a', Float32Array.of(1, 2)]]));
  expect(store.get('a')).toEqual(Float32Array.of(1, 2));
  expect(problems.at(-1)).toMatch(/Embeddings cannot be kept for the next run \(.*(ENOTDIR|EEXIST)/);
});
