import { aligned, shown, verdictTable } from './text-table.mjs';

/** @typedef {import('./measure-csv.mjs').Result} Result */
/** @typedef {[name: string, of: (result: Result) => number | null | undefined, decimals: number]} Figure */

const PROBES = /** @type {const} */ (['health', 'known', 'new']);
const POINTS = /** @type {const} */ (['p50', 'p99', 'max']);

/** @type {Figure[]} */
const FIGURES = [
  ['ready, s', (r) => r.readySeconds, 2],
  ['rows of an upload', (r) => r.alone && r.alone.rows / r.alone.uploads, 0],
  ['templates of an upload', (r) => r.alone?.templates, 0],
  ['alone: rows/s', (r) => r.alone?.rowsPerSecond, 0],
  ['alone: templates/s', (r) => r.alone?.templatesPerSecond, 0],
  ['alone: seconds', (r) => r.alone?.seconds, 2],
  ['alone: CPU seconds', (r) => r.alone?.cpuSeconds, 2],
  ...POINTS.map(
    (point) =>
      /** @type {Figure} */ ([`alone: loop delay ${point}, ms`, (r) => r.alone?.loopDelay[point], 1]),
  ),
  ['times the naive way', (r) => r.naive.ratio, 1],
  ['naive: rows/s', (r) => r.naive.rowsPerSecond, 0],
  ['naive: rows labelled', (r) => r.naive.rows, 0],
  ['bare encoder: templates/s', (r) => r.bare?.templatesPerSecond, 0],
  ['part of the bare encoder, %', (r) => r.bare && r.bare.share * 100, 1],
  ['busy: uploads', (r) => r.probed?.uploads, 0],
  ['busy: rows/s', (r) => r.probed?.rowsPerSecond, 0],
  ['busy: templates/s', (r) => r.probed?.templatesPerSecond, 0],
  ['busy: seconds', (r) => r.probed?.seconds ?? r.interactive?.seconds, 2],
  ['busy: CPU seconds', (r) => r.probed?.cpuSeconds ?? r.interactive?.cpuSeconds, 2],
  ...POINTS.map(
    (point) =>
      /** @type {Figure} */ ([
        `busy: loop delay ${point}, ms`,
        (r) => (r.probed ?? r.interactive)?.loopDelay[point],
        1,
      ]),
  ),
  ['requests/s', (r) => r.interactive?.requestsPerSecond, 0],
  ...POINTS.map(
    (point) => /** @type {Figure} */ ([`requests: ${point}, ms`, (r) => r.interactive?.all[point], 1]),
  ),
  ...PROBES.flatMap((probe) =>
    POINTS.map(
      (point) => /** @type {Figure} */ ([`${probe} busy ${point}, ms`, (r) => r.busy?.[probe]?.[point], 1]),
    ),
  ),
  ...PROBES.flatMap((probe) =>
    POINTS.map(
      (point) => /** @type {Figure} */ ([`${probe} idle ${point}, ms`, (r) => r.idle?.[probe][point], 1]),
    ),
  ),
  ['peak RSS after first upload, MB', (r) => r.peakMegabytes.alone, 0],
  ['peak RSS, MB', (r) => r.peakMegabytes.end, 0],
];

/**
 * Returns the results as text: a column for each load, a line for each figure, then the goals.
 * @param {readonly Result[]} results
 * @param {readonly import('./verdict.mjs').Verdict[]} verdicts
 */
export function reportOf(results, verdicts) {
  const lines = FIGURES.map(([name, of, decimals]) => [
    name,
    ...results.map((result) => shown(of(result), decimals)),
  ]).filter(([, ...cells]) => cells.some((cell) => cell !== '-'));
  const table = aligned([['', ...results.map(({ load }) => load)], ...lines]);
  return `${table}\n\n${verdictTable(verdicts)}`;
}
