import { createHash } from 'node:crypto';
import type { ExamRecord } from '../../labelled-data/exam-csv.js';
import { groupBy } from '../../math/group-by.js';
import {
  calibrationPoints,
  worstMistakes,
  type ClassifiedRecord,
  type Mistake,
} from '../classified-records.js';
import { calibrationError } from '../metrics/calibration-error.js';
import { toFigures, toPartFigures, type PartFigures } from '../metrics/figures.js';
import { UNCLASSIFIED } from '../../classifier/labels.js';

/** The half of a split file to which a program belongs. */
export type Half = 'A' | 'B';

/** The recall of a label. A line belongs to its first right label. */
export interface LabelRecall {
  readonly label: string;
  readonly lines: number;
  readonly recall: number;
}

/** How many pairs have the right label in every line. */
export interface PairFigures {
  readonly pairs: number;
  readonly right: number;
  /** Pairs with a single line here, for example because the other line is in the other half. They do not count. */
  readonly incomplete: number;
}

/** The figures of a file of an exam, or of a half of it. The shares are null if there are no lines. */
export interface ExamPart extends PartFigures {
  readonly half: Half | null;
  /** The mean recall of the first right labels; each label has the same weight. */
  readonly balancedAccuracy: number | null;
  /** The share of the lines that are Unclassified. */
  readonly unclassified: number | null;
  /** The share of the lines that are wrong with a confidence above SURE. */
  readonly sureAndWrong: number | null;
  /** Calibration error of the embedding tier over the lines that kept its label; null if there are none. */
  readonly calibrationError: number | null;
  /** The labels with at least MIN_LINES lines, sorted by name. */
  readonly labels: readonly LabelRecall[];
  /** Null if no line has a pair. */
  readonly pairs: PairFigures | null;
  readonly mistakes: readonly Mistake[];
}

/** A wrong label with a higher confidence counts as `sureAndWrong`. */
const SURE = 0.8;

/** The recall of a label with fewer lines is too uncertain to be shown. */
const MIN_LINES = 30;

/**
 * Computes the figures of a file or of a half.
 * @param options.mistakes the most mistakes to return
 */
export function toExamPart(
  lines: readonly ClassifiedRecord<ExamRecord>[],
  { half, mistakes }: { half: Half | null; mistakes: number },
): ExamPart {
  // Any right label counts as the first one.
  const pairs = lines.map(({ record, result, right }) => {
    return { expected: record.label, given: right ? record.label : result.label };
  });
  const points = calibrationPoints(lines);
  const share = (matches: (line: ClassifiedRecord) => boolean): number | null =>
    lines.length === 0 ? null : lines.filter(matches).length / lines.length;
  const { perLabel, balancedAccuracy } = toFigures(pairs);
  return {
    half,
    ...toPartFigures(pairs),
    balancedAccuracy: lines.length === 0 ? null : balancedAccuracy,
    unclassified: share(({ result }) => result.label === UNCLASSIFIED),
    sureAndWrong: share(({ result, right }) => !right && (result.confidence ?? 0) > SURE),
    calibrationError: points.length === 0 ? null : calibrationError(points),
    labels: perLabel
      .filter(({ support }) => support >= MIN_LINES)
      .map(({ label, support, recall }) => ({ label, lines: support, recall: recall ?? 0 })),
    pairs: pairFigures(lines),
    mistakes: worstMistakes(lines.map(withAllLabels), mistakes),
  };
}

/** A mistake shows all right labels. */
function withAllLabels(line: ClassifiedRecord<ExamRecord>): ClassifiedRecord {
  return { ...line, record: { ...line.record, label: line.record.accepted.join(' | ') } };
}

function pairFigures(lines: readonly ClassifiedRecord<ExamRecord>[]): PairFigures | null {
  const paired = lines.filter(({ record }) => record.pair !== undefined);
  if (paired.length === 0) return null;
  const groups = [...groupBy(paired, ({ record }) => record.pair).values()];
  const complete = groups.filter((group) => group.length > 1);
  return {
    pairs: complete.length,
    right: complete.filter((group) => group.every(({ right }) => right)).length,
    incomplete: groups.length - complete.length,
  };
}

/**
 * Returns the half of a program: a bit of the hash of its source. All lines of a program are in the same half, and the
 * half stays the same when the file gets more lines.
 */
export function halfOf(source: string): Half {
  const [first = 0] = createHash('sha256').update(source.trim()).digest();
  return first % 2 === 0 ? 'A' : 'B';
}
