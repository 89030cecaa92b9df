import type { Encoder } from '../classifier/embedding/encoder.js';
import type { HeadFile } from '../classifier/embedding/head-file.js';
import type { Head } from '../classifier/embedding/head.js';
import { encodeTemplates } from '../classifier/embedding/template-set.js';
import { Vocabulary } from '../classifier/embedding/vocabulary.js';
import { TEMPLATE_VERSION } from '../classifier/template/template.js';
import { seededRandom } from '../math/random.js';
import { buildVocabulary } from './build-vocabulary.js';
import {
  C_CANDIDATES,
  chooseC,
  crossValidate,
  heldOutFigures,
  measurablePredictions,
  rounded,
  toCalibrationPoints,
  toPredictions,
  type HeldOutFigures,
  type HeldOutPrediction,
} from './cross-validation.js';
import type { Dataset, Example } from './dataset.js';
import { embed } from './embed.js';
import type { EmbeddingStore } from './embedding-store.js';
import { meanOf, toFeatures, toPlainWeights, widthOf } from './features.js';
import { fit, type Sample } from './fit.js';
import { FOLD_COUNT, groupSplit, stratifiedSplit, type NoGroupSplit, type Split } from './folds.js';
import { createHeadFile } from './head-writer.js';
import { chooseThreshold } from './threshold.js';

/** The progress of a long step. */
export interface Progress {
  readonly step: 'embedding' | 'fitting';
  readonly done: number;
  readonly total: number;
}

/** Options of `trainHead`. */
export interface TrainOptions {
  /** Seed of the split into folds. The same data, embeddings and seed give the same head. */
  seed: number;
  /** The SHA-256 of each file that the dataset was read from. */
  files: string[];
  /** The head to compare the new one with. It must fit the encoder. */
  currentHead?: Head;
  /** Embeddings of earlier runs. */
  store?: EmbeddingStore;
  onProgress?: (progress: Progress) => void;
}

/** The result of `trainHead`. */
export interface Training {
  readonly head: HeadFile;
  /** Why groups could not be held out; undefined if they were. */
  readonly noGroupSplit: NoGroupSplit | undefined;
  /** The new head beside the current one, on the user's data. */
  readonly comparison: Comparison;
}

/** Figures of the new head and of the current one on the same examples: those of the data, without the base. */
export interface Comparison {
  /** The new head, with complete groups held out; undefined if no example can be measured that way. */
  readonly groupsHeldOut: HeldOutFigures | undefined;
  /** The new head, with random templates held out; undefined if no example can be measured that way. */
  readonly templatesHeldOut: HeldOutFigures | undefined;
  /** The current head; undefined if there is none. */
  readonly currentHead: HeldOutFigures | undefined;
  /** How many of the examples the current head was trained on. */
  readonly currentHeadLearnt: number;
}

/** The number of fits: every C on every fold, the random split if it is a second one, and the head itself. */
function fitCount(splits: 1 | 2): number {
  return (C_CANDIDATES.length + splits - 1) * FOLD_COUNT + 1;
}

/**
 * Trains a head on a dataset. C, temperature, threshold and figures come from cross-validation that holds out complete
 * groups, so they hold for systems that are not in the data. If the data does not allow this, random folds are used
 * instead. Labels that cannot be measured are described in folds.ts.
 *
 * Embedding does not block the event loop. Fitting blocks it for seconds.
 */
export async function trainHead(
  dataset: Dataset,
  encoder: Encoder,
  { seed, files, currentHead, store, onProgress = () => undefined }: TrainOptions,
): Promise<Training> {
  const { examples, labels } = dataset;
  const templates = examples.map(({ template }) => template);
  const embeddings = await embed(templates, encoder, {
    store,
    onProgress: (done) => onProgress({ step: 'embedding', done, total: examples.length }),
  });
  const vocabulary = buildVocabulary(examples);
  const terms = new Vocabulary(vocabulary);
  const mean = meanOf(embeddings);
  const samples = examples.map(({ label, template }, index): Sample => {
    const embedding = embeddings[index] ?? new Float32Array();
    return { features: toFeatures(embedding, terms.vectorOf(template), { mean, size: terms.size }), label };
  });
  const size = { labelCount: labels.length, width: widthOf(encoder.dimension, terms.size) };
  const { randomSplit, split, noGroupSplit } = splitsOf(examples, seed);
  const total = fitCount(noGroupSplit ? 1 : 2);
  let fits = 0;
  const onFit = (): void => onProgress({ step: 'fitting', done: (fits += 1), total });
  const { c, temperature, scored } = chooseC(samples, split, size, onFit);
  const [scoredAtRandom = []] = noGroupSplit
    ? [scored]
    : crossValidate(samples, randomSplit, { ...size, cs: [c] }, onFit);
  const predictions = toPredictions(scored, temperature, labels);
  const predictionsAtRandom = toPredictions(scoredAtRandom, temperature, labels);
  const unmeasurable = unmeasurableLabels(split, labels);
  const unmeasurableAtRandom = unmeasurableLabels(randomSplit, labels);
  const { threshold, coverage, accuracy } = chooseThreshold(
    toCalibrationPoints(measurablePredictions(predictions, unmeasurable)),
  );
  const model = fit(samples, { ...size, c });
  onFit();

  const head = createHeadFile({
    labels: [...labels],
    encoder: { id: encoder.id, dimension: encoder.dimension },
    templateVersion: TEMPLATE_VERSION,
    vocabulary,
    threshold,
    temperature,
    metrics: {
      leaveGroupsOut: noGroupSplit ? null : heldOutFigures(predictions, unmeasurable),
      randomSplit: heldOutFigures(predictionsAtRandom, unmeasurableAtRandom),
      atThreshold: { coverage: rounded(coverage), accuracy: rounded(accuracy) },
    },
    trainedOn: {
      files,
      rows: dataset.rows,
      templates: examples.length,
      templateHashes: encodeTemplates(templates),
      groupedBy: dataset.groupedBy,
      seed,
      c,
    },
    weights: toPlainWeights(model, mean),
  });
  const isFromData = (_: unknown, index: number): boolean => examples[index]?.fromBase === false;
  return {
    head,
    noGroupSplit,
    comparison: {
      groupsHeldOut: noGroupSplit ? undefined : figuresIfAny(predictions.filter(isFromData), unmeasurable),
      templatesHeldOut: figuresIfAny(predictionsAtRandom.filter(isFromData), unmeasurableAtRandom),
      currentHead:
        currentHead && heldOutFigures(predictionsOf(currentHead, dataset, embeddings).filter(isFromData)),
      currentHeadLearnt: templates.filter(isFromData).filter((template) => currentHead?.hasLearnt(template))
        .length,
    },
  };
}

/** Splits the examples at random and, if possible, by group. `split` is the one to choose C and threshold with. */
function splitsOf(
  examples: readonly Example[],
  seed: number,
): { randomSplit: Split; split: Split; noGroupSplit: NoGroupSplit | undefined } {
  const labelOf = examples.map(({ label }) => label);
  const groupOf = examples.map(({ group }) => group);
  const randomSplit = stratifiedSplit(labelOf, seededRandom(seed));
  const byGroup = groupSplit(groupOf, labelOf, seededRandom(seed));
  if (typeof byGroup === 'string') return { randomSplit, split: randomSplit, noGroupSplit: byGroup };
  return { randomSplit, split: byGroup, noGroupSplit: undefined };
}

/** Returns the names of the labels that a split cannot measure. */
function unmeasurableLabels({ unmeasurable }: Split, labels: readonly string[]): ReadonlySet<string> {
  return new Set([...unmeasurable].map((label) => labels[label] ?? ''));
}

/** Returns the figures, or undefined if no prediction can be measured. */
function figuresIfAny(
  predictions: readonly HeldOutPrediction[],
  unmeasurable: ReadonlySet<string>,
): HeldOutFigures | undefined {
  const figures = heldOutFigures(predictions, unmeasurable);
  return figures.n === 0 ? undefined : figures;
}

/** Returns what an existing head predicts for the examples, in order. */
function predictionsOf(
  head: Head,
  { examples, labels }: Dataset,
  embeddings: readonly Float32Array[],
): HeldOutPrediction[] {
  return examples.map(({ template, label }, index) => {
    const { label: given, confidence } = head.predict(embeddings[index] ?? new Float32Array(), template);
    return { expected: labels[label] ?? '', given, confidence };
  });
}
