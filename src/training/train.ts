import type { Encoder } from '../classifier/embedding/encoder.js';
import type { HeadFile } from '../classifier/embedding/head-file.js';
import type { Head } from '../classifier/embedding/head.js';
import { encodeTemplates } from '../classifier/embedding/template-set.js';
import { Vocabulary } from '../classifier/embedding/vocabulary.js';
import { TEMPLATE_VERSION } from '../classifier/template/template.js';
import { seededRandom } from '../math/random.js';
import { buildVocabulary } from './build-vocabulary.js';
import type { ScoredExample } from './calibration.js';
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

/** The progress of a long step: how many templates have an embedding, or how many models are fitted. */
export interface Progress {
  readonly step: 'embedding' | 'fitting';
  readonly done: number;
  readonly total: number;
}

/** Options of `trainHead`. */
export interface TrainOptions {
  /** The seed of the splits into folds. The same data, embeddings and seed give the same head. */
  seed: number;
  /** The SHA-256 of each file that the dataset was read from. */
  files: string[];
  /** The head to compare the new one with. It must fit the encoder. */
  currentHead?: Head;
  /** Embeddings of earlier runs. New ones are added to it. */
  store?: EmbeddingStore;
  onProgress?: (progress: Progress) => void;
}

/** The result of `trainHead`. */
export interface Training {
  readonly head: HeadFile;
  /** Why groups could not be held out; undefined if they were. */
  readonly noGroupSplit: NoGroupSplit | undefined;
  /** The number of templates of the user's data, without base and background, and of their families or sources. */
  readonly data: { readonly templates: number; readonly groups: number };
  /** Figures of the new head and of the current one on the user's data. */
  readonly comparison: Comparison;
}

/** Figures of the new head and of the current one on the same examples. Examples from the base are left out. */
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

/**
 * Trains a head on a dataset. C, temperature, threshold and figures come from cross-validation that holds out complete
 * groups, so they hold for systems that are not in the data. If the data does not allow this, random folds are used
 * instead. Split in folds.ts says which labels cannot be measured.
 *
 * Embedding does not block the event loop. Fitting blocks it for seconds.
 * @throws the error of `encoder.encode`
 */
export async function trainHead(
  dataset: Dataset,
  encoder: Encoder,
  { seed, files, currentHead, store, onProgress = () => undefined }: TrainOptions,
): Promise<Training> {
  const { examples } = dataset;
  const templates = examples.map(({ template }) => template);
  const embeddings = await embed(templates, encoder, {
    store,
    onProgress: (done) => onProgress({ step: 'embedding', done, total: examples.length }),
  });
  const features = toTrainingFeatures(dataset, embeddings, encoder.dimension);
  const splits = splitsOf(examples, seed);
  const onFit = createFitCounter(splits, onProgress);
  const heldOut = predictHeldOut(features, splits, dataset.labels, onFit);
  const model = fit(features.samples, { ...features.size, c: heldOut.c });
  onFit();
  return {
    head: createHeadFile({
      labels: [...dataset.labels],
      encoder: { id: encoder.id, dimension: encoder.dimension },
      templateVersion: TEMPLATE_VERSION,
      vocabulary: features.vocabulary,
      ...calibrate(heldOut),
      trainedOn: { files, ...summaryOf(dataset), seed, c: heldOut.c },
      weights: toPlainWeights(model, features.mean),
    }),
    noGroupSplit: splits.noGroupSplit,
    data: sizeOfData(examples),
    comparison: compare(dataset, heldOut, currentHead && { head: currentHead, embeddings }),
  };
}

/** The examples as features, and the values that the features depend on. */
interface TrainingFeatures {
  readonly vocabulary: HeadFile['vocabulary'];
  /** The mean embedding: `[dimension]`. */
  readonly mean: Float64Array;
  /** One sample for each example, in order. */
  readonly samples: readonly Sample[];
  readonly size: { readonly labelCount: number; readonly width: number };
}

function toTrainingFeatures(
  { examples, labels }: Dataset,
  embeddings: readonly Float32Array[],
  dimension: number,
): TrainingFeatures {
  const vocabulary = buildVocabulary(examples);
  const terms = new Vocabulary(vocabulary);
  const mean = meanOf(embeddings);
  const samples = examples.map(({ label, template }, index): Sample => {
    const embedding = embeddings[index] ?? new Float32Array();
    return { features: toFeatures(embedding, terms.vectorOf(template), { mean, size: terms.size }), label };
  });
  return {
    vocabulary,
    mean,
    samples,
    size: { labelCount: labels.length, width: widthOf(dimension, terms.size) },
  };
}

/** The two ways to assign the examples to folds. */
interface Splits {
  readonly atRandom: Split;
  /** Undefined if complete groups cannot be held out. */
  readonly byGroup: Split | undefined;
  /** Why there is no split by group; undefined if there is one. */
  readonly noGroupSplit: NoGroupSplit | undefined;
}

function splitsOf(examples: readonly Example[], seed: number): Splits {
  const labelOf = examples.map(({ label }) => label);
  const groupOf = examples.map(({ group }) => group);
  const atRandom = stratifiedSplit(labelOf, seededRandom(seed));
  const byGroup = groupSplit(groupOf, labelOf, seededRandom(seed));
  if (typeof byGroup === 'string') return { atRandom, byGroup: undefined, noGroupSplit: byGroup };
  return { atRandom, byGroup, noGroupSplit: undefined };
}

/**
 * Returns a function that reports the progress of fitting. Call it after each fit: every C on every fold of the first
 * split, one C on every fold of the second split if there are two, and the head itself.
 */
function createFitCounter(
  { byGroup }: Splits,
  onProgress: NonNullable<TrainOptions['onProgress']>,
): () => void {
  const splitCount = byGroup ? 2 : 1;
  const total = (C_CANDIDATES.length + splitCount - 1) * FOLD_COUNT + 1;
  let done = 0;
  return () => onProgress({ step: 'fitting', done: (done += 1), total });
}

/** The predictions for the examples of a split, each by a model that was not fitted to the example's fold. */
interface SplitPredictions {
  /** One prediction for each example, in order. */
  readonly predictions: readonly HeldOutPrediction[];
  /** The names of the labels that the split cannot measure. */
  readonly unmeasurable: ReadonlySet<string>;
}

/** The result of cross-validation. */
interface HeldOut {
  readonly c: number;
  readonly temperature: number;
  readonly byGroup: SplitPredictions | undefined;
  readonly atRandom: SplitPredictions;
}

/** Chooses C and temperature on the split by group, or on the random one. Then predicts the held-out examples. */
function predictHeldOut(
  { samples, size }: TrainingFeatures,
  splits: Splits,
  labels: readonly string[],
  onFit: () => void,
): HeldOut {
  const { c, temperature, scored } = chooseC(samples, splits.byGroup ?? splits.atRandom, size, onFit);
  const predict = (scoredExamples: readonly ScoredExample[], split: Split): SplitPredictions => ({
    predictions: toPredictions(scoredExamples, temperature, labels),
    unmeasurable: new Set([...split.unmeasurable].map((label) => labels[label] ?? '')),
  });
  if (!splits.byGroup) {
    return { c, temperature, byGroup: undefined, atRandom: predict(scored, splits.atRandom) };
  }
  const [scoredAtRandom = []] = crossValidate(samples, splits.atRandom, { ...size, cs: [c] }, onFit);
  return {
    c,
    temperature,
    byGroup: predict(scored, splits.byGroup),
    atRandom: predict(scoredAtRandom, splits.atRandom),
  };
}

/** Returns the fields of the head's file that come from held-out predictions: threshold, temperature and metrics. */
function calibrate({ byGroup, atRandom, temperature }: HeldOut) {
  const { predictions, unmeasurable } = byGroup ?? atRandom;
  const points = toCalibrationPoints(measurablePredictions(predictions, unmeasurable));
  const { threshold, coverage, accuracy } = chooseThreshold(points);
  return {
    threshold,
    temperature,
    metrics: {
      leaveGroupsOut: byGroup ? heldOutFigures(byGroup.predictions, byGroup.unmeasurable) : null,
      randomSplit: heldOutFigures(atRandom.predictions, atRandom.unmeasurable),
      atThreshold: { coverage: rounded(coverage), accuracy: rounded(accuracy) },
    },
  };
}

function sizeOfData(examples: readonly Example[]): Training['data'] {
  const ofData = examples.filter(({ fromBase }) => !fromBase);
  return { templates: ofData.length, groups: new Set(ofData.map(({ group }) => group)).size };
}

/** Returns the fields of the head's file that describe the data. */
function summaryOf({ examples, rows, groupedBy }: Dataset) {
  const templates = examples.map(({ template }) => template);
  return { rows, templates: templates.length, templateHashes: encodeTemplates(templates), groupedBy };
}

/**
 * Compares the new head with the current one on the examples of the data.
 * @param current the current head and the embeddings of all examples; undefined if there is no current head
 */
function compare(
  dataset: Dataset,
  { byGroup, atRandom }: HeldOut,
  current: { head: Head; embeddings: readonly Float32Array[] } | undefined,
): Comparison {
  const { examples } = dataset;
  const isFromData = (_: unknown, index: number): boolean => examples[index]?.fromBase === false;
  const figuresOnData = ({ predictions, unmeasurable }: SplitPredictions): HeldOutFigures | undefined =>
    figuresIfAny(predictions.filter(isFromData), unmeasurable);
  return {
    groupsHeldOut: byGroup && figuresOnData(byGroup),
    templatesHeldOut: figuresOnData(atRandom),
    currentHead:
      current && heldOutFigures(predictionsOf(current.head, dataset, current.embeddings).filter(isFromData)),
    currentHeadLearnt: examples
      .filter(isFromData)
      .filter(({ template }) => current?.head.hasLearnt(template) === true).length,
  };
}

/** Returns the figures, or undefined if no prediction can be measured. */
function figuresIfAny(
  predictions: readonly HeldOutPrediction[],
  unmeasurable: ReadonlySet<string>,
): HeldOutFigures | undefined {
  const figures = heldOutFigures(predictions, unmeasurable);
  return figures.n === 0 ? undefined : figures;
}

/** Returns the predictions of an existing head for the examples, in order. */
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
