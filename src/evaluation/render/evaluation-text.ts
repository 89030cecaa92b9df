import type { Mistake } from '../classified-records.js';
import type { EvaluationReport } from '../evaluate.js';
import { MAX_LABELS, mostFrequentLabels } from '../metrics/confusion.js';
import { oneLine, percent, textTable } from './text-table.js';

/** Longer messages and labels are cut. */
const MESSAGE_CHARS = 120;
const LABEL_CHARS = 40;

/** Upper bound of the mistakes shown; the report's files have more. */
const MAX_MISTAKES = 10;

/** The column in which the values of the headline begin. */
const HEADLINE_WIDTH = 42;

/** Returns the report as text for a terminal. */
export function evaluationText(report: EvaluationReport): string {
  return [
    headline(report),
    ...unknownLabels(report),
    `Per label\n${labelTable(report)}`,
    `Confusion (rows: right label, columns: given label)\n${confusionTable(report)}`,
    `Per tier\n${tierTable(report)}`,
    ...confidencePerLabel(report),
    ...mistakes(report.worstMistakes),
  ].join('\n\n');
}

function headline(report: EvaluationReport): string {
  const [low, high] = report.accuracyInterval;
  const ece = report.embeddingEce;
  const rows = [
    ['lines', String(report.n)],
    ['accuracy', `${percent(report.accuracy)} (95 %: ${percent(low)} to ${percent(high)})`],
    ['balanced accuracy', percent(report.balancedAccuracy)],
    ['macro-F1', report.macroF1.toFixed(3)],
    ['calibration error of the embedding tier', ece === null ? '-' : ece.toFixed(3)],
    ['lines that the head was trained on', String(report.learnt)],
    ['lines with labels that the head lacks', String(report.unknownLabels.lines)],
    ['Unclassified for low confidence', String(report.lowConfidence)],
    ['lines of LLM sources without the LLM', String(report.llmUnavailable)],
  ] as const;
  return rows.map(([name, value]) => `${name.padEnd(HEADLINE_WIDTH)}${value}`).join('\n');
}

function unknownLabels({ unknownLabels: { labels, names } }: EvaluationReport): string[] {
  if (labels === 0) return [];
  const shown = names.map((name) => oneLine(name, LABEL_CHARS)).join(', ');
  const rest = labels > names.length ? ` and ${labels - names.length} more` : '';
  return [
    `The head does not know these labels of the data: ${shown}${rest}.\n` +
      'Only a rule or the LLM can assign them; all other lines with these labels count as wrong.',
  ];
}

function labelTable({ perLabel }: EvaluationReport): string {
  const shown = mostFrequentLabels(perLabel);
  const rows = shown.map(({ label, precision, recall, f1, support }) => [
    oneLine(label, LABEL_CHARS),
    percent(precision),
    percent(recall),
    f1.toFixed(3),
    String(support),
  ]);
  const table = textTable([['label', 'precision', 'recall', 'F1', 'lines'], ...rows]);
  const hidden = perLabel.length - shown.length;
  return hidden > 0 ? `${table}\nand ${hidden} rarer labels, see the report's files` : table;
}

function confusionTable({ confusion: { labels, counts } }: EvaluationReport): string {
  const rows = labels.map((label, index) => [
    `${index + 1} ${oneLine(label, LABEL_CHARS)}`,
    ...(counts[index] ?? []).map((count) => (count === 0 ? '.' : String(count))),
  ]);
  return textTable([['', ...labels.map((_, index) => String(index + 1))], ...rows]);
}

function tierTable({ tiers }: EvaluationReport): string {
  const rows = tiers.map(({ tier, lines, share, accuracy }) => {
    return [tier, String(lines), percent(share), percent(accuracy)];
  });
  return textTable([['tier', 'lines', 'share', 'accuracy'], ...rows]);
}

function confidencePerLabel({ labelReliability }: EvaluationReport): string[] {
  if (labelReliability.length === 0) return [];
  const rows = labelReliability
    .slice(0, MAX_LABELS)
    .map(({ label, lines, meanConfidence, accuracy }) => [
      oneLine(label, LABEL_CHARS),
      String(lines),
      percent(meanConfidence),
      percent(accuracy),
    ]);
  return [
    `Confidence per given label, embedding tier\n${textTable([['label', 'lines', 'mean confidence', 'right'], ...rows])}`,
  ];
}

function mistakes(worst: readonly Mistake[]): string[] {
  if (worst.length === 0) return [];
  return [`The most confident mistakes\n${worst.slice(0, MAX_MISTAKES).map(mistakeText).join('\n')}`];
}

/** Returns a mistake as two lines: where it is and what was wrong, then the message. */
export function mistakeText(mistake: Mistake): string {
  const { line, source, message, expected, label, tier, rule, confidence } = mistake;
  const by = rule === undefined ? tier : `${tier} ${rule}`;
  const confidenceText = confidence === null ? '' : ` ${confidence.toFixed(2)}`;
  const labels = `${oneLine(label, LABEL_CHARS)} instead of ${oneLine(expected, LABEL_CHARS)}`;
  return `line ${line}: ${labels} (${by}${confidenceText})\n    ${oneLine(`${source}: ${message}`, MESSAGE_CHARS)}`;
}
