import { readRegularText } from '../regular-file.js';
import { versionOf } from '../version-of.js';
import { HeadFileError, parseHeadFile, type HeadFile } from './head-file.js';
import { decodeTemplates } from './template-set.js';
import { dot, dotSparse } from '../vector.js';
import { Vocabulary } from './vocabulary.js';

export { HeadFileError } from './head-file.js';

/** What a head says of a template: the likeliest label, with its calibrated probability (0..1). */
export interface Prediction {
  readonly label: string;
  readonly confidence: number;
}

/** What turns a template and its embedding into a label. */
export interface Head {
  /** Changes with the file's content: 16 hex digits of its sha256. */
  readonly version: string;
  readonly labels: readonly string[];
  /** The encoder whose embeddings it was trained on. */
  readonly encoder: { readonly id: string; readonly dimension: number };
  readonly templateVersion: number;
  /** Whether it was trained on the template, so that its answer for it proves nothing. */
  readonly hasLearnt: (template: string) => boolean;
  /** A confidence under this is too low to claim the label. */
  readonly threshold: number;
  /**
   * The prediction, whatever the threshold.
   * @throws RangeError for an embedding of another length than the encoder's dimension
   */
  predict(embedding: Float32Array, template: string): Prediction;
}

/**
 * Reads a head's file.
 * @throws HeadFileError when it cannot be read or used.
 */
export async function loadHead(file: string): Promise<Head> {
  return parseHead(await readHeadText(file), file);
}

/**
 * The text of a head's file; its version is the head's, which spares parsing a megabyte that is known.
 * @throws HeadFileError when it cannot be read.
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
 * Makes the head that the text of a head's file describes.
 * @param file named in errors
 * @throws HeadFileError when the text is not JSON, does not fit, or its parts do not fit each other.
 */
export function parseHead(text: string, file: string): Head {
  const content = parseHeadFile(text, file);
  return new LinearHead(versionOf(text), content);
}

/**
 * @param encoder the one that will feed the head
 * @param templateVersion of the templates that the encoder will be given
 * @throws HeadFileError when the head was trained for other embeddings than it would get.
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
    `The head was trained for ${trainedFor}, but this server runs ${runs}. ` +
      'Train it again with `npm run train -- --data <labelled.csv> --out <head.json>` and set HEAD_FILE to the result, ' +
      'or set ENCODER_DIR to the encoder that it was trained for.',
  );
}

/** A function made when it is first called: a server never asks what its head has learnt. */
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
  readonly #temperature: number;
  readonly #vocabulary: Vocabulary;
  /** All labels' weights on end: in each the embedding's, the terms', the constant's. */
  readonly #weights: Float64Array;
  /** Reused by every prediction, which runs to its end in one go. */
  readonly #logits: Float64Array;

  constructor(
    readonly version: string,
    content: HeadFile,
  ) {
    this.labels = content.labels;
    this.encoder = content.encoder;
    this.templateVersion = content.templateVersion;
    this.hasLearnt = lazily(() => decodeTemplates(content.trainedOn.templateHashes));
    this.threshold = content.threshold;
    this.#temperature = content.calibration.temperature;
    this.#vocabulary = new Vocabulary(content.vocabulary);
    // The library's classifier of a label gives the chance of *not* that label: its weights are ours negated.
    const weights = content.model.classifiers.flatMap((classifier) => classifier.weights.flat());
    this.#weights = Float64Array.from(weights, (weight) => -weight);
    this.#logits = new Float64Array(content.labels.length);
  }

  predict(embedding: Float32Array, template: string): Prediction {
    const winner = this.#score(embedding, template);
    const logits = this.#logits;
    const top = logits[winner] ?? 0;
    let total = 0;
    for (const logit of logits) total += Math.exp((logit - top) / this.#temperature);
    return { label: this.labels[winner] ?? '', confidence: 1 / total };
  }

  /** Writes the logits; gives the index of the largest, the first of equals. */
  #score(embedding: Float32Array, template: string): number {
    const { dimension } = this.encoder;
    if (embedding.length !== dimension) {
      throw new RangeError(`Expected an embedding of ${dimension} numbers, got ${embedding.length}.`);
    }
    const terms = this.#vocabulary.vectorOf(template);
    const weights = this.#weights;
    const logits = this.#logits;
    const width = dimension + this.#vocabulary.size + 1;
    let winner = 0;
    for (let label = 0; label < logits.length; label += 1) {
      const start = label * width;
      const constant = weights[start + width - 1] ?? 0;
      const sum = constant + dot(weights, embedding, start) + dotSparse(weights, terms, start + dimension);
      logits[label] = sum;
      if (sum > (logits[winner] ?? 0)) winner = label;
    }
    return winner;
  }
}
