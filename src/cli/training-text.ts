import type { HeldOutFigures } from '../training/cross-validation.js';
import { wilsonInterval } from '../evaluation/metrics/figures.js';
import { FOLD_COUNT } from '../training/folds.js';
import { oneLine, percent, textTable } from '../evaluation/render/text-table.js';
import type { OrdinaryFigures } from '../training/ordinary-lines.js';
import type { Training } from '../training/train.js';
import { UNCLASSIFIED } from '../classifier/labels.js';

/** The most characters of a label that are shown. */
const LABEL_CHARS = 40;

/** The most labels named in one sentence, without and with their recall. */
const MAX_NAMED = 10;
const MAX_RECALLS = 40;

/** With fewer templates of the user's own, the figures need a caution. */
const MANY_TEMPLATES = 1000;

/** A larger share of ordinary lines with one of the user's labels needs a warning. */
const MAX_LABELLED = 0.15;

/** The head in use, which the new head is compared with. */
export interface CurrentHead {
  readonly file: string;
  /** Why it cannot be compared with the new head; undefined if it can. */
  readonly problem: string | undefined;
}

/** Returns the result of a training as text for a terminal. */
export function trainingText(training: Training, current?: CurrentHead): string {
  const { labels, metrics, threshold, trainedOn, vocabulary } = training.head;
  const { leaveGroupsOut, randomSplit, atThreshold } = metrics;
  const groups = trainedOn.groupedBy === 'family' ? 'families' : 'sources';
  const figures = textTable([
    ['held out', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(leaveGroupsOut ? [row(`complete ${groups}: expected on new systems`, leaveGroupsOut)] : []),
    row('random templates: too optimistic', randomSplit),
  ]);
  return [
    `${trainedOn.templates} templates of ${trainedOn.rows} lines, ${labels.length} labels, ` +
      `${vocabulary.terms.length} terms, C = ${trainedOn.c}`,
    figures,
    ...encoderText(training),
    ...notHeldOut(training, groups),
    recallText(leaveGroupsOut ?? randomSplit),
    `Below the threshold of ${threshold} a line becomes Unclassified: ${percent(atThreshold.coverage)} of the held-out ` +
      `templates keep their label, ${percent(atThreshold.accuracy)} of these labels are right.`,
    ...cautionText(training),
    ...comparisonText(training, current),
  ].join('\n');
}

/** Returns where the figures come from if the encoder has seen the lines. */
function encoderText({ usesEncoderFigures }: Training): string[] {
  if (!usesEncoderFigures) return [];
  return [
    "The encoder was tuned on these lines. The first row is from the encoder's manifest: there, each family was labelled with an " +
      'encoder that was tuned without it. C, confidence and threshold are from there, too. All other figures here are too optimistic.',
  ];
}

/** Returns a caution if the user's lines are too few, or of too few systems, for the figures to hold elsewhere. */
function cautionText({ data: { templates, groups } }: Training): string[] {
  if (templates >= MANY_TEMPLATES && groups >= FOLD_COUNT) return [];
  const systems = groups === 1 ? 'a single system' : `${groups} systems`;
  return [
    `Caution: your lines have only ${templates} templates of ${systems}. Figures from so little data do not show how ` +
      'the head does on other lines. Expect more mistakes, with too high a confidence, and try it on lines of other days and systems.',
  ];
}

/** Returns a sentence on the lines that were added to the user's. */
export function backgroundText(lines: number): string {
  return (
    `Your lines have no label ${UNCLASSIFIED}. ${lines} shipped lines with this label were added, so that lines unlike ` +
    'yours can become Unclassified. --no-unclassified leaves them out.'
  );
}

/** Returns a table of what the new head does to ordinary lines of other systems, and a warning if it is harmful. */
export function ordinaryText({ lines, shares, labelled }: OrdinaryFigures): string {
  const shown = shares.slice(0, MAX_NAMED);
  const rest = shares.slice(MAX_NAMED).reduce((sum, { share }) => sum + share, 0);
  const table = textTable([
    [`${lines} ordinary lines of other systems become`, 'share'],
    ...shown.map(({ label, share }) => [oneLine(label, LABEL_CHARS), percent(share)]),
    ...(rest > 0 ? [['other labels', percent(rest)]] : []),
  ]);
  const sentence =
    `These are shipped lines that have none of your labels. ${percent(labelled)} of them get one of your labels with a ` +
    'confidence above the threshold.';
  const warning =
    labelled > MAX_LABELLED
      ? [
          'Warning: That is much. In mixed logs, many labels of this head will be wrong. Add lines with the label ' +
            `${UNCLASSIFIED}: ordinary lines of your systems that fit none of your labels.`,
        ]
      : [];
  return [table, sentence, ...warning].join('\n');
}

/** Returns a sentence for each thing that could not be measured, with the reason. */
function notHeldOut({ noGroupSplit, head: { metrics } }: Training, groups: string): string[] {
  const reasons = {
    'few-groups': `there are fewer than ${FOLD_COUNT}`,
    'few-labels': 'fewer than two labels have lines in more than one of them',
  };
  const byGroup = unmeasurableLabels(metrics.leaveGroupsOut);
  const atRandom = unmeasurableLabels(metrics.randomSplit);
  return [
    ...(noGroupSplit ? [`Complete ${groups} cannot be held out: ${reasons[noGroupSplit]}.`] : []),
    ...(byGroup.length > 0
      ? [
          `Not measured with complete ${groups} held out, because a label needs lines in two ${groups} or more: ` +
            `${named(byGroup)}. The figures, C and the threshold leave out their lines.`,
        ]
      : []),
    ...(atRandom.length > 0
      ? [
          'Not measured with random templates held out, because a label needs two templates or more: ' +
            `${named(atRandom)}.`,
        ]
      : []),
  ];
}

function unmeasurableLabels(figures: HeldOutFigures | null): string[] {
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
  return `Recall of each label: ${shares.join(', ')}${rest > 0 ? `; the head's file has ${rest} more` : ''}.`;
}

function comparisonText({ comparison, head }: Training, current: CurrentHead | undefined): string[] {
  if (!current) return [];
  const groups = head.trainedOn.groupedBy === 'family' ? 'families' : 'sources';
  const { groupsHeldOut, templatesHeldOut, currentHead, currentHeadLearnt } = comparison;
  const table = textTable([
    ['on your templates', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(groupsHeldOut ? [row(`new head, complete ${groups} held out`, groupsHeldOut)] : []),
    ...(templatesHeldOut ? [row('new head, templates held out', templatesHeldOut)] : []),
    ...(currentHead ? [row('head in use', currentHead)] : []),
  ]);
  const remark =
    currentHead === undefined
      ? `The head in use cannot be compared: ${current.problem ?? 'it is missing'}`
      : `The head in use is ${current.file}. It was trained on ${currentHeadLearnt} of these templates` +
        (currentHeadLearnt > 0 ? ', so its figures are too optimistic.' : '.');
  return ['', table, remark];
}

function row(name: string, { accuracy, macroF1, ece, n }: HeldOutFigures): string[] {
  const [low, high] = wilsonInterval(accuracy, n);
  const interval = `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
  return [name, interval, macroF1.toFixed(3), ece.toFixed(3), String(n)];
}
