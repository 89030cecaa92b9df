import type { Classification, Classifier } from '../classifier/types.js';
import type { LabelledRecord } from '../labelled-data/labelled-csv.js';
import type { LabelledPoint } from './metrics/reliability.js';

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

/** A labelled record and its classification. */
export interface ClassifiedRecord<Labelled extends LabelledRecord = LabelledRecord> {
  readonly record: Labelled;
  readonly result: Classification;
  /** The confidence is too low. It belongs to a label that was withheld and is unknown. */
  readonly withheld: boolean;
  /** Whether the line was given a right label. */
  readonly right: boolean;
}

/** A line that was given a wrong label. */
export interface Mistake extends Classification {
  readonly line: number;
  readonly source: string;
  /** Cut to MESSAGE_CHARS characters. */
  readonly message: string;
  readonly expected: string;
}

const MESSAGE_CHARS = 300;

/** Lines that are classified between two progress reports. */
const BATCH_SIZE = 200;

/**
 * Classifies labelled records in the same way as an upload, all in one session.
 * @param options.isRight whether a label is right for a record. Default: it is the record's label
 * @param options.onProgress called with the number of classified records
 */
export async function classifyRecords<Labelled extends LabelledRecord>(
  records: readonly Labelled[],
  classifier: MeasurableClassifier,
  {
    isRight = (record, label) => record.label === label,
    onProgress = () => undefined,
  }: {
    isRight?: (record: Labelled, label: string) => boolean;
    onProgress?: (done: number) => void;
  } = {},
): Promise<ClassifiedRecord<Labelled>[]> {
  const { threshold } = classifier.head;
  const session = classifier.session();
  const classified: ClassifiedRecord<Labelled>[] = [];
  while (classified.length < records.length) {
    const batch = records.slice(classified.length, classified.length + BATCH_SIZE);
    const results = await session.classify(batch.map(({ source, message }) => ({ source, message })));
    for (const [index, result] of results.entries()) {
      const record = batch[index];
      if (!record) continue;
      const right = isRight(record, result.label);
      classified.push({ record, result, right, withheld: isWithheld(result, threshold) });
    }
    onProgress(classified.length);
  }
  return classified;
}

/** Compares the confidence too, because the note may be `llm-unavailable` instead of `low-confidence`. */
function isWithheld({ tier, confidence, note }: Classification, threshold: number): boolean {
  if (tier !== 'embedding' || confidence === null) return false;
  return confidence < threshold || note === 'unfamiliar';
}

/**
 * Returns the points at which the calibration of the embedding tier is measured: its lines that kept their label. A
 * withheld label is unknown, so its confidence cannot be checked.
 */
export function calibrationPoints(classified: readonly ClassifiedRecord[]): LabelledPoint[] {
  return classified
    .filter(({ result, withheld }) => result.tier === 'embedding' && !withheld)
    .map(({ result, right }) => ({ confidence: result.confidence ?? 1, right, given: result.label }));
}

/** Returns the lines with a wrong label, the most confident first, at most `count`. */
export function worstMistakes(classified: readonly ClassifiedRecord[], count: number): Mistake[] {
  return classified
    .filter(({ right }) => !right)
    .sort((a, b) => certainty(b) - certainty(a))
    .slice(0, count)
    .map(({ record: { line, source, message, label: expected }, result }) => {
      return { ...result, line, source, message: cut(message), expected };
    });
}

/** Sort key of mistakes. Withheld labels and empty messages rank last. The LLM returns no confidence; its labels rank first. */
function certainty({ result, withheld }: ClassifiedRecord): number {
  return withheld || result.tier === 'none' ? 0 : (result.confidence ?? 1);
}

function cut(message: string): string {
  return message.length > MESSAGE_CHARS ? `${message.slice(0, MESSAGE_CHARS - 1).toWellFormed()}…` : message;
}
