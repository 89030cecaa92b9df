import type { Classification, Classifier, Tier } from '../classifier/types.js';
import { calibrationError } from './calibration.js';
import type { LabelledRecord } from './data.js';
import { accuracyOf, toFigures, wilsonInterval, type Figures } from './figures.js';

/** A labelled line and what the classifier made of it. */
interface Judgement {
  readonly record: LabelledRecord;
  readonly result: Classification;
}

/** What one tier did. */
export interface TierFigures {
  readonly tier: Tier;
  readonly lines: number;
  /** Of all lines. */
  readonly share: number;
  readonly accuracy: number;
}

/** A line that was given a wrong label. */
export interface Mistake extends Classification {
  readonly line: number;
  readonly source: string;
  readonly message: string;
  readonly expected: string;
}

/** How the whole classifier, all its tiers, does on labelled lines. */
export interface EvaluationReport extends Figures {
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly accuracyInterval: readonly [low: number, high: number];
  /** The tiers that had lines, dearest first. */
  readonly tiers: readonly TierFigures[];
  /**
   * Expected calibration error of the embedding tier, over the lines that kept its label: for the others the
   * confidence belongs to a label that was not given. Null if there are none.
   */
  readonly embeddingEce: number | null;
  /** Lines that are Unclassified because nothing was sure enough. */
  readonly lowConfidence: number;
  /** Lines of the LLM's sources that went to rules and embedding instead. */
  readonly llmUnavailable: number;
  /** The wrong lines, the most confident first, at most MAX_MISTAKES. */
  readonly worstMistakes: readonly Mistake[];
}

const MAX_MISTAKES = 10;

/** Lines classified between two reports of progress. */
const LINES_A_STEP = 200;

const TIERS: readonly Tier[] = ['llm', 'rule', 'embedding'];

/**
 * Puts labelled lines through the classifier, as an upload would go, and compares.
 * @param onProgress called with how many lines are done
 */
export async function evaluate(
  records: readonly LabelledRecord[],
  classifier: Pick<Classifier, 'session'>,
  onProgress: (done: number) => void = () => undefined,
): Promise<EvaluationReport> {
  const session = classifier.session();
  const judgements: Judgement[] = [];
  while (judgements.length < records.length) {
    const step = records.slice(judgements.length, judgements.length + LINES_A_STEP);
    const results = await session.classify(step.map(({ source, message }) => ({ source, message })));
    for (const [index, result] of results.entries()) {
      const record = step[index];
      if (record) judgements.push({ record, result });
    }
    onProgress(judgements.length);
  }
  return toReport(judgements);
}

function toReport(judgements: readonly Judgement[]): EvaluationReport {
  const figures = toFigures(judgements.map(toVerdict));
  return {
    ...figures,
    accuracyInterval: wilsonInterval(figures.accuracy, figures.n),
    tiers: TIERS.map((tier) => toTierFigures(tier, judgements)).filter(({ lines }) => lines > 0),
    embeddingEce: embeddingEce(judgements),
    lowConfidence: countNote(judgements, 'low-confidence'),
    llmUnavailable: countNote(judgements, 'llm-unavailable'),
    worstMistakes: worstMistakes(judgements),
  };
}

function toVerdict({ record, result }: Judgement): { expected: string; given: string } {
  return { expected: record.label, given: result.label };
}

function toTierFigures(tier: Tier, judgements: readonly Judgement[]): TierFigures {
  const own = judgements.filter(({ result }) => result.tier === tier);
  return {
    tier,
    lines: own.length,
    share: own.length / judgements.length,
    accuracy: accuracyOf(own.map(toVerdict)),
  };
}

function embeddingEce(judgements: readonly Judgement[]): number | null {
  const outcomes = judgements.flatMap(({ record, result: { label, tier, note, confidence } }) => {
    // Beside `llm-unavailable` there is no room for `low-confidence`: those lines are left out altogether.
    if (tier !== 'embedding' || confidence === null || note !== undefined) return [];
    return [{ confidence, right: label === record.label }];
  });
  return outcomes.length === 0 ? null : calibrationError(outcomes);
}

function countNote(judgements: readonly Judgement[], note: Classification['note']): number {
  return judgements.filter(({ result }) => result.note === note).length;
}

function worstMistakes(judgements: readonly Judgement[]): Mistake[] {
  return judgements
    .filter(({ record, result }) => record.label !== result.label)
    .map(({ record: { line, source, message, label: expected }, result }) => {
      return { ...result, line, source, message, expected };
    })
    .sort((a, b) => sureness(b) - sureness(a))
    .slice(0, MAX_MISTAKES);
}

/** The LLM gives no number with its labels; they are meant as certain. A label not claimed is none to be sure of. */
function sureness({ confidence, note }: Classification): number {
  return note === 'low-confidence' ? 0 : (confidence ?? 1);
}
