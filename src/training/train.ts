import type { Encoder } from '../classifier/embedding/encoder.js';
import type { HeadFile } from '../classifier/embedding/head-file.js';
import { TEMPLATE_VERSION } from '../classifier/template.js';
import {
  C_CANDIDATES,
  chooseC,
  crossValidate,
  heldOutFigures,
  outcomesOf,
  rounded,
} from './cross-validation.js';
import type { Dataset } from './dataset.js';
import { embed } from './embed.js';
import { fit, toFeatures, type Sample } from './fit.js';
import { FOLD_COUNT, sourceFolds, stratifiedFolds } from './folds.js';
import { createHeadFile } from './head-writer.js';
import { seededRandom } from './random.js';
import { chooseThreshold } from './threshold.js';

/** How far a long step is. */
export interface Progress {
  readonly step: 'embedding' | 'fitting';
  readonly done: number;
  readonly total: number;
}

export interface TrainOptions {
  /** Decides which examples are held out together; the same data, embeddings and seed give the same head. */
  seed: number;
  /** Of the bytes that the dataset was read from. */
  sha256: string;
  onProgress?: (progress: Progress) => void;
}

/** Fits in all: each candidate and the random split on every fold, and the head itself. */
const FITS = (C_CANDIDATES.length + 1) * FOLD_COUNT + 1;

/**
 * Trains a head on a dataset. What it says of itself (C, temperature, threshold, figures) comes from cross-
 * validation over whole sources: so it tells how lines of *other* systems will fare. Where the data does not
 * allow that (few sources, or a label that occurs in one source only) random folds stand in.
 *
 * Embedding leaves the thread free; fitting holds it for seconds.
 */
export async function trainHead(
  dataset: Dataset,
  encoder: Encoder,
  { seed, sha256, onProgress = () => undefined }: TrainOptions,
): Promise<HeadFile> {
  const { examples, labels } = dataset;
  const embeddings = await embed(
    examples.map(({ template }) => template),
    encoder,
    (done) => onProgress({ step: 'embedding', done, total: examples.length }),
  );
  const samples = examples.map(({ label }, index): Sample => {
    return { features: toFeatures(embeddings[index] ?? new Float32Array()), label };
  });
  let fits = 0;
  const onFit = (): void => onProgress({ step: 'fitting', done: (fits += 1), total: FITS });

  const labelOf = examples.map(({ label }) => label);
  const random = stratifiedFolds(labelOf, seededRandom(seed));
  const bySource = sourceFolds(
    examples.map(({ source }) => source),
    labelOf,
    seededRandom(seed),
  );
  const { c, temperature, judged } = chooseC(samples, bySource ?? random, labels.length, onFit);
  const judgedAtRandom = crossValidate(samples, random, { labelCount: labels.length, c }, onFit);
  const { threshold, coverage, accuracy } = chooseThreshold(outcomesOf(judged, temperature));
  const weights = fit(samples, { labelCount: labels.length, c });
  onFit();

  return createHeadFile({
    labels: [...labels],
    encoder: { id: encoder.id, dimension: encoder.dimension },
    templateVersion: TEMPLATE_VERSION,
    threshold,
    temperature,
    metrics: {
      leaveSourcesOut: bySource ? heldOutFigures(judged, temperature, labels) : null,
      randomSplit: heldOutFigures(judgedAtRandom, temperature, labels),
      atThreshold: { coverage: rounded(coverage), accuracy: rounded(accuracy) },
    },
    trainedOn: { sha256, rows: dataset.rows, templates: examples.length, seed, c },
    weights,
  });
}
