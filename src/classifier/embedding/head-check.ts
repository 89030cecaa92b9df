import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import type { HeadFile } from './head-file.js';
import type { HeadModel } from './head-model.js';
import type { TermVector } from './vocabulary.js';

/** The number of synthetic feature vectors to compare scores for. */
const PROBES = 3;

/** Relative. Larger than the rounding difference from adding the same products in another order. */
const TOLERANCE = 1e-9;

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

interface Probe {
  readonly embedding: Float32Array;
  readonly terms: TermVector;
}

/**
 * Compares the scores of this program with those of ml-logistic-regression, which defines the model's file format.
 * @returns a description of the first difference, or undefined if all scores agree
 */
export function findModelProblem(
  { labels, encoder, vocabulary, model }: HeadFile,
  ours: Pick<HeadModel, 'logitsOf'>,
): string | undefined {
  const probes = Array.from({ length: PROBES }, (_, probe) => probeOf(probe, { encoder, vocabulary }));
  const theirs = libraryScores(model, probes);
  for (const [probe, { embedding, terms }] of probes.entries()) {
    const logits = ours.logitsOf(embedding, terms);
    for (const [index, label] of labels.entries()) {
      const logit = logits[index] ?? NaN;
      const score = theirs[index]?.[probe] ?? NaN;
      if (!Number.isFinite(logit) || Number.isNaN(score)) {
        return `the weights of the label ${JSON.stringify(label)} are too large: its score overflows`;
      }
      if (!isClose(score, probabilityOfOthers(logit))) {
        return (
          `ml-logistic-regression gives the label ${JSON.stringify(label)} the score ${score}, this program ` +
          `gives it ${probabilityOfOthers(logit)}`
        );
      }
    }
  }
  return undefined;
}

/** Returns the library's scores, `[labels × probes]`. */
function libraryScores(model: HeadFile['model'], probes: readonly Probe[]): number[][] {
  // `load` replaces the elements of the array that it gets, so pass a copy.
  const library = LogisticRegression.load({ ...model, classifiers: [...model.classifiers] });
  const features = new Matrix(probes.map(({ embedding, terms }) => [...embedding, ...terms.values, 1]));
  return library.classifiers.map((classifier) => classifier.testScores(features));
}

/** Returns a feature vector without zeros. Embedding and terms have the norms of real ones. */
function probeOf(probe: number, { encoder, vocabulary }: Pick<HeadFile, 'encoder' | 'vocabulary'>): Probe {
  const { dimension } = encoder;
  const { terms, scale } = vocabulary;
  const first = 1 + probe * (dimension + terms.length);
  return {
    embedding: Float32Array.from(spread(first, dimension, 1)),
    terms: { indexes: [...terms.keys()], values: spread(first + dimension, terms.length, scale) },
  };
}

/** Returns `count` deterministic numbers, positive and negative, with the Euclidean norm `norm`. */
function spread(first: number, count: number, norm: number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => (((first + i) * GOLDEN_RATIO) % 1) - 0.5);
  const factor = norm / Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  return numbers.map((number) => number * factor);
}

/** Returns the library's score of a label: the probability of all other labels together. */
function probabilityOfOthers(logit: number): number {
  return 1 / (1 + Math.exp(logit));
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(a, b);
}
