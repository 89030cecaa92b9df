import { FORMAT_VERSION, type HeadFile } from '../classifier/embedding/head-file.js';
import { parseHead } from '../classifier/embedding/head.js';
import { writeFileAtomically } from '../files/write-file-atomically.js';

/** Significant digits of a stored weight: more would not change a label and double the file. */
const WEIGHT_DIGITS = 6;

/** A head's content, with plain weights (the larger the sum, the likelier the label) and temperature. */
export type HeadParts = Omit<HeadFile, 'formatVersion' | 'calibration' | 'model'> & {
  temperature: number;
  /** The labels' weight vectors on end. */
  weights: Float64Array;
};

/**
 * Puts a head's content into the order and form of its file. ml-logistic-regression's classifier of a label
 * gives the chance of *not* that label, so that the weights are stored negated.
 */
export function createHeadFile({ temperature, weights, trainedOn, metrics, ...rest }: HeadParts): HeadFile {
  // What the library's own training would have used; it has no part in predicting.
  const unused = { numSteps: 0, learningRate: 0 };
  const width = weights.length / rest.labels.length;
  return {
    formatVersion: FORMAT_VERSION,
    ...rest,
    calibration: { method: 'temperature', temperature },
    metrics,
    trainedOn,
    model: {
      name: 'LogisticRegression',
      ...unused,
      numberClasses: rest.labels.length,
      classifiers: rest.labels.map((_, label) => ({
        ...unused,
        weights: [Array.from(weights.subarray(label * width, (label + 1) * width), toStored)],
      })),
    },
  };
}

/** The text of a head's file: a line for each part, without a date, so that equal training gives equal bytes. */
export function serialiseHead(head: HeadFile): string {
  const parts = Object.entries(head).map(
    ([name, part]) => `  ${JSON.stringify(name)}: ${JSON.stringify(part)}`,
  );
  return `{\n${parts.join(',\n')}\n}\n`;
}

/**
 * Writes a head's file; a server that reads it meanwhile gets the old or the new one.
 * @returns the head's version
 * @throws HeadFileError, leaving the old file, if the head could not be loaded again
 */
export async function writeHead(file: string, head: HeadFile): Promise<string> {
  const text = serialiseHead(head);
  const { version } = parseHead(text, file);
  await writeFileAtomically(file, text);
  return version;
}

function toStored(weight: number): number {
  return -Number(weight.toPrecision(WEIGHT_DIGITS));
}
