import type { Tier } from '../classifier/types.js';
import { UNCLASSIFIED } from '../classifier/labels.js';
import { toTemplate } from '../classifier/template/template.js';
import { calibrationError } from './metrics/calibration-error.js';
import type { LabelledRecord } from '../labelled-data/labelled-csv.js';
import {
  countOf,
  toFigures,
  toPartFigures,
  wilsonInterval,
  type Figures,
  type Interval,
  type LabelPair,
  type PartFigures,
} from './metrics/figures.js';
import {
  calibrationPoints,
  classifyRecords,
  worstMistakes,
  type ClassifiedRecord,
  type HeadUsed,
  type MeasurableClassifier,
  type Mistake,
} from './classified-records.js';
import { bySource, type OtherSources, type SourceFigures } from './metrics/by-source.js';
import { confusionOf, type Confusion } from './metrics/confusion.js';
import {
  reliabilityBins,
  reliabilityByLabel,
  type LabelReliability,
  type ReliabilityBin,
} from './metrics/reliability.js';
import { riskCoverage, type RiskCoverage } from './metrics/risk-coverage.js';

/** Labels of the data that the head lacks. Only a rule or the LLM can label their lines right. */
export interface UnknownLabels {
  readonly labels: number;
  readonly lines: number;
  /** The labels with the most lines, at most MAX_UNKNOWN. */
  readonly names: readonly string[];
}

/** The figures of one tier. */
export interface TierFigures extends PartFigures {
  readonly tier: Tier;
  /** The tier's share of all lines. */
  readonly share: number;
}

/** The figures of the complete classifier, with all its tiers, on labelled lines. */
export interface EvaluationReport extends Figures {
  readonly head: HeadUsed;
  readonly confusion: Confusion;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly accuracyInterval: Interval;
  /** The tiers that had lines, in the order llm, rule, embedding, none. */
  readonly tiers: readonly TierFigures[];
  /** The sources with the most lines, at most 50. */
  readonly sources: readonly SourceFigures[];
  /** All other sources together; null if there are none. */
  readonly otherSources: OtherSources | null;
  /**
   * Expected calibration error of the embedding tier over the lines that kept its label. A withheld label is unknown,
   * so its confidence cannot be checked. Null if no line kept its label.
   */
  readonly embeddingEce: number | null;
  /** The lines that kept the embedding tier's label, in ten intervals of confidence. */
  readonly reliability: readonly ReliabilityBin[];
  /** The same lines by the label that they were given. */
  readonly labelReliability: readonly LabelReliability[];
  /** The effect of higher thresholds on the embedding tier. */
  readonly riskCoverage: RiskCoverage;
  /** Lines that are Unclassified because their confidence is below the threshold. */
  readonly lowConfidence: number;
  /** Lines whose template the head was trained on. They make the figures too optimistic. */
  readonly learnt: number;
  readonly unknownLabels: UnknownLabels;
  /** Lines of LLM sources that the other tiers labelled. */
  readonly llmUnavailable: number;
  /** Lines with a wrong label, the most confident first, at most MAX_MISTAKES. */
  readonly worstMistakes: readonly Mistake[];
}

const MAX_MISTAKES = 50;
const MAX_UNKNOWN = 10;
const TIERS: readonly Tier[] = ['llm', 'rule', 'embedding', 'none'];

/**
 * Classifies labelled records in the same way as an upload and compares the labels.
 * @param onProgress called with the number of classified records
 */
export async function evaluate(
  records: readonly LabelledRecord[],
  classifier: MeasurableClassifier,
  onProgress: (done: number) => void = () => undefined,
): Promise<EvaluationReport> {
  const { version, threshold, labels, hasLearnt } = classifier.head;
  const evaluated = await classifyRecords(records, classifier, { onProgress });
  const learnt = records.filter(({ message }) => hasLearnt(toTemplate(message))).length;
  return {
    ...toReport(evaluated, { version, threshold }),
    learnt,
    unknownLabels: unknownLabels(records, labels),
  };
}

function unknownLabels(records: readonly LabelledRecord[], labels: readonly string[]): UnknownLabels {
  // Every head can return Unclassified, for a low confidence.
  const known = new Set([...labels, UNCLASSIFIED]);
  const unknown = records.map(({ label }) => label).filter((label) => !known.has(label));
  const byLines = [...countOf(unknown)].sort(([, a], [, b]) => b - a).map(([label]) => label);
  return { labels: byLines.length, lines: unknown.length, names: byLines.slice(0, MAX_UNKNOWN) };
}

function toReport(
  evaluated: readonly ClassifiedRecord[],
  head: HeadUsed,
): Omit<EvaluationReport, 'learnt' | 'unknownLabels'> {
  const figures = toFigures(evaluated.map(toLabelPair));
  const embedded = evaluated.filter(({ result }) => result.tier === 'embedding');
  const points = calibrationPoints(evaluated);
  return {
    head,
    ...figures,
    confusion: confusionOf(evaluated.map(toLabelPair)),
    accuracyInterval: wilsonInterval(figures.accuracy, figures.n),
    tiers: TIERS.map((tier) => toTierFigures(tier, evaluated)).filter(({ lines }) => lines > 0),
    ...bySource(evaluated.map(toLabelPair)),
    embeddingEce: points.length === 0 ? null : calibrationError(points),
    reliability: reliabilityBins(points),
    labelReliability: reliabilityByLabel(points),
    riskCoverage: riskCoverage(points, { lines: embedded.length, threshold: head.threshold }),
    lowConfidence: embedded.length - points.length,
    llmUnavailable: evaluated.filter(({ result }) => result.note === 'llm-unavailable').length,
    worstMistakes: worstMistakes(evaluated, MAX_MISTAKES),
  };
}

function toLabelPair({ record, result }: ClassifiedRecord): LabelPair & { source: string } {
  return { expected: record.label, given: result.label, source: record.source };
}

function toTierFigures(tier: Tier, evaluated: readonly ClassifiedRecord[]): TierFigures {
  const ofTier = evaluated.filter(({ result }) => result.tier === tier);
  return { tier, share: ofTier.length / evaluated.length, ...toPartFigures(ofTier.map(toLabelPair)) };
}
