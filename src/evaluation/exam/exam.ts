import { toTemplate } from '../../classifier/template/template.js';
import type { ExamRecord } from '../../labelled-data/exam-csv.js';
import { classifyRecords, type HeadUsed, type MeasurableClassifier } from '../classified-records.js';
import { halfOf, toExamPart, type ExamPart, type Half } from './exam-part.js';
import { toWrappersReport, wrapperRecords, type WrappersReport } from './wrapper-exam.js';
import type { Wrappers } from './wrappers.js';

/** The name and the lines of a file of an exam. */
export interface ExamInput {
  readonly file: string;
  readonly sha256: string;
  readonly records: readonly ExamRecord[];
}

/** A wrappers file. */
export interface WrappersInput {
  readonly file: string;
  readonly content: Wrappers;
}

/** Options of `takeExam`. */
export interface ExamOptions {
  /** Whether the figures are those of the halves A and B of each file. */
  readonly split: boolean;
  /** The most mistakes of each file or half. */
  readonly mistakes: number;
  /** The half whose mistakes are shown; undefined for both. */
  readonly only: Half | undefined;
  /** Called with the number of classified lines. */
  readonly onProgress: (done: number) => void;
}

/** The figures of one file. */
export interface ExamFileReport {
  readonly file: string;
  readonly sha256: string;
  /** The complete file, or its halves A and B. */
  readonly parts: readonly ExamPart[];
  /** Lines whose template the head was trained on. They make the figures too optimistic. */
  readonly learnt: number;
}

/** The result of an exam. */
export interface ExamReport {
  readonly head: HeadUsed;
  readonly files: readonly ExamFileReport[];
  readonly wrappers: readonly WrappersReport[];
}

/** Returns the number of lines that `takeExam` classifies. */
export function examSize(inputs: readonly ExamInput[], wrappers: readonly WrappersInput[]): number {
  const wrapperLines = wrappers.map(({ content }) => wrapperRecords(content).length);
  return [...inputs.map(({ records }) => records.length), ...wrapperLines].reduce((sum, n) => sum + n, 0);
}

/** Classifies the lines of all files in the same way as an upload and computes the figures of each file. */
export async function takeExam(
  inputs: readonly ExamInput[],
  wrappers: readonly WrappersInput[],
  classifier: MeasurableClassifier,
  options: ExamOptions,
): Promise<ExamReport> {
  let done = 0;
  const classify = (records: readonly ExamRecord[]) => {
    const before = done;
    done += records.length;
    return classifyRecords(records, classifier, {
      isRight: ({ accepted }, label) => accepted.includes(label),
      onProgress: (ofFile) => options.onProgress(before + ofFile),
    });
  };
  const { version, threshold, hasLearnt } = classifier.head;
  const files: ExamFileReport[] = [];
  for (const { file, sha256, records } of inputs) {
    const lines = await classify(records);
    const halves: (Half | null)[] = options.split ? ['A', 'B'] : [null];
    files.push({
      file,
      sha256,
      parts: halves.map((half) => {
        const isShown = options.only === undefined || options.only === half;
        return toExamPart(
          lines.filter(({ record }) => half === null || halfOf(record.source) === half),
          { half, mistakes: isShown ? options.mistakes : 0 },
        );
      }),
      learnt: records.filter(({ message }) => hasLearnt(toTemplate(message))).length,
    });
  }
  const wrapperReports: WrappersReport[] = [];
  for (const { file, content } of wrappers) {
    wrapperReports.push(toWrappersReport(file, content, await classify(wrapperRecords(content))));
  }
  return { head: { version, threshold }, files, wrappers: wrapperReports };
}
