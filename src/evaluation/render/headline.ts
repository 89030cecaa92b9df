import type { EvaluationReport } from '../evaluate.js';
import { percent } from './text-table.js';
import { shown } from './markup.js';
import { grouped } from './numbers.js';
import { interval } from './tables.js';

/** The data that was measured. */
export interface MeasuredData {
  /** The name of the file, without its folder. */
  readonly file: string;
  /** SHA-256 of the file's bytes, in hex. */
  readonly sha256: string;
}

/** A figure with its name and an explanation, as plain text. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

const FILE_CHARS = 100;
const LABEL_CHARS = 40;

/** Returns the most important figures, the accuracy first. */
export function headlineFacts(report: EvaluationReport): Fact[] {
  const { embeddingEce: error, lowConfidence, llmUnavailable, riskCoverage } = report;
  const keptLines = riskCoverage.lines - riskCoverage.withheld;
  const trainedOn = {
    name: 'Trained on',
    value: grouped(report.learnt),
    detail: 'of these lines, or lines of the same template; figures are too optimistic',
  };
  const { lines, labels, names } = report.unknownLabels;
  const rest = labels > names.length ? ` and ${grouped(labels - names.length)} more` : '';
  const unknown = {
    name: 'Unknown labels',
    value: grouped(labels),
    detail:
      `of the data that the head lacks; only a rule or the LLM can assign them; ${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}: ` +
      names.map((name) => shown(name, LABEL_CHARS)).join(', ') +
      rest,
  };
  const withoutLlm = {
    name: 'Without the LLM',
    value: grouped(llmUnavailable),
    detail: 'lines of LLM sources that rules and embedding labelled',
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
      detail: `embedding tier, ${grouped(keptLines)} lines that kept its label`,
    },
    {
      name: 'Low confidence',
      value: percent(lowConfidence / report.n),
      detail: `${grouped(lowConfidence)} lines became Unclassified`,
    },
    { name: 'Lines', value: grouped(report.n), detail: 'with a right label' },
    ...(report.learnt > 0 ? [trainedOn] : []),
    ...(labels > 0 ? [unknown] : []),
    ...(llmUnavailable > 0 ? [withoutLlm] : []),
  ];
}

/** Returns which data and which head were measured. */
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
