import { delaysTable } from './delays.mjs';
import { aligned, shown, verdictTable } from './text-table.mjs';
import { verdict } from './verdict.mjs';

/** @typedef {import('./measure-jobs.mjs').JobsResult} JobsResult */

/** Compares the figures of jobs with their goals. @returns {import('./verdict.mjs').Verdict[]} */
export function jobsVerdicts(/** @type {readonly JobsResult[]} */ results) {
  return results
    .flatMap(({ questions, peakMegabytes }) => [
      ...questions.map(({ name, p95 }) => verdict(`jobs, ${name}, p95`, p95, 'ms', 'at most', 100)),
      verdict('jobs, peak RSS', peakMegabytes, 'MB', 'at most', 700),
    ])
    .filter((one) => one !== undefined);
}

/** Returns the results of jobs as text. */
export function jobsReport(
  /** @type {readonly JobsResult[]} */ results,
  /** @type {readonly import('./verdict.mjs').Verdict[]} */ verdicts,
) {
  const tables = results.map((result) => {
    const { rows, uploadSeconds, seconds, rowsPerSecond, resultSeconds, peakMegabytes } = result;
    const facts = aligned([
      ['jobs', ''],
      ['rows', shown(rows, 0)],
      ['upload, s', shown(uploadSeconds, 2)],
      ['labelling, s', shown(seconds, 2)],
      ['rows/s', shown(rowsPerSecond, 0)],
      ['first download, s', shown(resultSeconds, 2)],
      ['peak RSS, MB', shown(peakMegabytes, 0)],
    ]);
    return `${facts}\n\n${delaysTable(['question', 'asked'], result.questions)}`;
  });
  return [...tables, verdictTable(verdicts)].join('\n\n');
}
