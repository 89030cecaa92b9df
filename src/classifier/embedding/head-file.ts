import { z } from 'zod';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** What was measured on examples that were not learnt from. */
const figures = z.strictObject({ accuracy: share, macroF1: share, ece: share, n: count });

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
      /** One row: a weight for each number of the embedding, and one for the constant 1 behind it. */
      weights: z.array(z.array(z.number())).length(1),
    }),
  ),
});

const headFile = z.strictObject({
  formatVersion: z.literal(1),
  labels: z.array(z.string().min(1)).min(2),
  encoder: z.strictObject({ id: z.string().min(1), dimension: z.int().positive() }),
  templateVersion: z.int(),
  threshold: share,
  calibration: z.strictObject({ method: z.literal('temperature'), temperature: z.number().positive() }),
  metrics: z.strictObject({
    /** Whole sources held out; null where the data has too few sources for that. */
    leaveSourcesOut: figures.nullable(),
    /** Examples held out at random: the flattering figure. */
    randomSplit: figures,
    /** What the threshold does to the held-out examples: the share it lets pass, and how much of that is right. */
    atThreshold: z.strictObject({ coverage: share, accuracy: share }),
  }),
  trainedOn: z.strictObject({
    /** Of the bytes of the training data. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    rows: count,
    templates: count,
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
  model: { numberClasses, classifiers },
}: HeadFile): string | undefined {
  if (new Set(labels).size < labels.length) return 'a label is there twice';
  if (numberClasses !== labels.length || classifiers.length !== labels.length) {
    return `there are ${labels.length} labels, but numberClasses is ${numberClasses} with ${classifiers.length} classifiers`;
  }
  const width = encoder.dimension + 1;
  const misfit = classifiers.findIndex(({ weights }) => weights[0]?.length !== width);
  if (misfit < 0) return undefined;
  return `classifier ${misfit} has ${String(classifiers[misfit]?.weights[0]?.length)} weights, expected ${width} (the encoder's dimension and a constant)`;
}
