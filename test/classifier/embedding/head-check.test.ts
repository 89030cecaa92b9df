import LogisticRegression from 'ml-logistic-regression';
import type { Matrix } from 'ml-matrix';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findModelProblem } from '../../../src/classifier/embedding/head-check.js';
import { parseHeadFile, type HeadFile } from '../../../src/classifier/embedding/head-file.js';
import { HeadModel } from '../../../src/classifier/embedding/head-model.js';
import { HeadFileError, parseHead, readHeadText } from '../../../src/classifier/embedding/head.js';
import { loadConfig } from '../../../src/config.js';
import { headText } from '../../support/head-text.js';

const { headFile } = loadConfig({});
const shipped = await readHeadText(headFile);

/** A head for embeddings of 2 numbers and one term, with these weights of its labels. */
function headOf(...weights: [number[], number[]]): HeadFile {
  const content = parseHeadFile(
    headText(['Up', 'Down'], { encoder: { id: 'e', dimension: 2 } }),
    'head.json',
  );
  content.vocabulary = { terms: ['disk'], weights: [1], scale: 3 };
  content.model.classifiers = weights.map((own) => ({ numSteps: 0, learningRate: 0, weights: [own] }));
  return content;
}

const head = headOf([1, -2, 0.5, 0.25], [-1, 3, 0, 0]);

it.each([
  ['the shipped head', parseHeadFile(shipped, headFile)],
  ['a small head', head],
  ['a head with very large weights', headOf([900, -2, 0, 1e6], [-900, 3, 5000, -1e6])],
])('finds no difference to the library for %s and does not change the head', (_, content) => {
  const before = JSON.stringify(content);
  expect(findModelProblem(content, new HeadModel(content))).toBeUndefined();
  expect(JSON.stringify(content)).toBe(before);
});

it.each([0, 1, 2, 3])('finds a different weight %i', (place) => {
  const [own = []] = head.model.classifiers[1]?.weights ?? [];
  const other = headOf([1, -2, 0.5, 0.25], own.with(place, (own[place] ?? 0) + 1e-6));
  expect(findModelProblem(head, new HeadModel(other))).toMatch(
    /^ml-logistic-regression gives the label "Down" the score 0\.\d+, this program gives it 0\.\d+$/,
  );
});

it('finds the difference even if a label is almost certain', () => {
  const [certain, other] = [-20, -20 - 1e-4].map((constant) => headOf([1, -2, 0.5, constant], [0, 0, 0, 0]));
  if (!certain || !other) throw new Error('There are two heads.');
  expect(findModelProblem(certain, new HeadModel(certain))).toBeUndefined();
  expect(findModelProblem(certain, new HeadModel(other))).toMatch(
    /^ml-logistic-regression gives the label "Up"/,
  );
});

it('refuses a head for which the library computes other scores', () => {
  const load = LogisticRegression.load.bind(LogisticRegression);
  // A library whose classifier of a label scores the label itself.
  const spy = vi.spyOn(LogisticRegression, 'load').mockImplementation((model) => {
    const library = load(model);
    const classifiers = library.classifiers.map((classifier) => ({
      testScores: (features: Matrix) => classifier.testScores(features).map((score) => 1 - score),
    }));
    return Object.assign(library, { classifiers });
  });
  onTestFinished(() => spy.mockRestore());
  expect(() => parseHead(JSON.stringify(head), 'head.json')).toThrow(HeadFileError);
  expect(() => parseHead(JSON.stringify(head), 'head.json')).toThrow(
    /^head\.json: ml-logistic-regression gives the label "Up" .* Train the head again with `npm run train`\.$/,
  );
});

it('compares the scores of three vectors of the lengths that real ones have, with numbers of both signs', () => {
  const asked: number[][] = [];
  const model = new HeadModel(head);
  const problem = findModelProblem(head, {
    logitsOf: (embedding, terms) => {
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 6);
      expect(Math.hypot(...Array.from(terms.values))).toBeCloseTo(3, 12);
      expect(terms.indexes).toEqual([0]);
      asked.push([...embedding, ...Array.from(terms.values)]);
      return model.logitsOf(embedding, terms);
    },
  });
  expect(problem).toBeUndefined();
  expect(new Set(asked.map(String)).size).toBe(3);
  expect(asked.flat().every((number) => number !== 0)).toBe(true);
  expect(new Set(asked.flat().map(Math.sign)).size).toBe(2);
});
