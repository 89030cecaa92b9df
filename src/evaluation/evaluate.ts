import type { Classification, Classifier, Tier } from '../classifier/types.js';
import { UNCLASSIFIED } from '../classifier/labels.js';
import { toTemplate } from '../classifier/template/template.js';
import { calibrationError, type CalibrationPoint } from './metrics/calibration-error.js';
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
import { bySource, type OtherSources, type SourceFigures } from './metrics/by-source.js';
import { confusionOf, type Confusion } from './metrics/confusion.js';
import { reliabilityBins, type ReliabilityBin } from './metrics/reliability.js';
import { riskCoverage, type RiskCoverage } from './metrics/risk-coverage.js';

/** The head's facts that the report shows. */
export interface HeadUsed {
  /** Changes with the content of the head's file. */
  readonly version: string;
  /** Predictions with a lower confidence become Unclassified. */
  readonly threshold: number;
}

/** A classifier that exposes its head. */
export type MeasurableClassifier = Pick<Classifier, 'session'> & {
  readonly head: HeadUsed & {
    readonly labels: readonly string[];
    readonly hasLearnt: (template: string) => boolean;
  };
};

/** Labels of the data that the head lacks. Only a rule or the LLM can label their lines right. */
export interface UnknownLabels {
  readonly labels: number;
  readonly lines: number;
  /** The labels with the most lines, at most MAX_UNKNOWN. */
  readonly names: readonly string[];
}

/** A labelled record and its classification. */
interface EvaluatedRecord {
  readonly record: LabelledRecord;
  readonly result: Classification;
  /** The confidence is below the threshold. It belongs to a label that was withheld and is unknown. */
  readonly withheld: boolean;
}

/** The figures of one tier. */
export interface TierFigures extends PartFigures {
  readonly tier: Tier;
  /** The tier's share of all lines. */
  readonly share: number;
}

/** A line that was given a wrong label. */
export interface Mistake extends Classification {
  readonly line: number;
  readonly source: string;
  /** Cut to MESSAGE_CHARS characters. */
  readonly message: string;
  readonly expected: string;
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
const MESSAGE_CHARS = 300;

/** Lines that are classified between two progress reports. */
const BATCH_SIZE = 200;

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
  const session = classifier.session();
  const evaluated: EvaluatedRecord[] = [];
  while (evaluated.length < records.length) {
    const batch = records.slice(evaluated.length, evaluated.length + BATCH_SIZE);
    const results = await session.classify(batch.map(({ source, message }) => ({ source, message })));
    for (const [index, result] of results.entries()) {
      const record = batch[index];
      if (record) evaluated.push({ record, result, withheld: isWithheld(result, threshold) });
    }
    onProgress(evaluated.length);
  }
  const learnt = records.filter(({ message }) => hasLearnt(toTemplate(message))).length;
  return {
    ...toReport(evaluated, { version, threshold }),
    learnt,
    unknownLabels: unknownLabels(records, labels),
  };
}

/** Compares the confidence, because the note may be `llm-unavailable` instead of `low-confidence`. */
function isWithheld({ tier, confidence }: Classification, threshold: number): boolean {
  return tier === 'embedding' && confidence !== null && confidence < threshold;
}

function unknownLabels(records: readonly LabelledRecord[], labels: readonly string[]): UnknownLabels {
  // Every head can return Unclassified, for a low confidence.
  const known = new Set([...labels, UNCLASSIFIED]);
  const unknown = records.map(({ label }) => label).filter((label) => !known.has(label));
  const byLines = [...countOf(unknown)].sort(([, a], [, b]) => b - a).map(([label]) => label);
  return { labels: byLines.length, lines: unknown.length, names: byLines.slice(0, MAX_UNKNOWN) };
}

function toReport(
  evaluated: readonly EvaluatedRecord[],
  head: HeadUsed,
): Omit<EvaluationReport, 'learnt' | 'unknownLabels'> {
  const figures = toFigures(evaluated.map(toLabelPair));
  const embedded = evaluated.filter(({ result }) => result.tier === 'embedding');
  const points = embedded.filter(({ withheld }) => !withheld).map(toCalibrationPoint);
  return {
    head,
    ...figures,
    confusion: confusionOf(evaluated.map(toLabelPair)),
    accuracyInterval: wilsonInterval(figures.accuracy, figures.n),
    tiers: TIERS.map((tier) => toTierFigures(tier, evaluated)).filter(({ lines }) => lines > 0),
    ...bySource(evaluated.map(toLabelPair)),
    embeddingEce: points.length === 0 ? null : calibrationError(points),
    reliability: reliabilityBins(points),
    riskCoverage: riskCoverage(points, { lines: embedded.length, threshold: head.threshold }),
    lowConfidence: embedded.length - points.length,
    llmUnavailable: evaluated.filter(({ result }) => result.note === 'llm-unavailable').length,
    worstMistakes: worstMistakes(evaluated),
  };
}

function toLabelPair({ record, result }: EvaluatedRecord): LabelPair & { source: string } {
  return { expected: record.label, given: result.label, source: record.source };
}

function toCalibrationPoint({ record, result }: EvaluatedRecord): CalibrationPoint {
  return { confidence: result.confidence ?? 1, right: result.label === record.label };
}

function toTierFigures(tier: Tier, evaluated: readonly EvaluatedRecord[]): TierFigures {
  const ofTier = evaluated.filter(({ result }) => result.tier === tier);
  return { tier, share: ofTier.length / evaluated.length, ...toPartFigures(ofTier.map(toLabelPair)) };
}

function worstMistakes(evaluated: readonly EvaluatedRecord[]): Mistake[] {
  return evaluated
    .filter(({ record, result }) => record.label !== result.label)
    .sort((a, b) => certainty(b) - certainty(a))
    .slice(0, MAX_MISTAKES)
    .map(({ record: { line, source, message, label: expected }, result }) => {
      return { ...result, line, source, message: cut(message), expected };
    });
}

/** Sort key of mistakes. Withheld labels and empty messages rank last. The LLM returns no confidence; its labels rank first. */
function certainty({ result, withheld }: EvaluatedRecord): number {
  return withheld || result.tier === 'none' ? 0 : (result.confidence ?? 1);
}

function cut(message: string): string {
  return message.length > MESSAGE_CHARS ? `${message.slice(0, MESSAGE_CHARS - 1).toWellFormed()}…` : message;
}
