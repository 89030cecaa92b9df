import type { HeadFile } from '../classifier/embedding/head-file.js';
import type { HeldOutFigures } from './cross-validation.js';
import { wilsonInterval } from './figures.js';
import { percent, textTable } from './text-table.js';

/** What a training found, for a terminal. */
export function trainingText({ labels, metrics, threshold, trainedOn }: HeadFile): string {
  const { leaveSourcesOut, randomSplit, atThreshold } = metrics;
  const figures = textTable([
    ['held out', 'accuracy (95 %)', 'macro-F1', 'calibration error', 'templates'],
    ...(leaveSourcesOut ? [row('whole sources: what a new system will see', leaveSourcesOut)] : []),
    row('random templates: flattering', randomSplit),
  ]);
  const missing = leaveSourcesOut
    ? []
    : ['Whole sources cannot be held out: there are too few, or one of them holds all lines of a label.'];
  return [
    `${trainedOn.templates} templates of ${trainedOn.rows} lines, ${labels.length} labels, C = ${trainedOn.c}`,
    figures,
    ...missing,
    `Below confidence ${threshold} a line becomes Unclassified: ${percent(atThreshold.coverage)} of the held-out ` +
      `templates keep their label, ${percent(atThreshold.accuracy)} of them rightly.`,
  ].join('\n');
}

function row(name: string, { accuracy, macroF1, ece, n }: HeldOutFigures): string[] {
  const [low, high] = wilsonInterval(accuracy, n);
  const interval = `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
  return [name, interval, macroF1.toFixed(3), ece.toFixed(3), String(n)];
}
