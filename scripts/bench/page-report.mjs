import { delaysTable } from './delays.mjs';
import { aligned, shown, verdictTable } from './text-table.mjs';
import { verdict } from './verdict.mjs';

/** @typedef {import('./measure-page.mjs').PageResult} PageResult */

/** Compares the figures of the page with their goals. @returns {import('./verdict.mjs').Verdict[]} */
export function pageVerdicts(/** @type {readonly PageResult[]} */ results) {
  return results
    .flatMap(({ shownMs, steps, tabMegabytes }) => [
      verdict('page, result on the screen', shownMs, 'ms', 'at most', 1000),
      ...steps.map(({ name, p95 }) => verdict(`page, ${name}, p95`, p95, 'ms', 'at most', 200)),
      verdict('page, memory of the tab', tabMegabytes, 'MB', 'below', 300),
    ])
    .filter((one) => one !== undefined);
}

/** Returns the results of the page as text. */
export function pageReport(
  /** @type {readonly PageResult[]} */ results,
  /** @type {readonly import('./verdict.mjs').Verdict[]} */ verdicts,
) {
  const tables = results.map(({ rows, shownMs, steps, tabMegabytes }) => {
    const facts = aligned([
      ['page', ''],
      ['rows', shown(rows, 0)],
      ['result on the screen, ms', shown(shownMs, 0)],
      ['memory of the tab, MB', shown(tabMegabytes, 0)],
    ]);
    return `${facts}\n\n${delaysTable(['step', 'done'], steps)}`;
  });
  return [...tables, verdictTable(verdicts)].join('\n\n');
}
