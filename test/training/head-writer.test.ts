import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { expect, it, onTestFinished } from 'vitest';
import type { HeadFile } from '../../src/classifier/embedding/head-file.js';
import { parseHead } from '../../src/classifier/embedding/head.js';
import { logitsOf, toFeatures } from '../../src/training/fit.js';
import { createHeadFile, serialiseHead, writeHead } from '../../src/training/head-writer.js';
import { seededRandom } from '../../src/training/random.js';

const random = seededRandom(11);
const numbers = (length: number): number[] => Array.from({ length }, () => random() * 4 - 2);
const weights = Array.from({ length: 5 }, () => Float64Array.from(numbers(9)));
const embeddings = Array.from({ length: 200 }, () => Float32Array.from(numbers(8)));

function head(): HeadFile {
  return createHeadFile({
    labels: ['a', 'b', 'c', 'd', 'e'],
    encoder: { id: 'x', dimension: 8 },
    templateVersion: 1,
    threshold: 0.3,
    temperature: 0.8,
    metrics: {
      leaveSourcesOut: null,
      randomSplit: { accuracy: 1, macroF1: 1, ece: 0, n: 5 },
      atThreshold: { coverage: 1, accuracy: 1 },
    },
    trainedOn: { sha256: 'f'.repeat(64), rows: 5, templates: 5, seed: 1, c: 1 },
    weights,
  });
}

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'head-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('writes a model that ml-logistic-regression loads and predicts the same labels with', () => {
  const text = serialiseHead(head());
  const ours = parseHead(text, 'head.json');
  const theirs = LogisticRegression.load((JSON.parse(text) as HeadFile).model);
  const predicted = theirs.predict(new Matrix(embeddings.map((embedding) => [...embedding, 1])));
  expect(predicted.map((index) => ours.labels[index])).toEqual(
    embeddings.map((embedding) => ours.predict(embedding).label),
  );
});

it('keeps what was fitted: the label of the largest logit, at the temperature', () => {
  const loaded = parseHead(serialiseHead(head()), 'head.json');
  for (const embedding of embeddings.slice(0, 20)) {
    const logits = logitsOf(weights, toFeatures(embedding));
    const shares = [...logits].map((logit) => Math.exp(logit / 0.8));
    const expected = Math.max(...shares) / shares.reduce((sum, share) => sum + share);
    const { label, confidence } = loaded.predict(embedding);
    expect(label).toBe(loaded.labels[shares.indexOf(Math.max(...shares))]);
    expect(confidence).toBeCloseTo(expected, 4);
  }
});

it('replaces the old file and leaves nothing beside it', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'head.json');
  await writeFile(file, 'old');
  await writeHead(file, head());
  expect(await readFile(file, 'utf8')).toBe(serialiseHead(head()));
  expect(await readdir(folder)).toEqual(['head.json']);
});

it('leaves the old file when the new head could not be loaded', async () => {
  const file = join(await tempFolder(), 'head.json');
  await writeFile(file, 'old');
  await expect(writeHead(file, { ...head(), labels: ['a', 'b'] })).rejects.toThrow(/2 labels/);
  expect(await readFile(file, 'utf8')).toBe('old');
});

it('leaves nothing behind when the file cannot be put in its place', async () => {
  const folder = await tempFolder();
  // The parent of the folder itself: a rename onto it must fail.
  await expect(writeHead(join(folder, '.'), head())).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});
