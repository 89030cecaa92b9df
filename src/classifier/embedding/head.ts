import { readRegularText } from '../../files/regular-file.js';
import { versionOf } from '../version-of.js';
import { HeadFileError, parseHeadFile, type HeadFile } from './head-file.js';
import { modelProblem } from './head-check.js';
import { HeadModel } from './head-model.js';
import { decodeTemplates } from './template-set.js';
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
 * @throws HeadFileError when the text is not JSON, does not fit, its parts do not fit each other, or
 *   ml-logistic-regression reads its weights otherwise than this program.
 */
export function parseHead(text: string, file: string): Head {
  const content = parseHeadFile(text, file);
  const model = new HeadModel(content);
  const problem = modelProblem(content, model);
  if (problem !== undefined) {
    throw new HeadFileError(`${file}: ${problem}. Train the head again with \`npm run train\`.`);
  }
  return new LinearHead(versionOf(text), content, model);
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
    this.#temperature = content.calibration.temperature;
    this.#vocabulary = new Vocabulary(content.vocabulary);
    this.#model = model;
  }

  predict(embedding: Float32Array, template: string): Prediction {
    const logits = this.#model.logitsOf(embedding, this.#vocabulary.vectorOf(template));
    const winner = largest(logits);
    const top = logits[winner] ?? 0;
    let total = 0;
    for (const logit of logits) total += Math.exp((logit - top) / this.#temperature);
    return { label: this.labels[winner] ?? '', confidence: 1 / total };
  }
}

/** The index of the largest number, the first of equals. */
function largest(numbers: Float64Array): number {
  let winner = 0;
  for (let i = 1; i < numbers.length; i += 1) if ((numbers[i] ?? 0) > (numbers[winner] ?? 0)) winner = i;
  return winner;
}
