import { readRegularText } from '../../files/regular-file.js';
import { versionOf } from '../version-of.js';
import { HeadFileError, parseHeadFile, type HeadFile } from './head-file.js';
import { findModelProblem } from './head-check.js';
import type { HeadExplanation, LabelExplanation } from './head-explanation.js';
import { HeadModel } from './head-model.js';
import { decodeTemplates } from './template-set.js';
import { Vocabulary } from './vocabulary.js';

export { HeadFileError } from './head-file.js';

/** The head's most likely label for a template, with its calibrated probability (0 to 1). */
export interface Prediction {
  readonly label: string;
  readonly confidence: number;
}

/**
 * Why a label is withheld. `low-confidence`: the confidence is below the threshold. `unfamiliar`: most words of the
 * template do not occur in the training lines, and the confidence is too low for such a template.
 */
export type WithheldReason = 'low-confidence' | 'unfamiliar';

/** Predicts a label from a template and its embedding. */
export interface Head {
  /** The first 16 hex digits of the SHA-256 of the head's file. */
  readonly version: string;
  readonly labels: readonly string[];
  /** The encoder whose embeddings it was trained on. */
  readonly encoder: { readonly id: string; readonly dimension: number };
  readonly templateVersion: number;
  /** Returns true if the template was in the training data: its prediction then says nothing about quality. */
  readonly hasLearnt: (template: string) => boolean;
  /** Below this confidence the embedding tier labels a line `Unclassified`. */
  readonly threshold: number;
  /** Returns why a label of this confidence is withheld from the template; undefined if it is not. */
  reasonToWithhold(template: string, confidence: number): WithheldReason | undefined;
  /**
   * Returns the most likely label, also below the threshold.
   * @throws RangeError when the length of the embedding is not the encoder's dimension
   */
  predict(embedding: Float32Array, template: string): Prediction;
  /** Returns the likeliest labels, at most `count`, the likeliest first. The first is what `predict` returns. */
  rank(embedding: Float32Array, template: string, count: number): Prediction[];
  /** Returns how the `count` likeliest labels came about. They are those of `rank`. */
  explain(embedding: Float32Array, template: string, count: number): HeadExplanation;
}

/**
 * Reads a head's file.
 * @throws HeadFileError when the file cannot be read or used
 */
export async function loadHead(file: string): Promise<Head> {
  return parseHead(await readHeadText(file), file);
}

/**
 * Returns the text of a head's file. `versionOf` the text is the head's version, so a caller can skip parsing a known head.
 * @throws HeadFileError when the file cannot be read
 */
export async function readHeadText(file: string): Promise<string> {
  try {
    return await readRegularText(file);
  } catch (error) {
    throw new HeadFileError(
      `${file}: cannot be read (${String(error)}). Set HEAD_FILE to a head, or make one with \`npm run train\`.`,
      { cause: error },
    );
  }
}

/**
 * Creates a head from the text of its file.
 * @param file named in errors
 * @throws HeadFileError when the text is not JSON, does not match the schema or contradicts itself, or when
 *   ml-logistic-regression computes other scores from the weights than this program
 */
export function parseHead(text: string, file: string): Head {
  const content = parseHeadFile(text, file);
  const model = new HeadModel(content);
  const problem = findModelProblem(content, model);
  if (problem !== undefined) {
    throw new HeadFileError(`${file}: ${problem}. Train the head again with \`npm run train\`.`);
  }
  return new LinearHead(versionOf(text), content, model);
}

/**
 * Checks that the head was trained with this encoder and template version.
 * @throws HeadFileError when it was not
 */
export function assertHeadFits(
  head: Pick<Head, 'encoder' | 'templateVersion'>,
  encoder: { readonly id: string; readonly dimension: number },
  templateVersion: number,
): void {
  const { id, dimension } = head.encoder;
  if (id === encoder.id && dimension === encoder.dimension && head.templateVersion === templateVersion)
    return;
  const trainedFor = `encoder ${id} (${dimension} dimensions, template version ${head.templateVersion})`;
  const runs = `${encoder.id} (${encoder.dimension} dimensions, template version ${templateVersion})`;
  throw new HeadFileError(
    `The head was trained for ${trainedFor}, but this program uses ${runs}. ` +
      'Train it again with `npm run train -- --data <labelled.csv> --out <head.json>` and set HEAD_FILE to the result, ' +
      'or set ENCODER_DIR to the encoder that it was trained for.',
  );
}

/** Returns a function that calls `make` on its first call. A server never calls `hasLearnt`. */
function lazily<T, R>(make: () => (argument: T) => R): (argument: T) => R {
  let made: ((argument: T) => R) | undefined;
  return (argument) => (made ??= make())(argument);
}

class LinearHead implements Head {
  readonly labels: readonly string[];
  readonly encoder: Head['encoder'];
  readonly templateVersion: number;
  readonly hasLearnt: Head['hasLearnt'];
  readonly threshold: number;
  readonly #unfamiliar: HeadFile['unfamiliar'];
  readonly #temperature: number;
  readonly #vocabulary: Vocabulary;
  readonly #model: HeadModel;

  constructor(
    readonly version: string,
    content: HeadFile,
    model: HeadModel,
  ) {
    this.labels = content.labels;
    this.encoder = content.encoder;
    this.templateVersion = content.templateVersion;
    this.hasLearnt = lazily(() => decodeTemplates(content.trainedOn.templateHashes));
    this.threshold = content.threshold;
    this.#unfamiliar = content.unfamiliar;
    this.#temperature = content.calibration.temperature;
    this.#vocabulary = new Vocabulary(content.vocabulary);
    this.#model = model;
  }

  reasonToWithhold(template: string, confidence: number): WithheldReason | undefined {
    if (confidence < this.threshold) return 'low-confidence';
    const { knownShare, confidence: least } = this.#unfamiliar;
    const isUnfamiliar = confidence < least && this.#vocabulary.knownShareOf(template) < knownShare;
    return isUnfamiliar ? 'unfamiliar' : undefined;
  }

  predict(embedding: Float32Array, template: string): Prediction {
    const logits = this.#model.logitsOf(embedding, this.#vocabulary.vectorOf(template));
    const winner = indexOfLargest(logits);
    return { label: this.labels[winner] ?? '', confidence: 1 / this.#totalBeside(logits, winner) };
  }

  rank(embedding: Float32Array, template: string, count: number): Prediction[] {
    const logits = this.#model.logitsOf(embedding, this.#vocabulary.vectorOf(template));
    return this.#ranked(logits, count).map(({ label, confidence }) => ({ label, confidence }));
  }

  explain(embedding: Float32Array, template: string, count: number): HeadExplanation {
    const terms = this.#vocabulary.vectorOf(template);
    const logits = this.#model.logitsOf(embedding, terms);
    const labels = this.#ranked(logits, count).map(({ index, ...ranked }): LabelExplanation => {
      const parts = this.#model.partsOf(index, embedding, terms);
      const contributions = parts.terms.map((contribution, i) => ({
        term: this.#vocabulary.termAt(terms.indexes[i] ?? -1),
        contribution,
      }));
      contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
      return { ...ranked, constant: parts.constant, embedding: parts.embedding, terms: contributions };
    });
    return {
      labels,
      temperature: this.#temperature,
      threshold: this.threshold,
      knownShare: this.#vocabulary.knownShareOf(template),
      unfamiliar: this.#unfamiliar,
    };
  }

  /** Returns the labels with the largest logits. The sort is stable, so of equal logits the first wins, as in `predict`. */
  #ranked(logits: Float64Array, count: number): (Ranked & { index: number })[] {
    const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
    const winner = order[0] ?? 0;
    const total = this.#totalBeside(logits, winner);
    const top = logits[winner] ?? 0;
    return order.slice(0, count).map((index) => {
      const score = logits[index] ?? 0;
      const confidence = Math.exp((score - top) / this.#temperature) / total;
      return { index, label: this.labels[index] ?? '', confidence, score };
    });
  }

  /** The confidences are the softmax of the logits divided by the temperature. Returns its sum, where `winner` counts 1. */
  #totalBeside(logits: Float64Array, winner: number): number {
    const top = logits[winner] ?? 0;
    let total = 0;
    for (const logit of logits) total += Math.exp((logit - top) / this.#temperature);
    return total;
  }
}

/** A prediction with its logit. */
type Ranked = Prediction & { readonly score: number };

/** Returns the index of the largest number. Of equal numbers, the first wins. */
function indexOfLargest(numbers: Float64Array): number {
  let winner = 0;
  for (let i = 1; i < numbers.length; i += 1) if ((numbers[i] ?? 0) > (numbers[winner] ?? 0)) winner = i;
  return winner;
}
