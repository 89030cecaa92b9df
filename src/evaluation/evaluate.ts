import type { Classification, Classifier, Tier } from '../classifier/types.js';
import { UNCLASSIFIED } from '../classifier/labels.js';
import { toTemplate } from '../classifier/template/template.js';
import { calibrationError, type CalibrationPoint } from './metrics/calibration-error.js';
import type { LabelledRecord } from '../labelled-data/labelled-rows.js';
import {
  countOf,
  toFigures,
  toPartFigures,
  wilsonInterval,
  type Figures,
  type Interval,
  type PartFigures,
} from './metrics/figures.js';
import { bySource, type OtherSources, type SourceFigures } from './metrics/by-source.js';
import { confusionOf, type Confusion } from './metrics/confusion.js';
import { reliabilityBins, type ReliabilityBin } from './metrics/reliability.js';
import { riskCoverage, type RiskCoverage } from './metrics/risk-coverage.js';

/** What of a head the report needs. */
export interface HeadUsed {
  /** Changes with the content of the head's file. */
  readonly version: string;
  /** Confidences under it are too low to claim a label. */
  readonly threshold: number;
}

/** A classifier that says which head it uses. */
export type MeasurableClassifier = Pick<Classifier, 'session'> & {
  readonly head: HeadUsed & {
    readonly labels: readonly string[];
    readonly hasLearnt: (template: string) => boolean;
  };
};

/** Labels of the data that the head cannot give: without a rule or the LLM their lines are wrong. */
export interface UnknownLabels {
  readonly labels: number;
  readonly lines: number;
  /** Those with the most lines, at most MAX_UNKNOWN. */
  readonly names: readonly string[];
}

/** A labelled line and what the classifier made of it. */
interface EvaluatedRecord {
  readonly record: LabelledRecord;
  readonly result: Classification;
  /** The embedding tier was not sure enough to claim a label: the confidence belongs to one that was not given. */
  readonly withheld: boolean;
}

/** What one tier did. */
export interface TierFigures extends PartFigures {
  readonly tier: Tier;
  /** Of all lines. */
  readonly share: number;
}

/** A line that was given a wrong label. */
export interface Mistake extends Classification {
  readonly line: number;
  readonly source: string;
  /** At most MESSAGE_CHARS characters of it. */
  readonly message: string;
  readonly expected: string;
}

/** How the whole classifier, all its tiers, does on labelled lines. */
export interface EvaluationReport extends Figures {
  readonly head: HeadUsed;
  readonly confusion: Confusion;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly accuracyInterval: Interval;
  /** The tiers that had lines, dearest first. */
  readonly tiers: readonly TierFigures[];
  /** The sources with the most lines, at most 50. */
  readonly sources: readonly SourceFigures[];
  /** The sources beyond those as one. */
  readonly otherSources: OtherSources | null;
  /**
   * Expected calibration error of the embedding tier, over the lines that kept its label: for the others the
   * confidence belongs to a label that was not given. Null if there are none.
   */
  readonly embeddingEce: number | null;
  /** The same lines in ten intervals of confidence. */
  readonly reliability: readonly ReliabilityBin[];
  /** What a higher threshold would do to the embedding tier. */
  readonly riskCoverage: RiskCoverage;
  /** Lines that are Unclassified because nothing was sure enough. */
  readonly lowConfidence: number;
  /** Lines of which the head has learnt the template: what it says of them proves nothing. */
  readonly learnt: number;
  readonly unknownLabels: UnknownLabels;
  /** Lines of the LLM's sources that went to rules and embedding instead. */
  readonly llmUnavailable: number;
  /** The wrong lines, the most confident first, at most MAX_MISTAKES. */
  readonly worstMistakes: readonly Mistake[];
}

const MAX_MISTAKES = 50;
const MAX_UNKNOWN = 10;
const MESSAGE_CHARS = 300;

/** Lines classified between two reports of progress. */
const LINES_A_STEP = 200;

const TIERS: readonly Tier[] = ['llm', 'rule', 'embedding'];

/**
 * Puts labelled lines through the classifier, as an upload would go, and compares.
 * @param onProgress called with how many lines are done
 */
export async function evaluate(
  records: readonly LabelledRecord[],
  classifier: MeasurableClassifier,
  onProgress: (done: number) => void = () => undefined,
): Promise<EvaluationReport> {
  const { version, threshold, labels, hasLearnt } = classifier.head;
  const session = classifier.session();
  const judgements: EvaluatedRecord[] = [];
  while (judgements.length < records.length) {
    const step = records.slice(judgements.length, judgements.length + LINES_A_STEP);
    const results = await session.classify(step.map(({ source, message }) => ({ source, message })));
    for (const [index, result] of results.entries()) {
      const record = step[index];
      if (record) judgements.push({ record, result, withheld: isWithheld(result, threshold) });
    }
    onProgress(judgements.length);
  }
  const learnt = records.filter(({ message }) => hasLearnt(toTemplate(message))).length;
  return {
    ...toReport(judgements, { version, threshold }),
    learnt,
    unknownLabels: unknownLabels(records, labels),
  };
}

/** By the confidence, not the note: beside `llm-unavailable` there is no room for `low-confidence`. */
function isWithheld({ tier, confidence }: Classification, threshold: number): boolean {
  return tier === 'embedding' && confidence !== null && confidence < threshold;
}

function unknownLabels(records: readonly LabelledRecord[], labels: readonly string[]): UnknownLabels {
  // Every head gives Unclassified: when it is not sure enough.
  const known = new Set([...labels, UNCLASSIFIED]);
  const unknown = records.map(({ label }) => label).filter((label) => !known.has(label));
  const byLines = [...countOf(unknown)].sort(([, a], [, b]) => b - a).map(([label]) => label);
  return { labels: byLines.length, lines: unknown.length, names: byLines.slice(0, MAX_UNKNOWN) };
}

function toReport(
  judgements: readonly EvaluatedRecord[],
  head: HeadUsed,
): Omit<EvaluationReport, 'learnt' | 'unknownLabels'> {
  const figures = toFigures(judgements.map(toVerdict));
  const embedded = judgements.filter(({ result }) => result.tier === 'embedding');
  const outcomes = embedded.filter(({ withheld }) => !withheld).map(toOutcome);
  return {
    head,
    ...figures,
    confusion: confusionOf(judgements.map(toVerdict)),
    accuracyInterval: wilsonInterval(figures.accuracy, figures.n),
    tiers: TIERS.map((tier) => toTierFigures(tier, judgements)).filter(({ lines }) => lines > 0),
    ...bySource(judgements.map(toVerdict)),
    embeddingEce: outcomes.length === 0 ? null : calibrationError(outcomes),
    reliability: reliabilityBins(outcomes),
    riskCoverage: riskCoverage(outcomes, { lines: embedded.length, threshold: head.threshold }),
    lowConfidence: embedded.length - outcomes.length,
    llmUnavailable: judgements.filter(({ result }) => result.note === 'llm-unavailable').length,
    worstMistakes: worstMistakes(judgements),
  };
}

function toVerdict({ record, result }: EvaluatedRecord): { expected: string; given: string; source: string } {
  return { expected: record.label, given: result.label, source: record.source };
}

function toOutcome({ record, result }: EvaluatedRecord): CalibrationPoint {
  return { confidence: result.confidence ?? 1, right: result.label === record.label };
}

function toTierFigures(tier: Tier, judgements: readonly EvaluatedRecord[]): TierFigures {
  const own = judgements.filter(({ result }) => result.tier === tier);
  return { tier, share: own.length / judgements.length, ...toPartFigures(own.map(toVerdict)) };
}

function worstMistakes(judgements: readonly EvaluatedRecord[]): Mistake[] {
  return judgements
    .filter(({ record, result }) => record.label !== result.label)
    .sort((a, b) => sureness(b) - sureness(a))
    .slice(0, MAX_MISTAKES)
    .map(({ record: { line, source, message, label: expected }, result }) => {
      return { ...result, line, source, message: cut(message), expected };
    });
}

/** The LLM gives no number with its labels; they are meant as certain. A label not claimed is none to be sure of. */
function sureness({ result, withheld }: EvaluatedRecord): number {
  return withheld ? 0 : (result.confidence ?? 1);
}

function cut(message: string): string {
  return message.length > MESSAGE_CHARS ? `${message.slice(0, MESSAGE_CHARS - 1).toWellFormed()}…` : message;
}
