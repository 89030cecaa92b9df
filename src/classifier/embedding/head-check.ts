import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import type { HeadFile } from './head-file.js';
import type { HeadModel } from './head-model.js';
import type { TermVector } from './vocabulary.js';

/** How many made-up feature vectors the scores are compared for. */
const PROBES = 3;

/** Sums of the same products in another order differ by less, relative to the score. */
const TOLERANCE = 1e-9;

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

interface Probe {
  readonly embedding: Float32Array;
  readonly terms: TermVector;
}

/**
 * Opens a head's model with ml-logistic-regression, in whose form it is stored, and compares its scores with ours.
 * @returns what is wrong with the model; undefined if both agree
 */
export function modelProblem(
  { labels, encoder, vocabulary, model }: HeadFile,
  ours: Pick<HeadModel, 'logitsOf'>,
): string | undefined {
  const probes = Array.from({ length: PROBES }, (_, probe) => probeOf(probe, { encoder, vocabulary }));
  const theirs = libraryScores(model, probes);
  for (const [probe, { embedding, terms }] of probes.entries()) {
    const logits = ours.logitsOf(embedding, terms);
    for (const [place, label] of labels.entries()) {
      const logit = logits[place] ?? NaN;
      const score = theirs[place]?.[probe] ?? NaN;
      if (!Number.isFinite(logit) || Number.isNaN(score)) {
        return `the weights of the label ${JSON.stringify(label)} are too large to calculate with`;
      }
      if (!isClose(score, chanceOfNot(logit))) {
        return (
          `ml-logistic-regression gives the label ${JSON.stringify(label)} the score ${score} where this program ` +
          `gives ${chanceOfNot(logit)}`
        );
      }
    }
  }
  return undefined;
}

/** For each label, a score for each probe. */
function libraryScores(model: HeadFile['model'], probes: readonly Probe[]): number[][] {
  // The library puts its own classifiers into the list that it is given.
  const library = LogisticRegression.load({ ...model, classifiers: [...model.classifiers] });
  const features = new Matrix(probes.map(({ embedding, terms }) => [...embedding, ...terms.values, 1]));
  return library.classifiers.map((classifier) => classifier.testScores(features));
}

/** A vector in which every weight counts, with an embedding and terms of the lengths that real ones have. */
function probeOf(probe: number, { encoder, vocabulary }: Pick<HeadFile, 'encoder' | 'vocabulary'>): Probe {
  const { dimension } = encoder;
  const { terms, scale } = vocabulary;
  const first = 1 + probe * (dimension + terms.length);
  return {
    embedding: Float32Array.from(spread(first, dimension, 1)),
    terms: { places: [...terms.keys()], values: spread(first + dimension, terms.length, scale) },
  };
}

/** Numbers on both sides of 0, the same ones each time, as a vector of that length. */
function spread(first: number, count: number, length: number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => (((first + i) * GOLDEN_RATIO) % 1) - 0.5);
  const factor = length / Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  return numbers.map((number) => number * factor);
}

/** The library's score: the chance that it is another label. */
function chanceOfNot(logit: number): number {
  return 1 / (1 + Math.exp(logit));
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(a, b);
}
