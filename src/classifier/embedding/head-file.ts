import { z } from 'zod';
import { countTemplates } from './template-set.js';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** What was measured on examples that were not learnt from. */
const figures = z.strictObject({
  accuracy: share,
  macroF1: share,
  /** Expected calibration error. */
  ece: share,
  n: count,
  /** The share of each label's examples that was given it; null for a label that could not be judged. */
  recall: z.record(z.string(), share.nullable()),
});

/** ml-logistic-regression's own JSON; numSteps and learningRate are its training's and have no part in predicting. */
const model = z.strictObject({
  name: z.literal('LogisticRegression'),
  numSteps: count,
  learningRate: z.number(),
  numberClasses: z.int().min(2),
  classifiers: z.array(
    z.strictObject({
      numSteps: count,
      learningRate: z.number(),
      /** One row: a weight for each number of the embedding, each term, and the constant 1 behind them. */
      weights: z.array(z.array(z.number())).length(1),
    }),
  ),
});

/** Raised whenever a head of before could not be read any more, or would be read wrongly. */
export const FORMAT_VERSION = 3;

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
  threshold: share,
  calibration: z.strictObject({ method: z.literal('temperature'), temperature: z.number().positive() }),
  metrics: z.strictObject({
    /** Whole groups of systems held out; null where the data has too few of them, or of labels in several. */
    leaveGroupsOut: figures.nullable(),
    /** Examples held out at random: the flattering figure. */
    randomSplit: figures,
    /** What the threshold does to the held-out examples: the share it lets pass, and how much of that is right. */
    atThreshold: z.strictObject({ coverage: share, accuracy: share }),
  }),
  trainedOn: z.strictObject({
    /** The SHA-256 of each file of training data. */
    files: z.array(z.string().regex(/^[0-9a-f]{64}$/)).min(1),
    rows: count,
    templates: count,
    /** Which they were, see template-set.ts. */
    templateHashes: z.base64(),
    /** What a group of systems is in the data: its column `family` or, without one, `source`. */
    groupedBy: z.enum(['family', 'source']),
    seed: z.int(),
    /** The weight of the data against the penalty on large weights, chosen in training. */
    c: z.number().positive(),
  }),
  model,
});

/** The content of a head's file, such as models/classifier.json. */
export type HeadFile = z.infer<typeof headFile>;

/** The head cannot be used; the message names the file, the reason and what to do. */
export class HeadFileError extends Error {
  override name = 'HeadFileError';
}

/**
 * Reads the text of a head's file.
 * @param file named in errors
 * @throws HeadFileError when the text is not JSON, does not fit, or its parts do not fit each other.
 */
export function parseHeadFile(text: string, file: string): HeadFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HeadFileError(`${file}: is not JSON (${String(error)})`, { cause: error });
  }
  const version = z.object({ formatVersion: z.unknown() }).safeParse(json).data?.formatVersion;
  if (version !== FORMAT_VERSION) {
    throw new HeadFileError(
      `${file}: its formatVersion is ${JSON.stringify(version)}, this program reads ${FORMAT_VERSION}. ` +
        'Train the head again with `npm run train`.',
    );
  }
  const parsed = headFile.safeParse(json);
  if (!parsed.success) throw new HeadFileError(`${file}: ${z.prettifyError(parsed.error)}`);
  const problem = contradiction(parsed.data);
  if (problem !== undefined) throw new HeadFileError(`${file}: ${problem}`);
  return parsed.data;
}

/** What no schema of a single field can see. */
function contradiction({
  labels,
  encoder,
  vocabulary: { terms, weights: termWeights },
  trainedOn: { templates, templateHashes },
  model: { numberClasses, classifiers },
}: HeadFile): string | undefined {
  if (new Set(labels).size < labels.length) return 'a label is there twice';
  if (numberClasses !== labels.length || classifiers.length !== labels.length) {
    return `there are ${labels.length} labels, but numberClasses is ${numberClasses} with ${classifiers.length} classifiers`;
  }
  if (new Set(terms).size < terms.length) return 'a term is there twice';
  if (termWeights.length !== terms.length) {
    return `the vocabulary has ${terms.length} terms, but ${termWeights.length} weights`;
  }
  const hashes = countTemplates(templateHashes);
  if (hashes !== templates)
    return `it was trained on ${templates} templates, but has the hashes of ${hashes}`;
  const width = encoder.dimension + terms.length + 1;
  const misfit = classifiers.findIndex(({ weights }) => weights[0]?.length !== width);
  if (misfit < 0) return undefined;
  return `classifier ${misfit} has ${String(classifiers[misfit]?.weights[0]?.length)} weights, expected ${width} (the encoder's dimension, the terms and a constant)`;
}
