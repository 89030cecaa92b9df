import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { expect, it, onTestFinished } from 'vitest';
import type { HeadFile } from '../../src/classifier/embedding/head-file.js';
import { parseHead } from '../../src/classifier/embedding/head.js';
import { encodeTemplates } from '../../src/classifier/embedding/template-set.js';
import { Vocabulary } from '../../src/classifier/embedding/vocabulary.js';
import { createHeadFile, serialiseHead, writeHead } from '../../src/training/head-writer.js';
import { seededRandom } from '../../src/math/random.js';

const random = seededRandom(11);
const numbers = (length: number): number[] => Array.from({ length }, () => random() * 4 - 2);
const TERMS = ['#1', '#2', 'disk', 'full'];
const WIDTH = 8 + TERMS.length + 1;
const weights = Float64Array.from(numbers(5 * WIDTH));
const templates = ['disk', 'full', 'disk full', 'other'];
const templateOf = (index: number): string => templates[index % templates.length] ?? '';
const vocabulary = { terms: TERMS, weights: [1, 2, 3, 4], scale: 1.5 };
/** The feature vector of the embedding with that index. */
const featuresOf = (embedding: Float32Array, index: number): number[] => {
  const terms = new Array<number>(TERMS.length).fill(0);
  const { indexes, values } = new Vocabulary(vocabulary).vectorOf(templateOf(index));
  indexes.forEach((place, i) => (terms[place] = values[i] ?? 0));
  return [...embedding, ...terms, 1];
};
const embeddings = Array.from({ length: 200 }, () => Float32Array.from(numbers(8)));

function head(): HeadFile {
  return createHeadFile({
    labels: ['a', 'b', 'c', 'd', 'e'],
    encoder: { id: 'x', dimension: 8 },
    templateVersion: 1,
    vocabulary,
    threshold: 0.3,
    unfamiliar: { knownShare: 0.5, confidence: 0.9 },
    temperature: 0.8,
    metrics: {
      leaveGroupsOut: null,
      randomSplit: { accuracy: 1, macroF1: 1, ece: 0, n: 5, recall: {} },
      atThreshold: { coverage: 1, accuracy: 1 },
    },
    trainedOn: {
      files: ['f'.repeat(64)],
      rows: 5,
      templates: templates.length,
      templateHashes: encodeTemplates(templates),
      groupedBy: 'family',
      seed: 1,
      c: 1,
    },
    weights,
  });
}

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'head-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('writes a model with which ml-logistic-regression predicts the same labels', () => {
  const text = serialiseHead(head());
  const ours = parseHead(text, 'head.json');
  const theirs = LogisticRegression.load((JSON.parse(text) as HeadFile).model);
  const predicted = theirs.predict(new Matrix(embeddings.map(featuresOf)));
  expect(predicted.map((index) => ours.labels[index])).toEqual(
    embeddings.map((embedding, index) => ours.predict(embedding, templateOf(index)).label),
  );
});

it('writes a head that predicts the label with the largest logit, with its calibrated probability', () => {
  const loaded = parseHead(serialiseHead(head()), 'head.json');
  for (const [index, embedding] of embeddings.slice(0, 20).entries()) {
    const features = featuresOf(embedding, index);
    const shares = loaded.labels.map((_, label) => {
      const own = weights.subarray(label * WIDTH, (label + 1) * WIDTH);
      return Math.exp(features.reduce((sum, value, i) => sum + value * (own[i] ?? 0), 0) / 0.8);
    });
    const expected = Math.max(...shares) / shares.reduce((sum, share) => sum + share);
    const { label, confidence } = loaded.predict(embedding, templateOf(index));
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

it('keeps the old file when the new head cannot be loaded', async () => {
  const file = join(await tempFolder(), 'head.json');
  await writeFile(file, 'old');
  await expect(writeHead(file, { ...head(), labels: ['a', 'b'] })).rejects.toThrow(/2 labels/);
  expect(await readFile(file, 'utf8')).toBe('old');
});

it('leaves no temporary file when the file cannot be replaced', async () => {
  const folder = await tempFolder();
  // A rename onto the folder itself fails.
  await expect(writeHead(join(folder, '.'), head())).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});
