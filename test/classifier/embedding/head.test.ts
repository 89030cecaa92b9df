import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { encodeTemplates } from '../../../src/classifier/embedding/template-set.js';
import type { HeadFile } from '../../../src/classifier/embedding/head-file.js';
import {
  assertHeadFits,
  HeadFileError,
  loadHead,
  parseHead,
} from '../../../src/classifier/embedding/head.js';

const figures = { accuracy: 0.9, macroF1: 0.8, ece: 0.05, n: 10, recall: { Up: 0.9, Side: null } };
const classifier = (...weights: number[]) => ({ numSteps: 0, learningRate: 0, weights: [weights] });

/** Up speaks for a positive first number, Down for a negative one, Side for the second number or for `aside`. */
const content: HeadFile = {
  formatVersion: 4,
  labels: ['Up', 'Down', 'Side'],
  encoder: { id: 'e', dimension: 2 },
  templateVersion: 1,
  vocabulary: { terms: ['#1', 'aside'], weights: [3, 4], scale: 2 },
  threshold: 0.4,
  unfamiliar: { knownShare: 0.5, confidence: 0.8 },
  calibration: { method: 'temperature', temperature: 0.5 },
  metrics: {
    leaveGroupsOut: null,
    randomSplit: figures,
    atThreshold: { coverage: 0.95, accuracy: 0.92 },
  },
  trainedOn: {
    files: ['0'.repeat(64)],
    rows: 12,
    templates: 2,
    templateHashes: encodeTemplates(['disk full', 'disk gone']),
    groupedBy: 'source',
    seed: 1,
    c: 3,
  },
  model: {
    name: 'LogisticRegression',
    numSteps: 0,
    learningRate: 0,
    numberClasses: 3,
    classifiers: [classifier(-1, 0, 0, 0, 0), classifier(1, 0, 0, 0, 0), classifier(0, -1, 0, -2, 0.25)],
  },
};
const { model, trainedOn } = content;

function parse(changes: object = {}): ReturnType<typeof parseHead> {
  return parseHead(JSON.stringify({ ...content, ...changes }), 'head.json');
}

it('returns the label with the largest logit, constant included, and its calibrated probability', () => {
  // Sums 1, -1 and 0.5 - 0.25, each divided by the temperature.
  const sum = Math.exp(2) + Math.exp(-2) + Math.exp(0.5);
  const { label, confidence } = parse().predict(Float32Array.of(1, 0.5), 'two words');
  expect(label).toBe('Up');
  expect(confidence).toBeCloseTo(Math.exp(2) / sum, 12);
});

it('adds the weighted known terms of the template, scaled to the norm `scale`', () => {
  // Side: 0.5 - 0.25 for the embedding and the constant, 2 * 2 * 4 / hypot(3, 4) for `aside` with `#1`.
  const sums = [1, -1, 0.5 - 0.25 + 3.2].map((sum) => Math.exp(sum / 0.5));
  const { label, confidence } = parse().predict(Float32Array.of(1, 0.5), 'Aside!');
  expect(label).toBe('Side');
  expect(confidence).toBeCloseTo((sums[2] ?? 0) / sums.reduce((a, b) => a + b), 12);
});

it('returns the most likely label even below the threshold', () => {
  const head = parse({ threshold: 0.99 });
  expect(head.threshold).toBe(0.99);
  expect(head.predict(Float32Array.of(0, 0.5), '').label).toBe('Side');
});

it('returns the same prediction after other predictions', () => {
  const head = parse();
  const first = head.predict(Float32Array.of(-0.2, 0.1), 'x');
  head.predict(Float32Array.of(50, 50), 'aside');
  expect(head.predict(Float32Array.of(-0.2, 0.1), 'x')).toEqual(first);
});

it('knows the templates that it was trained on', () => {
  expect(['disk full', 'disk lost'].map(parse().hasLearnt)).toEqual([true, false]);
  const halves = { ...trainedOn, templates: 1, templateHashes: encodeTemplates(['\ud83d']) };
  expect(['\ud83d', '\ud83c'].map(parse({ trainedOn: halves }).hasLearnt)).toEqual([true, false]);
});

it('refuses an embedding of another length', () => {
  expect(() => parse().predict(Float32Array.of(1), '')).toThrow('Expected an embedding of 2 numbers, got 1.');
});

it('changes its version with its content', () => {
  expect(parse().version).toMatch(/^[0-9a-f]{16}$/);
  expect(parse().version).toBe(parse().version);
  expect(parse({ threshold: 0.41 }).version).not.toBe(parse().version);
});

it.each([
  ['another format', { formatVersion: 2 }, /formatVersion is 2, but this program reads 4.*npm run train/],
  ['an unknown field', { extra: 1 }, /extra/],
  ['a threshold over 1', { threshold: 1.5 }, /threshold/],
  ['a temperature of 0', { calibration: { method: 'temperature', temperature: 0 } }, /temperature/],
  [
    'two equal labels',
    { labels: ['Up', 'Up', 'Side'] },
    /it has the label "Up" twice\. Train the head again/,
  ],
  [
    'two equal terms',
    { vocabulary: { terms: ['a', 'a'], weights: [1, 1], scale: 1 } },
    /it has the term "a" twice/,
  ],
  ['terms without a weight', { vocabulary: { terms: ['a', 'b'], weights: [1], scale: 1 } }, /2 terms, but 1/],
  ['missing template hashes', { trainedOn: { ...trainedOn, templateHashes: undefined } }, /templateHashes/],
  [
    'too few hashes',
    { trainedOn: { ...trainedOn, templateHashes: encodeTemplates(['disk full']) } },
    /trained on 2 templates, but templateHashes has 1 hashes/,
  ],
  ['half a hash', { trainedOn: { ...trainedOn, templates: 1, templateHashes: 'AAA=' } }, /has 0\.5 hashes/],
  ['invalid hashes', { trainedOn: { ...trainedOn, templateHashes: '?' } }, /templateHashes/],
  ['no training data', { trainedOn: undefined }, /trainedOn/],
  ['fewer labels than classifiers', { labels: ['Up', 'Down'] }, /2 labels, but numberClasses is 3/],
  [
    'weights of another length',
    { model: { ...model, classifiers: [...model.classifiers.slice(0, 2), classifier(1, 2)] } },
    /classifier 2 has 2 weights, expected 5/,
  ],
  [
    'weights of another length of the first label',
    { model: { ...model, classifiers: [classifier(1, 2), ...model.classifiers.slice(1)] } },
    /classifier 0 has 2 weights, expected 5/,
  ],
  [
    'weights whose sum overflows',
    {
      model: {
        ...model,
        classifiers: model.classifiers.with(1, classifier(1.7e308, 1.7e308, 0, 0, -1.7e308)),
      },
    },
    /weights of the label "Down" are too large.*npm run train/,
  ],
])('refuses %s and names file and reason', (_, changes, reason) => {
  expect(() => parse(changes)).toThrow(HeadFileError);
  expect(() => parse(changes)).toThrow(/^head\.json: /);
  expect(() => parse(changes)).toThrow(reason);
});

it('refuses text that is not JSON', () => {
  expect(() => parseHead('{', 'head.json')).toThrow(/^head\.json: is not JSON/);
});

it('loads a head from its file, and says how to fix a missing file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'head-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'head.json'), JSON.stringify(content));
  expect((await loadHead(join(folder, 'head.json'))).labels).toEqual(['Up', 'Down', 'Side']);
  const missing = loadHead(join(folder, 'none.json'));
  await expect(missing).rejects.toThrow(HeadFileError);
  await expect(missing).rejects.toThrow(/none\.json: cannot be read .*HEAD_FILE.*npm run train/);
});

it('accepts the encoder and template version that it was trained for', () => {
  expect(() => assertHeadFits(parse(), { id: 'e', dimension: 2 }, 1)).not.toThrow();
});

it.each([
  ['encoder', { id: 'f', dimension: 2 }, 1],
  ['dimension', { id: 'e', dimension: 3 }, 1],
  ['template version', { id: 'e', dimension: 2 }, 2],
])('refuses another %s and says how to fix it', (_, encoder, templateVersion) => {
  const check = () => assertHeadFits(parse(), encoder, templateVersion);
  expect(check).toThrow(HeadFileError);
  expect(check).toThrow(
    /trained for encoder e \(2 dimensions, template version 1\).*npm run train.*ENCODER_DIR/,
  );
});

it.each([
  ['a number of classes that is not that of its labels', { model: { ...model, numberClasses: 2 } }],
  ['fewer classifiers than labels', { model: { ...model, classifiers: model.classifiers.slice(1) } }],
])('refuses %s', (_, changes) => {
  expect(() => parse(changes)).toThrow(
    /it has 3 labels, but numberClasses is [23] and it has [23] classifiers/,
  );
});

it.each(['null', '[]', '"text"', '{}'])('refuses JSON that is no head: %s', (text) => {
  expect(() => parseHead(text, 'head.json')).toThrow(HeadFileError);
  expect(() => parseHead(text, 'head.json')).toThrow(/^head\.json: its formatVersion is undefined/);
});

it('gives the first of two labels that are equally likely', () => {
  const { label, confidence } = parse().predict(Float32Array.of(0, 0), 'two words');
  expect(label).toBe('Up');
  expect(confidence).toBeCloseTo(1 / (2 + Math.exp(-0.5)), 12);
});

it.each([
  { template: 'aside aside', confidence: 0.3, reason: 'low-confidence' },
  { template: 'aside aside', confidence: 0.5, reason: undefined },
  { template: 'unbekannt verloren', confidence: 0.5, reason: 'unfamiliar' },
  { template: 'unbekannt verloren', confidence: 0.9, reason: undefined },
  { template: '<num> 12 %', confidence: 0.5, reason: undefined },
])('withholds the label of "$template" at $confidence: $reason', ({ template, confidence, reason }) => {
  expect(parse().reasonToWithhold(template, confidence)).toBe(reason);
});
