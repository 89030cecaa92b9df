import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbeddingStore } from '../../src/training/embedding-store.js';

const encoder = { id: 'e', dimension: 2 };
const noProblem = (problem: string): never => {
  throw new Error(problem);
};

async function folderForStore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'made', 'when needed');
}

it('gives back from disk exactly what was kept', async () => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(0.1, -3)]]));
  const again = await openEmbeddingStore(dir, encoder, noProblem);
  expect(again.get('a')).toEqual(Float32Array.of(0.1, -3));
  expect(again.get('b')).toBeUndefined();
});

it('keeps the embeddings of each encoder apart', async () => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(1, 2)]]));
  expect((await openEmbeddingStore(dir, { id: 'f', dimension: 2 }, noProblem)).get('a')).toBeUndefined();
});

it('starts anew when the file is damaged', async () => {
  const dir = await folderForStore();
  await (await openEmbeddingStore(dir, encoder, noProblem)).add(new Map([['a', Float32Array.of(1, 2)]]));
  const [file = ''] = await readdir(dir);
  await truncate(join(dir, file), 33);
  const store = await openEmbeddingStore(dir, encoder, noProblem);
  expect(store.get('a')).toBeUndefined();
  await store.add(new Map([['b', Float32Array.of(3, 4)]]));
  expect((await openEmbeddingStore(dir, encoder, noProblem)).get('b')).toEqual(Float32Array.of(3, 4));
});

it('says so when nothing can be kept, and goes on', async () => {
  const dir = await folderForStore();
  await mkdir(join(dir, '..'), { recursive: true });
  await writeFile(dir, 'a file where the folder should be');
  const problems: string[] = [];
  const store = await openEmbeddingStore(dir, encoder, (problem) => problems.push(problem));
  await store.add(new Map([['a', Float32Array.of(1, 2)]]));
  expect(store.get('a')).toEqual(Float32Array.of(1, 2));
  expect(problems.at(-1)).toMatch(/embeddings are not kept \(.*(ENOTDIR|EEXIST)/);
});
