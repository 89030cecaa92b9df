import { FORMAT_VERSION, type HeadFile } from '../classifier/embedding/head-file.js';
import { parseHead } from '../classifier/embedding/head.js';
import { writeFileAtomically } from '../files/write-file-atomically.js';

/** Significant digits of a stored weight. More digits change no label and make the file larger. */
const WEIGHT_DIGITS = 5;

/** The content of a head, with its weights as `toPlainWeights` returns them. */
export type HeadParts = Omit<HeadFile, 'formatVersion' | 'calibration' | 'model'> & {
  temperature: number;
  /** `[labels × (dimension + terms + 1)]`, row-major. */
  weights: Float64Array;
};

/**
 * Converts a head into the form of its file. The weights are negated, because a classifier of ml-logistic-regression
 * scores that a sample does *not* have its label.
 */
export function createHeadFile({ temperature, weights, trainedOn, metrics, ...rest }: HeadParts): HeadFile {
  // Required by the library; only its own training uses them.
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

/** Returns the text of a head's file, one line for each field. It has no date: equal training writes equal bytes. */
export function serialiseHead(head: HeadFile): string {
  const parts = Object.entries(head).map(
    ([name, part]) => `  ${JSON.stringify(name)}: ${JSON.stringify(part)}`,
  );
  return `{\n${parts.join(',\n')}\n}\n`;
}

/**
 * Writes a head's file atomically. Checks first that the head can be loaded again.
 * @returns the head's version
 * @throws HeadFileError when the head cannot be loaded; the old file is unchanged
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
