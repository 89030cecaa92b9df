import type { Encoder } from '../classifier/embedding/encoder.js';
import type { Measurement } from '../classifier/embedding/measurement.js';
import type { HeadFile } from '../classifier/embedding/head-file.js';
import type { Head } from '../classifier/embedding/head.js';
import { encodeTemplates } from '../classifier/embedding/template-set.js';
import { TEMPLATE_VERSION } from '../classifier/template/template.js';
import { seededRandom } from '../math/random.js';
import type { ScoredExample } from './calibration.js';
import {
  C_CANDIDATES,
  chooseC,
  crossValidate,
  heldOutFigures,
  type HeldOutFigures,
  type HeldOutPrediction,
} from './cross-validation.js';
import type { Dataset, Example } from './dataset.js';
import { embed } from './embed.js';
import type { EmbeddingStore } from './embedding-store.js';
import { toPlainWeights } from './features.js';
import { fit } from './fit.js';
import { FOLD_COUNT, groupSplit, stratifiedSplit, type NoGroupSplit, type Split } from './folds.js';
import { createHeadFile } from './head-writer.js';
import { measure, toSplitPredictions, type SplitPredictions } from './measure.js';
import { toTrainingFeatures, type TrainingFeatures } from './training-features.js';

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
  /** Whether the encoder was tuned on these lines, so that C, confidence and figures come from its manifest. */
  readonly usesEncoderFigures: boolean;
  /** Figures of the new head and of the current one on the user's data. */
  readonly comparison: Comparison;
}

/** Figures of the new head and of the current one on the same examples. Examples from the base are left out. */
export interface Comparison {
  /** The new head, with complete groups held out; undefined if no example can be measured that way, or the encoder has seen all. */
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
 * instead. Split in folds.ts says which labels cannot be measured. If the encoder was tuned on the same lines, they come
 * from its manifest.
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
  const allSplits = splitsOf(examples, seed);
  const measured = measurementOf(encoder, files, dataset.labels);
  // If the encoder has seen all examples, holding out groups would only flatter.
  const splits = measured && files.length === 1 ? { ...allSplits, byGroup: undefined } : allSplits;
  const onFit = createFitCounter(splits, candidatesOf(measured).length, onProgress);
  const heldOut = predictHeldOut(features, splits, { labels: dataset.labels, measured, onFit });
  const model = fit(features.samples, { ...features.size, c: heldOut.c });
  onFit();
  return {
    head: createHeadFile({
      labels: [...dataset.labels],
      encoder: { id: encoder.id, dimension: encoder.dimension },
      templateVersion: TEMPLATE_VERSION,
      vocabulary: features.vocabulary,
      ...calibrate(heldOut, { labels: dataset.labels, knownShares: features.knownShares, measured }),
      trainedOn: { files, ...summaryOf(dataset), seed, c: heldOut.c },
      weights: toPlainWeights(model, features.mean),
    }),
    noGroupSplit: allSplits.noGroupSplit,
    data: sizeOfData(examples),
    usesEncoderFigures: measured !== undefined,
    comparison: compare(dataset, heldOut, currentHead && { head: currentHead, embeddings }),
  };
}

/**
 * Returns what was measured when the encoder was tuned, if it was tuned on one of these files. It has seen these lines, so
 * cross-validation would flatter. Other labels than those of the lines cannot use it.
 */
function measurementOf(
  { tuning }: Encoder,
  files: readonly string[],
  labels: readonly string[],
): Measurement | undefined {
  if (!tuning || !files.includes(tuning.lines.sha256)) return undefined;
  const { heldOut } = tuning;
  return heldOut.labels.join('\n') === labels.join('\n') ? heldOut : undefined;
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
  candidateCount: number,
  onProgress: NonNullable<TrainOptions['onProgress']>,
): () => void {
  const splitCount = byGroup ? 2 : 1;
  const total = (candidateCount + splitCount - 1) * FOLD_COUNT + 1;
  let done = 0;
  return () => onProgress({ step: 'fitting', done: (done += 1), total });
}

/** The result of cross-validation. */
interface HeldOut {
  readonly c: number;
  readonly temperature: number;
  readonly byGroup: SplitPredictions | undefined;
  readonly atRandom: SplitPredictions;
}

/**
 * Chooses C and temperature on the split by group, or on the random one. Then predicts the held-out examples.
 * @param options.measured what to use instead of choosing; undefined to choose
 */
function predictHeldOut(
  { samples, size }: TrainingFeatures,
  splits: Splits,
  {
    labels,
    measured,
    onFit,
  }: { labels: readonly string[]; measured: Measurement | undefined; onFit: () => void },
): HeldOut {
  const cs = candidatesOf(measured);
  const samplesOf = () => samples;
  const chosen = chooseC(samplesOf, splits.byGroup ?? splits.atRandom, { ...size, cs }, onFit);
  const { c, scored } = chosen;
  const temperature = measured?.temperature ?? chosen.temperature;
  const predict = (scoredExamples: readonly ScoredExample[], split: Split): SplitPredictions =>
    toSplitPredictions(scoredExamples, split, { temperature, labels });
  if (!splits.byGroup) {
    return { c, temperature, byGroup: undefined, atRandom: predict(scored, splits.atRandom) };
  }
  const [scoredAtRandom = []] = crossValidate(samplesOf, splits.atRandom, { ...size, cs: [c] }, onFit);
  return {
    c,
    temperature,
    byGroup: predict(scored, splits.byGroup),
    atRandom: predict(scoredAtRandom, splits.atRandom),
  };
}

/** Returns the values of C to try: the measured one only, if there is one. */
function candidatesOf(measured: Measurement | undefined): readonly number[] {
  return measured ? [measured.c] : C_CANDIDATES;
}

/** Returns the fields of the head's file that come from held-out predictions: threshold, temperature and metrics. */
function calibrate(
  { byGroup, atRandom, c, temperature }: HeldOut,
  {
    labels,
    knownShares,
    measured,
  }: { labels: readonly string[]; knownShares: readonly number[]; measured: Measurement | undefined },
) {
  const chosen =
    measured ?? measure(byGroup ?? atRandom, { labels: [...labels], c, temperature, knownShares });
  const { threshold, unfamiliar, figures, atThreshold } = chosen;
  return {
    threshold,
    unfamiliar,
    temperature,
    metrics: {
      leaveGroupsOut: measured || byGroup ? figures : null,
      randomSplit: heldOutFigures(atRandom.predictions, atRandom.unmeasurable),
      atThreshold,
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
