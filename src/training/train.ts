import type { Encoder } from '../classifier/embedding/encoder.js';
import type { HeadFile } from '../classifier/embedding/head-file.js';
import type { Head } from '../classifier/embedding/head.js';
import { encodeTemplates } from '../classifier/embedding/template-set.js';
import { Vocabulary } from '../classifier/embedding/vocabulary.js';
import { TEMPLATE_VERSION } from '../classifier/template/template.js';
import {
  answersOf,
  C_CANDIDATES,
  chooseC,
  crossValidate,
  heldOutFigures,
  judgedAnswers,
  toCalibrationPoints,
  rounded,
  type Answer,
  type HeldOutFigures,
} from './cross-validation.js';
import type { Dataset, Example } from './dataset.js';
import { embed } from './embed.js';
import type { EmbeddingStore } from './embedding-store.js';
import { meanOf, toFeatures, toPlainWeights, widthOf } from './features.js';
import { fit, type Sample } from './fit.js';
import { FOLD_COUNT, groupSplit, stratifiedSplit, type NoGroupSplit, type Split } from './folds.js';
import { createHeadFile } from './head-writer.js';
import { buildVocabulary } from './build-vocabulary.js';
import { seededRandom } from '../math/random.js';
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
  /** The SHA-256 of each file that the dataset was read from. */
  files: string[];
  /** The head in use so far, to compare with; it must fit the encoder. */
  present?: Head;
  /** Embeddings of earlier trainings. */
  store?: EmbeddingStore;
  onProgress?: (progress: Progress) => void;
}

/** What a training gives. */
export interface Training {
  readonly head: HeadFile;
  /** Why whole groups were not held out; undefined if they were. */
  readonly noGroupSplit: NoGroupSplit | undefined;
  /** How the user's own examples (those of the base left out) fare. */
  readonly own: OwnFigures;
}

/** Different judges of the same examples. */
export interface OwnFigures {
  /** The new head, with whole groups held out; undefined where the data does not allow that for any of them. */
  readonly groupsHeldOut: HeldOutFigures | undefined;
  /** The new head, with templates held out at random: other lines of the same systems were learnt; likewise. */
  readonly heldOut: HeldOutFigures | undefined;
  /** The head in use so far, if there is one to ask. */
  readonly present: HeldOutFigures | undefined;
  /** How many of them that head has learnt from. */
  readonly presentHasLearnt: number;
}

/** Fits in all: each candidate on every fold, the random split if it is another one, and the head itself. */
function fitCount(splits: 1 | 2): number {
  return (C_CANDIDATES.length + splits - 1) * FOLD_COUNT + 1;
}

/**
 * Trains a head on a dataset. What it says of itself (C, temperature, threshold, figures) comes from cross-
 * validation over whole groups of systems: so it tells how lines of *other* systems will fare. Where the data
 * does not allow that random folds stand in; see folds.ts for labels that cannot be judged.
 *
 * Embedding leaves the thread free; fitting holds it for seconds.
 */
export async function trainHead(
  dataset: Dataset,
  encoder: Encoder,
  { seed, files, present, store, onProgress = () => undefined }: TrainOptions,
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
  const labelOf = examples.map(({ label }) => label);
  const groupOf = examples.map(({ group }) => group);
  const random = stratifiedSplit(labelOf, seededRandom(seed));
  const byGroup = groupSplit(groupOf, labelOf, seededRandom(seed));
  const noGroupSplit = typeof byGroup === 'string' ? byGroup : undefined;
  const split = typeof byGroup === 'string' ? random : byGroup;
  const total = fitCount(noGroupSplit ? 1 : 2);
  let fits = 0;
  const onFit = (): void => onProgress({ step: 'fitting', done: (fits += 1), total });
  const { c, temperature, judged } = chooseC(samples, split, size, onFit);
  const [judgedAtRandom = []] = noGroupSplit
    ? [judged]
    : crossValidate(samples, random, { ...size, cs: [c] }, onFit);
  const answers = answersOf(judged, temperature, labels);
  const answersAtRandom = answersOf(judgedAtRandom, temperature, labels);
  const unjudged = unjudgedNames(split, labels);
  const unjudgedAtRandom = unjudgedNames(random, labels);
  const { threshold, coverage, accuracy } = chooseThreshold(
    toCalibrationPoints(judgedAnswers(answers, unjudged)),
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
      leaveGroupsOut: noGroupSplit ? null : heldOutFigures(answers, unjudged),
      randomSplit: heldOutFigures(answersAtRandom, unjudgedAtRandom),
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
  const isOwn = (_: unknown, index: number): boolean => examples[index]?.own ?? false;
  return {
    head,
    noGroupSplit,
    own: {
      groupsHeldOut: noGroupSplit ? undefined : figuresOfAny(answers.filter(isOwn), unjudged),
      heldOut: figuresOfAny(answersAtRandom.filter(isOwn), unjudgedAtRandom),
      present: present && heldOutFigures(answersBy(present, dataset, embeddings).filter(isOwn)),
      presentHasLearnt: templates.filter(isOwn).filter((template) => present?.hasLearnt(template)).length,
    },
  };
}

type Names = ReadonlySet<string>;

function unjudgedNames({ unjudged }: Split, labels: readonly string[]): Names {
  return new Set([...unjudged].map((label) => labels[label] ?? ''));
}

/** The figures, if there is an answer that counts. */
function figuresOfAny(answers: readonly Answer[], unjudged: Names): HeldOutFigures | undefined {
  const figures = heldOutFigures(answers, unjudged);
  return figures.n === 0 ? undefined : figures;
}

/** What a head that is there already says of the examples. */
function answersBy(head: Head, { examples, labels }: Dataset, embeddings: readonly Float32Array[]): Answer[] {
  return examples.map(({ template, label }: Example, index) => {
    const guessed = head.predict(embeddings[index] ?? new Float32Array(), template);
    return { expected: labels[label] ?? '', given: guessed.label, confidence: guessed.confidence };
  });
}
