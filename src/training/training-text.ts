import type { HeldOutFigures } from './cross-validation.js';
import { wilsonInterval } from './figures.js';
import { oneLine, percent, textTable } from './text-table.js';
import type { Training } from './train.js';

/** Characters shown of a label. */
const LABEL_CHARS = 40;

/** The head in use so far, beside which the new one is shown. */
export interface PresentHead {
  readonly file: string;
  /** Why it cannot be compared; undefined if it can. */
  readonly problem: string | undefined;
}

/** What a training found, for a terminal. */
export function trainingText(training: Training, present?: PresentHead): string {
  const { labels, metrics, threshold, trainedOn, vocabulary } = training.head;
  const { leaveGroupsOut, randomSplit, atThreshold } = metrics;
  const groups = trainedOn.groupedBy === 'family' ? 'families' : 'sources';
  const figures = textTable([
    ['held out', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(leaveGroupsOut ? [row(`whole ${groups}: what a new system will see`, leaveGroupsOut)] : []),
    row('random templates: flattering', randomSplit),
  ]);
  const missing = leaveGroupsOut
    ? []
    : [`Whole ${groups} cannot be held out: there are too few, or one of them holds all lines of a label.`];
  return [
    `${trainedOn.templates} templates of ${trainedOn.rows} lines, ${labels.length} labels, ` +
      `${vocabulary.terms.length} terms, C = ${trainedOn.c}`,
    figures,
    ...missing,
    recallText(leaveGroupsOut ?? randomSplit),
    `Below confidence ${threshold} a line becomes Unclassified: ${percent(atThreshold.coverage)} of the held-out ` +
      `templates keep their label, ${percent(atThreshold.accuracy)} of them rightly.`,
    ...comparison(training, present),
  ].join('\n');
}

function recallText({ recall }: HeldOutFigures): string {
  const shares = Object.entries(recall).map(
    ([label, share]) => `${oneLine(label, LABEL_CHARS)} ${percent(share)}`,
  );
  return `Found of each label: ${shares.join(', ')}.`;
}

function comparison({ own, head }: Training, present: PresentHead | undefined): string[] {
  if (!present) return [];
  const groups = head.trainedOn.groupedBy === 'family' ? 'families' : 'sources';
  const { groupsHeldOut, heldOut, presentHasLearnt } = own;
  const table = textTable([
    ['on your templates', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(groupsHeldOut ? [row(`new head, whole ${groups} held out`, groupsHeldOut)] : []),
    row('new head, templates held out', heldOut),
    ...(own.present ? [row('head in use', own.present)] : []),
  ]);
  const remark =
    own.present === undefined
      ? `The head in use cannot be compared: ${present.problem ?? 'there is none'}`
      : `The head in use is ${present.file}; it has learnt from ${presentHasLearnt} of these templates` +
        (presentHasLearnt > 0 ? ', so that its figures flatter.' : '.');
  return ['', table, remark];
}

function row(name: string, { accuracy, macroF1, ece, n }: HeldOutFigures): string[] {
  const [low, high] = wilsonInterval(accuracy, n);
  const interval = `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
  return [name, interval, macroF1.toFixed(3), ece.toFixed(3), String(n)];
}
