import { verdict } from './verdict.mjs';

/** @typedef {import('./verdict.mjs').Verdict} Verdict */
/** @typedef {import('./measure-csv.mjs').Result} Result */

/**
 * Compares all measured figures with their goals.
 * @param {readonly Result[]} results
 * @returns {Verdict[]}
 */
export function verdictsOn(results) {
  const of = (/** @type {string} */ load) => results.find((result) => result.load === load);
  return [
    ...throughput(of('repeats'), of('fresh'), of('file')),
    ...['lines', 'ndjson'].map((format) =>
      verdict(`${format}, alone`, of(format)?.alone?.rowsPerSecond, 'rows/s', 'at least', 100_000),
    ),
    ...memory(results, of('repeats'), of('flat')),
    ...['repeats', 'fresh'].flatMap((load) => latencies(load, of(load))),
    ...idle(results),
    verdict(
      'ready, slowest start',
      worst(results, (result) => result.readySeconds),
      's',
      'below',
      3,
    ),
  ].filter((one) => one !== undefined);
}

function throughput(
  /** @type {Result | undefined} */ repeats,
  /** @type {Result | undefined} */ fresh,
  /** @type {Result | undefined} */ file,
) {
  return [
    verdict('repeats, alone', repeats?.alone?.rowsPerSecond, 'rows/s', 'at least', 100_000),
    verdict('repeats, under probes', repeats?.probed?.rowsPerSecond, 'rows/s', 'at least', 100_000),
    verdict('fresh, part of the bare encoder', percent(fresh?.bare?.share), '%', 'at least', 90),
    verdict('file, times the naive way', file?.naive.ratio, '', 'at least', 12),
  ];
}

function memory(
  /** @type {readonly Result[]} */ results,
  /** @type {Result | undefined} */ repeats,
  /** @type {Result | undefined} */ flat,
) {
  const [small, large] = [repeats?.peakMegabytes.alone, flat?.peakMegabytes.alone];
  const growth = small !== undefined && large !== undefined ? large / small - 1 : undefined;
  return [
    verdict(
      'peak RSS, largest',
      worst(results, ({ peakMegabytes }) => peakMegabytes.end),
      'MB',
      'at most',
      700,
    ),
    verdict('peak RSS, flat over repeats', percent(growth), '%', 'at most', 15),
  ];
}

function latencies(/** @type {string} */ load, /** @type {Result | undefined} */ result) {
  const busy = result?.busy;
  return [
    verdict(`health p99 under ${load}`, busy?.health?.p99, 'ms', 'below', 50),
    verdict(`known p99 under ${load}`, busy?.known?.p99, 'ms', 'below', 50),
    verdict(`new p99 under ${load}`, busy?.new?.p99, 'ms', 'below', 300),
  ];
}

function idle(/** @type {readonly Result[]} */ results) {
  return [
    verdict(
      'known median idle, slowest',
      worst(results, (result) => result.idle?.known.p50),
      'ms',
      'below',
      3,
    ),
    verdict(
      'new median idle, slowest',
      worst(results, (result) => result.idle?.new.p50),
      'ms',
      'below',
      40,
    ),
  ];
}

/** @returns {number | undefined} the largest value of a figure over all loads that have it */
function worst(
  /** @type {readonly Result[]} */ results,
  /** @type {(result: Result) => number | null | undefined} */ figure,
) {
  const values = results.map(figure).filter((value) => typeof value === 'number');
  return values.length === 0 ? undefined : Math.max(...values);
}

function percent(/** @type {number | undefined} */ share) {
  return share === undefined ? undefined : share * 100;
}
