import type { HeldOutFigures } from '../training/cross-validation.js';
import { wilsonInterval } from '../evaluation/metrics/figures.js';
import { FOLD_COUNT } from '../training/folds.js';
import { oneLine, percent, textTable } from '../evaluation/render/text-table.js';
import type { Training } from '../training/train.js';

/** Characters shown of a label. */
const LABEL_CHARS = 40;

/** Labels named where there may be many. */
const MAX_NAMED = 10;
const MAX_RECALLS = 40;

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
  return [
    `${trainedOn.templates} templates of ${trainedOn.rows} lines, ${labels.length} labels, ` +
      `${vocabulary.terms.length} terms, C = ${trainedOn.c}`,
    figures,
    ...notHeldOut(training, groups),
    recallText(leaveGroupsOut ?? randomSplit),
    `Below confidence ${threshold} a line becomes Unclassified: ${percent(atThreshold.coverage)} of the held-out ` +
      `templates keep their label, ${percent(atThreshold.accuracy)} of them rightly.`,
    ...comparison(training, present),
  ].join('\n');
}

/** What the figures are not of, and why. */
function notHeldOut({ noGroupSplit, head: { metrics } }: Training, groups: string): string[] {
  const why = {
    'few-groups': `there are fewer than ${FOLD_COUNT}`,
    'few-labels': 'fewer than two labels have lines in more than one of them',
  };
  const { leaveGroupsOut, randomSplit } = metrics;
  const unjudged = { byGroup: unjudgedLabels(leaveGroupsOut), atRandom: unjudgedLabels(randomSplit) };
  return [
    ...(noGroupSplit ? [`Whole ${groups} cannot be held out: ${why[noGroupSplit]}.`] : []),
    ...(unjudged.byGroup.length > 0
      ? [
          `Not judged with whole ${groups} held out, as all their lines are held out together (a label needs two ` +
            `${groups} or more): ${named(unjudged.byGroup)}. The figures, C and the threshold leave their lines out.`,
        ]
      : []),
    ...(unjudged.atRandom.length > 0
      ? [`Not judged with random templates held out, as they have one template: ${named(unjudged.atRandom)}.`]
      : []),
  ];
}

/** Labels of which nothing is known. */
function unjudgedLabels(figures: HeldOutFigures | null): string[] {
  return Object.entries(figures?.recall ?? {}).flatMap(([label, recall]) => (recall === null ? [label] : []));
}

function named(labels: readonly string[]): string {
  const rest = labels.length - MAX_NAMED;
  const names = labels.slice(0, MAX_NAMED).map((label) => oneLine(label, LABEL_CHARS));
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function recallText({ recall }: HeldOutFigures): string {
  const entries = Object.entries(recall);
  const shares = entries
    .slice(0, MAX_RECALLS)
    .map(([label, share]) => `${oneLine(label, LABEL_CHARS)} ${percent(share)}`);
  const rest = entries.length - shares.length;
  return `Found of each label: ${shares.join(', ')}${rest > 0 ? `; ${rest} more are in the head's file` : ''}.`;
}

function comparison({ own, head }: Training, present: PresentHead | undefined): string[] {
  if (!present) return [];
  const groups = head.trainedOn.groupedBy === 'family' ? 'families' : 'sources';
  const { groupsHeldOut, heldOut, presentHasLearnt } = own;
  const table = textTable([
    ['on your templates', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(groupsHeldOut ? [row(`new head, whole ${groups} held out`, groupsHeldOut)] : []),
    ...(heldOut ? [row('new head, templates held out', heldOut)] : []),
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
