import { z } from 'zod';
import { firstRepeated } from '../first-repeated.js';
import { atThreshold, count, figures, fraction, unfamiliar } from './measurement.js';
import { countTemplates } from './template-set.js';

/** The JSON format of ml-logistic-regression. Predicting does not use `numSteps` and `learningRate`. */
const model = z.strictObject({
  name: z.literal('LogisticRegression'),
  numSteps: count,
  learningRate: z.number(),
  numberClasses: z.int().min(2),
  classifiers: z.array(
    z.strictObject({
      numSteps: count,
      learningRate: z.number(),
      /** `[1 × (dimension + terms + 1)]`: weights of the embedding, of the terms and of the constant 1. */
      weights: z.array(z.array(z.number())).length(1),
    }),
  ),
});

/** Raise this when heads in the previous format can no longer be read, or would be read wrongly. */
export const FORMAT_VERSION = 4;

const headFile = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  labels: z.array(z.string().min(1)).min(2),
  encoder: z.strictObject({ id: z.string().min(1), dimension: z.int().positive() }),
  templateVersion: z.int(),
  vocabulary: z.strictObject({
    terms: z.array(z.string().min(1)),
    weights: z.array(z.number().positive()),
    scale: z.number().positive(),
  }),
  threshold: fraction,
  unfamiliar,
  calibration: z.strictObject({ method: z.literal('temperature'), temperature: z.number().positive() }),
  metrics: z.strictObject({
    /** With complete groups held out. Null if too few groups exist, or too few labels in several groups. */
    leaveGroupsOut: figures.nullable(),
    /** With random examples held out. Too optimistic: similar lines are on both sides of the split. */
    randomSplit: figures,
    atThreshold,
  }),
  trainedOn: z.strictObject({
    /** The SHA-256 of each file of training data. */
    files: z.array(z.string().regex(/^[0-9a-f]{64}$/)).min(1),
    rows: count,
    templates: count,
    /** The hashes of the templates, as encoded by template-set.ts. */
    templateHashes: z.base64(),
    /** The column that defines groups: `family` if the data has it, otherwise `source`. */
    groupedBy: z.enum(['family', 'source']),
    seed: z.int(),
    /** The inverse strength of the penalty on large weights, chosen in training. */
    c: z.number().positive(),
  }),
  model,
});

/** The content of a head's file, for example models/classifier.json. */
export type HeadFile = z.infer<typeof headFile>;

/** Thrown when the head cannot be used. The message names the file, the reason and a remedy. */
export class HeadFileError extends Error {
  override name = 'HeadFileError';
}

const ADVICE = 'Train the head again with `npm run train`.';

/**
 * Parses and checks the text of a head's file.
 * @param file named in errors
 * @throws HeadFileError when the text is not JSON, does not match the schema or contradicts itself
 */
export function parseHeadFile(text: string, file: string): HeadFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HeadFileError(`${file}: is not JSON (${String(error)}). ${ADVICE}`, { cause: error });
  }
  const version = z.object({ formatVersion: z.unknown() }).safeParse(json).data?.formatVersion;
  if (version !== FORMAT_VERSION) {
    throw new HeadFileError(
      `${file}: its formatVersion is ${JSON.stringify(version)}, but this program reads ${FORMAT_VERSION}. ${ADVICE}`,
    );
  }
  const parsed = headFile.safeParse(json);
  if (!parsed.success) throw new HeadFileError(`${file}: ${z.prettifyError(parsed.error)}\n${ADVICE}`);
  const problem = findContradiction(parsed.data);
  if (problem !== undefined) throw new HeadFileError(`${file}: ${problem}. ${ADVICE}`);
  return parsed.data;
}

/** Checks that the fields agree, which the schema cannot check. Returns the first problem, or undefined. */
function findContradiction({
  labels,
  encoder,
  vocabulary: { terms, weights: termWeights },
  trainedOn: { templates, templateHashes },
  model: { numberClasses, classifiers },
}: HeadFile): string | undefined {
  const label = firstRepeated(labels);
  if (label !== undefined) return `it has the label ${JSON.stringify(label)} twice`;
  if (numberClasses !== labels.length || classifiers.length !== labels.length) {
    return `it has ${labels.length} labels, but numberClasses is ${numberClasses} and it has ${classifiers.length} classifiers`;
  }
  const term = firstRepeated(terms);
  if (term !== undefined) return `it has the term ${JSON.stringify(term)} twice`;
  if (termWeights.length !== terms.length) {
    return `the vocabulary has ${terms.length} terms, but ${termWeights.length} weights`;
  }
  const hashes = countTemplates(templateHashes);
  if (hashes !== templates)
    return `it was trained on ${templates} templates, but templateHashes has ${hashes} hashes`;
  const width = encoder.dimension + terms.length + 1;
  const misfit = classifiers.findIndex(({ weights }) => weights[0]?.length !== width);
  if (misfit < 0) return undefined;
  return `classifier ${misfit} has ${String(classifiers[misfit]?.weights[0]?.length)} weights, expected ${width} (the encoder's dimension, the terms and a constant)`;
}
