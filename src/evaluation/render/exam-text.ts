import type { ExamFileReport, ExamReport } from '../exam/exam.js';
import type { ExamPart } from '../exam/exam-part.js';
import type { WrappedFigures, WrappersReport } from '../exam/wrapper-exam.js';
import type { Interval } from '../metrics/figures.js';
import { mistakeText } from './evaluation-text.js';
import { oneLine, percent, textTable } from './text-table.js';

const FILE_CHARS = 60;
const LABEL_CHARS = 40;

/** Returns the result of an exam as text for a terminal. */
export function examText({ files, wrappers }: ExamReport): string {
  return [
    ...(files.length > 0 ? [fileTable(files)] : []),
    ...learntWarnings(files),
    ...files.flatMap(partTexts),
    ...wrappers.map(wrapperText),
  ].join('\n\n');
}

function fileTable(files: readonly ExamFileReport[]): string {
  const rows = files.flatMap(({ file, parts }) =>
    parts.map((part) => [
      nameOf(file, part),
      String(part.lines),
      part.lines === 0 ? '-' : withInterval(part.accuracy, part.accuracyInterval),
      percent(part.balancedAccuracy),
      percent(part.unclassified),
      percent(part.sureAndWrong),
      part.calibrationError === null ? '-' : part.calibrationError.toFixed(3),
    ]),
  );
  const header = [
    'file',
    'lines',
    'right (95 %)',
    'balanced',
    'Unclassified',
    'wrong above 0.8',
    'calibration error',
  ];
  return textTable([header, ...rows]);
}

function nameOf(file: string, { half }: ExamPart): string {
  return oneLine(half === null ? file : `${file} ${half}`, FILE_CHARS);
}

function withInterval(share: number, [low, high]: Interval): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)})`;
}

function learntWarnings(files: readonly ExamFileReport[]): string[] {
  const learnt = files.filter((file) => file.learnt > 0);
  if (learnt.length === 0) return [];
  const counts = learnt.map((file) => `${oneLine(file.file, FILE_CHARS)} ${file.learnt}`).join(', ');
  return [
    `The head was trained on the templates of some lines, so these figures are too optimistic: ${counts}.`,
  ];
}

/** Labels, pairs and mistakes of each part of a file; nothing for a part that has none of them. */
function partTexts({ file, parts }: ExamFileReport): string[] {
  return parts.flatMap((part) => {
    const texts = [...labelTable(part), ...pairText(part), ...part.mistakes.map(mistakeText)];
    return texts.length === 0 ? [] : [[nameOf(file, part), ...texts].join('\n')];
  });
}

function labelTable({ labels }: ExamPart): string[] {
  if (labels.length === 0) return [];
  const rows = labels.map(({ label, lines, recall }) => [
    oneLine(label, LABEL_CHARS),
    String(lines),
    percent(recall),
  ]);
  return [textTable([['label', 'lines', 'recall'], ...rows])];
}

function pairText({ pairs }: ExamPart): string[] {
  if (pairs === null) return [];
  const rest =
    pairs.incomplete === 0 ? '' : ` (not counted, because they have a single line here: ${pairs.incomplete})`;
  return [`Pairs with all lines right: ${pairs.right} of ${pairs.pairs}${rest}.`];
}

function wrapperText({ file, messages, bareRight, wrappers, all }: WrappersReport): string {
  const row = (name: string, plain: WrappedFigures, withContext: WrappedFigures | null): string[] => [
    oneLine(name, LABEL_CHARS),
    withInterval(plain.sameLabel, plain.interval),
    percent(plain.right),
    withContext === null ? '-' : withInterval(withContext.sameLabel, withContext.interval),
    percent(withContext?.right ?? null),
  ];
  const table = textTable([
    ['wrapper', 'same label (95 %)', 'right', 'same label after 3 kB of fields', 'right'],
    ...wrappers.map(({ name, plain, withContext }) => row(name, plain, withContext)),
    row('all wrappers', all.plain, all.withContext),
  ]);
  return `${oneLine(file, FILE_CHARS)}: ${messages} messages, ${percent(bareRight)} of them right without a wrapper\n${table}`;
}
