import type { EvaluationReport } from '../evaluate.js';
import { percent } from './text-table.js';
import { shown } from './markup.js';
import { grouped } from './numbers.js';
import { interval } from './tables.js';

/** What was measured with. */
export interface MeasuredData {
  /** The name of the file, without its folder. */
  readonly file: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** A name, a value and what the value rests on, as plain text. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

const FILE_CHARS = 100;
const LABEL_CHARS = 40;

/** The figures that matter most, the accuracy first. */
export function headlineFacts(report: EvaluationReport): Fact[] {
  const { embeddingEce: error, lowConfidence, llmUnavailable, riskCoverage } = report;
  const judged = riskCoverage.lines - riskCoverage.withheld;
  const learnt = {
    name: 'Learnt from',
    value: grouped(report.learnt),
    detail: 'of these lines or their like: they flatter',
  };
  const { lines, labels, names } = report.unknownLabels;
  const rest = labels > names.length ? ` and ${grouped(labels - names.length)} more` : '';
  const unknown = {
    name: 'Unknown labels',
    value: grouped(labels),
    detail:
      `of the data, which the head lacks and only a rule or the LLM can give; ${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}: ` +
      names.map((name) => shown(name, LABEL_CHARS)).join(', ') +
      rest,
  };
  const withoutLlm = {
    name: 'Without the LLM',
    value: grouped(llmUnavailable),
    detail: 'lines of its sources that rules and embedding labelled',
  };
  return [
    {
      name: 'Accuracy',
      value: percent(report.accuracy),
      detail: `95 % interval ${interval(report.accuracyInterval)}`,
    },
    { name: 'Macro-F1', value: report.macroF1.toFixed(3), detail: 'mean F1 of the labels in the data' },
    {
      name: 'Balanced accuracy',
      value: percent(report.balancedAccuracy),
      detail: 'mean recall of the labels in the data',
    },
    {
      name: 'Calibration error',
      value: error === null ? '-' : error.toFixed(3),
      detail: `embedding tier, ${grouped(judged)} lines that kept its label`,
    },
    {
      name: 'Low confidence',
      value: percent(lowConfidence / report.n),
      detail: `${grouped(lowConfidence)} lines became Unclassified`,
    },
    { name: 'Lines', value: grouped(report.n), detail: 'with a right label to compare with' },
    ...(report.learnt > 0 ? [learnt] : []),
    ...(labels > 0 ? [unknown] : []),
    ...(llmUnavailable > 0 ? [withoutLlm] : []),
  ];
}

/** What the figures are of. */
export function originFacts(
  report: EvaluationReport,
  { file, sha256 }: MeasuredData,
): Omit<Fact, 'detail'>[] {
  return [
    { name: 'Data', value: shown(file, FILE_CHARS) },
    { name: 'SHA-256 of the data', value: sha256 },
    { name: 'Version of the head', value: report.head.version },
    { name: 'Threshold of the head', value: String(report.head.threshold) },
  ];
}
