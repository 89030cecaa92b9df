import type { Mistake } from '../classified-records.js';
import type { EvaluationReport } from '../evaluate.js';
import type { PartFigures } from '../metrics/figures.js';
import { percent } from './text-table.js';
import { rowSum } from '../metrics/confusion.js';
import type { Reliability } from '../metrics/reliability.js';
import { shown } from './markup.js';
import { grouped } from './numbers.js';

/** A table of plain text that is not escaped yet. The first column names the row. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of a table. `number` is aligned to the right; `long` is for text of many words. */
export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'long' | 'number';
}

const LABEL_CHARS = 40;
const SOURCE_CHARS = 40;

/** The report has no more of a message, see Mistake. */
const MESSAGE_CHARS = 300;

/** Returns precision, recall and F1 of each label. */
export function labelTable({ perLabel }: EvaluationReport): Table {
  return {
    caption: 'Precision, recall and F1 of each label',
    columns: [text('label'), ...['precision', 'recall', 'F1', 'lines'].map(number)],
    rows: perLabel.map(({ label, precision, recall, f1, support }) => [
      shown(label, LABEL_CHARS),
      percent(precision),
      percent(recall),
      support === 0 ? '-' : f1.toFixed(3),
      grouped(support),
    ]),
  };
}

/** Returns the confusion matrix. */
export function confusionTable({ confusion }: EvaluationReport): Table {
  const { labels, counts } = confusion;
  const names = labels.map((label) => shown(label, LABEL_CHARS));
  return {
    caption: 'Confusion matrix: right labels in rows, given labels in columns',
    columns: [text('right label'), ...names.map(number), number('lines')],
    rows: names.map((name, index) => {
      const row = counts[index] ?? [];
      return [name, ...row.map(grouped), grouped(rowSum(row))];
    }),
  };
}

const RELIABILITY_COLUMNS = ['lines', 'mean confidence', 'right', '95 % interval'].map(number);

/** Returns the share of right labels in each interval of confidence. */
export function reliabilityTable({ reliability }: EvaluationReport): Table {
  return {
    caption: 'Confidence of the embedding tier against the share of right labels',
    columns: [text('confidence'), ...RELIABILITY_COLUMNS],
    rows: reliability.map((bin) => [
      `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}`,
      ...reliabilityCells(bin),
    ]),
  };
}

/** Returns mean confidence and share of right labels of the lines that were given each label. */
export function labelReliabilityTable({ labelReliability }: EvaluationReport): Table {
  return {
    caption: 'Confidence of the embedding tier for each label that it gave',
    columns: [text('label'), ...RELIABILITY_COLUMNS],
    rows: labelReliability.map((ofLabel) => [
      shown(ofLabel.label, LABEL_CHARS),
      ...reliabilityCells(ofLabel),
    ]),
  };
}

function reliabilityCells({ lines, meanConfidence, accuracy, accuracyInterval }: Reliability): string[] {
  return [
    grouped(lines),
    percent(meanConfidence),
    percent(accuracy),
    accuracyInterval ? interval(accuracyInterval) : '-',
  ];
}

/** Returns the effect of other thresholds. */
export function thresholdTable({ riskCoverage: { choices, threshold } }: EvaluationReport): Table {
  return {
    caption: 'Effect of other thresholds on the lines of the embedding tier',
    columns: [text('threshold'), ...['lines with a label', 'coverage', 'wrong'].map(number)],
    rows: choices.map(({ confidence, lines, coverage, risk }) => [
      confidence === threshold ? `${confidence} (the head’s)` : String(confidence),
      grouped(lines),
      percent(coverage),
      percent(risk),
    ]),
  };
}

/** Returns the most confident mistakes. */
export function mistakeTable({ worstMistakes }: EvaluationReport): Table {
  return {
    caption: 'Lines with a wrong label, the most confident first',
    columns: [
      text('line'),
      text('source'),
      { name: 'message', kind: 'long' },
      text('right label'),
      text('given label'),
      text('by'),
      number('confidence'),
    ],
    rows: worstMistakes.map((mistake) => [
      String(mistake.line),
      shown(mistake.source, SOURCE_CHARS),
      shown(mistake.message, MESSAGE_CHARS),
      shown(mistake.expected, LABEL_CHARS),
      shown(mistake.label, LABEL_CHARS),
      decidedBy(mistake),
      mistake.confidence === null ? '-' : mistake.confidence.toFixed(2),
    ]),
  };
}

/** Returns the figures of each tier. */
export function tierTable({ tiers }: EvaluationReport): Table {
  return {
    caption: 'Each tier',
    columns: [text('tier'), ...['lines', 'share', ...ACCURACY].map(number)],
    rows: tiers.map(({ share, ...tier }) => [
      tier.tier,
      grouped(tier.lines),
      percent(share),
      ...accuracyCells(tier),
    ]),
  };
}

/** Returns the figures of each source. */
export function sourceTable({ sources, otherSources }: EvaluationReport): Table {
  const others = otherSources
    ? [{ ...otherSources, source: `${grouped(otherSources.sources)} other sources` }]
    : [];
  return {
    caption: 'Each source, those with the most lines first',
    columns: [text('source'), ...['lines', ...ACCURACY].map(number)],
    rows: [...sources, ...others].map((part) => [
      shown(part.source, SOURCE_CHARS),
      grouped(part.lines),
      ...accuracyCells(part),
    ]),
  };
}

const ACCURACY = ['accuracy', '95 % interval'];

function accuracyCells({ accuracy, accuracyInterval }: PartFigures): string[] {
  return [percent(accuracy), interval(accuracyInterval)];
}

/** Formats an interval of shares. */
export function interval([low, high]: PartFigures['accuracyInterval']): string {
  return `${percent(low)} to ${percent(high)}`;
}

function decidedBy({ tier, rule, note }: Mistake): string {
  const by = rule === undefined ? tier : `${tier} ${shown(rule, LABEL_CHARS)}`;
  return note === undefined ? by : `${by}, ${note.replaceAll('-', ' ')}`;
}

function text(name: string): Column {
  return { name, kind: 'text' };
}

function number(name: string): Column {
  return { name, kind: 'number' };
}
