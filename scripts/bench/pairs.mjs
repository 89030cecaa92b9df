import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { UnusedTemplates } from './hostile/new-lines.mjs';
import { bulkPass } from './hostile/small-beside-bulk.mjs';
import { LoadFiles, removeFiles } from './load-files.mjs';
import { csvLoad, HOSTILE, INTERACTIVE } from './loads.mjs';
import { interactivePass } from './measure-interactive.mjs';
import { percentile } from './percentile.mjs';
import { OWN_SERVER, startServer } from './server-process.mjs';
import { aligned, shown } from './text-table.mjs';
import { uploadPass } from './upload-pass.mjs';

const BULK_ROWS = 5000;
const QUICK_BULK_ROWS = 500;

/** @typedef {import('./server-process.mjs').ServerProcess} ServerProcess */
/** @typedef {{ own: number, other: number }} Pair the same figure of the two servers */

/**
 * The result of one load on two servers.
 * @typedef {object} Comparison
 * @property {string} load
 * @property {string} figure name of the figure; larger is better
 * @property {readonly Pair[]} pairs
 */

/**
 * Measures a load on two servers, in pairs. Each pass has a fresh process and the same input. The server that comes
 * first alternates from pair to pair.
 * @param {string} name
 * @param {import('./measure-csv.mjs').Surroundings} surroundings
 * @returns {Promise<Comparison>}
 */
export async function comparePairs(name, { folder, options, say }) {
  const { server: own = OWN_SERVER, against: other = OWN_SERVER } = options;
  const { figure, measure, end } = await passOf(name, folder, options);
  /** @type {Pair[]} */
  const pairs = [];
  for (let turn = 0; turn < options.pairs; turn += 1) {
    const pair = { own: NaN, other: NaN };
    /** @type {['own' | 'other', string][]} */
    const order = [
      ['own', own],
      ['other', other],
    ];
    if (turn % 2 === 1) order.reverse();
    for (const [side, program] of order) {
      const server = await startServer(folder, program);
      pair[side] = await measure(server);
      await server.stop();
    }
    pairs.push(pair);
    say(`pair ${turn + 1} of ${options.pairs}: ${shown(pair.own / pair.other, 3)}`);
  }
  await end?.();
  return { load: name, figure, pairs };
}

/**
 * Returns the comparisons as text: the median of each server, and median, minimum and maximum of the pairs' ratios.
 * @param {readonly Comparison[]} comparisons
 */
export function pairsReport(comparisons) {
  const lines = comparisons.map(({ load, figure, pairs }) => {
    const ratios = pairs.map(({ own, other }) => own / other);
    return [
      load,
      figure,
      shown(median(pairs.map(({ own }) => own)), 0),
      shown(median(pairs.map(({ other }) => other)), 0),
      String(pairs.length),
      ...[median(ratios), percentile(ratios, 0), percentile(ratios, 1)].map((ratio) => shown(ratio, 3)),
    ];
  });
  const heading = [
    'load',
    'figure',
    'this server',
    'the other',
    'pairs',
    'ratio, median',
    'least',
    'largest',
  ];
  return aligned([heading, ...lines]);
}

/**
 * Returns how to measure a load once.
 * @returns {Promise<{ figure: string, measure: (server: ServerProcess) => Promise<number>, end?: () => Promise<void> }>}
 */
async function passOf(
  /** @type {string} */ name,
  /** @type {string} */ folder,
  /** @type {import('./options.mjs').Options} */ options,
) {
  if (name === INTERACTIVE) {
    return {
      figure: 'requests/s',
      measure: async (server) =>
        (await interactivePass(server, options.seconds)).interactive.requestsPerSecond,
    };
  }
  if (name === HOSTILE)
    return { figure: 'templates/s of 4 uploads', measure: (server) => bulk(server, options) };
  const { file } = options;
  if (name === 'file' && file !== undefined) {
    return { figure: 'rows/s', measure: (server) => rowsPerSecond(server, { path: file }) };
  }
  const load = csvLoad(name, options);
  await mkdir(join(folder, name), { recursive: true });
  const made = await new LoadFiles(join(folder, name), load).make();
  return {
    figure: 'rows/s',
    measure: (server) => rowsPerSecond(server, made),
    end: () => removeFiles([made]),
  };
}

async function rowsPerSecond(
  /** @type {ServerProcess} */ server,
  /** @type {{ path: string, rows?: number, templates?: number }} */ file,
) {
  return (await uploadPass(server, [file])).rowsPerSecond;
}

/** @throws Error when one of the four uploads is rejected */
async function bulk(/** @type {ServerProcess} */ { address }, /** @type {{ quick: boolean }} */ { quick }) {
  const { templatesPerSecond, statuses } = await bulkPass(address, {
    rows: quick ? QUICK_BULK_ROWS : BULK_ROWS,
    templates: new UnusedTemplates(),
    signal: new AbortController().signal,
    small: true,
  });
  if (statuses.some((status) => status !== 200)) throw new Error(`The uploads got the statuses ${statuses}.`);
  return templatesPerSecond;
}

/** Returns the median; for an even number of values the mean of the two middle ones. */
function median(/** @type {readonly number[]} */ values) {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
