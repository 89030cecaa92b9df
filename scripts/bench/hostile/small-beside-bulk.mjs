import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../percentile.mjs';
import { verdict } from '../verdict.mjs';
import { csvOfNewLines, UnusedTemplates } from './new-lines.mjs';
import { post, tally } from './post.mjs';

const BULK_UPLOADS = 4;
const BULK_ROWS = 20_000;
const QUICK_BULK_ROWS = 1500;
const LINES = 10;
const PAUSE_MS = 250;
/** The pass without small uploads has fewer rows, because the rate is steady after the first seconds. */
const ALONE_PART = 0.5;

/**
 * The result of one pass.
 * @typedef {object} BulkPass
 * @property {number} seconds until the last of the four large uploads was answered
 * @property {number} rowsPerSecond of the four large uploads
 * @property {number} templatesPerSecond of the large and the small uploads
 * @property {readonly (number | null)[]} statuses of the four large uploads
 * @property {readonly import('./post.mjs').Answer[]} small
 */

/**
 * Sends four uploads of new lines at the same time: first alone, then together with small uploads of ten new lines.
 * @returns {import('./attacks.mjs').Attack}
 */
export function smallBesideBulk() {
  return {
    name: 'ten new lines beside 4 × 20,000',
    limitSeconds: 600,
    async run({ address, signal, quick, say, ordinary }) {
      const rows = quick ? QUICK_BULK_ROWS : BULK_ROWS;
      const templates = new UnusedTemplates();
      say('four uploads alone');
      ordinary.pause();
      const alone = await bulkPass(address, { rows: rows * ALONE_PART, templates, signal, small: false });
      say('four uploads, small ones beside');
      ordinary.resume();
      const beside = await bulkPass(address, { rows, templates, signal, small: true });
      return { note: noteOn(alone, beside), figures: { alone, beside }, verdicts: verdictsOn(alone, beside) };
    },
  };
}

/**
 * Uploads four files of new lines at the same time; with `small`, also small uploads one after the other.
 * @param {string} address
 * @param {{ rows: number, templates: UnusedTemplates, signal: AbortSignal, small: boolean }} options
 * @returns {Promise<BulkPass>}
 */
export async function bulkPass(address, { rows, templates, signal, small }) {
  const bodies = Array.from({ length: BULK_UPLOADS }, () => csvOfNewLines(templates.take(rows), rows));
  const done = new AbortController();
  const begin = performance.now();
  const bulk = Promise.all(bodies.map((body) => post(address, { type: 'text/csv', body, signal })));
  const beside = small ? smallUploads(address, templates, signal, done.signal) : Promise.resolve([]);
  const statuses = (await bulk).map(({ status }) => status);
  const seconds = (performance.now() - begin) / 1000;
  done.abort();
  const answers = await beside;
  const lines = answers.filter(({ status }) => status === 200).length * LINES;
  const rowsPerSecond = (BULK_UPLOADS * rows) / seconds;
  return {
    seconds,
    rowsPerSecond,
    templatesPerSecond: rowsPerSecond + lines / seconds,
    statuses,
    small: answers,
  };
}

async function smallUploads(
  /** @type {string} */ address,
  /** @type {UnusedTemplates} */ templates,
  /** @type {AbortSignal} */ signal,
  /** @type {AbortSignal} */ done,
) {
  /** @type {import('./post.mjs').Answer[]} */
  const answers = [];
  while (!done.aborted && !signal.aborted) {
    const body = csvOfNewLines(templates.take(LINES), LINES);
    answers.push(await post(address, { type: 'text/csv', body, signal }));
    await pause(PAUSE_MS);
  }
  return answers;
}

/** Returns the 95th percentile of the small uploads' seconds. An upload without a 200 counts as Infinity. */
function slowWait(/** @type {BulkPass} */ { small }) {
  return percentile(
    small.map(({ status, seconds }) => (status === 200 ? seconds : Infinity)),
    0.95,
  );
}

function noteOn(/** @type {BulkPass} */ alone, /** @type {BulkPass} */ beside) {
  const p95 = slowWait(beside);
  const waits = `p95 ${p95 === null ? '-' : p95.toFixed(2)} s of ${beside.small.length} (${tally(beside.small.map(({ status }) => status))})`;
  const rate = (/** @type {BulkPass} */ pass) =>
    `${pass.rowsPerSecond.toFixed(0)} rows/s, ${pass.templatesPerSecond.toFixed(0)} templates/s`;
  return `ten new lines: ${waits}; the four alone: ${rate(alone)} (${tally(alone.statuses)}); with small ones beside: ${rate(beside)} (${tally(beside.statuses)})`;
}

function verdictsOn(/** @type {BulkPass} */ alone, /** @type {BulkPass} */ beside) {
  const share = (beside.templatesPerSecond / alone.templatesPerSecond) * 100;
  return [
    verdict('ten new lines beside four uploads, p95', slowWait(beside), 's', 'at most', 1),
    verdict('templates/s of four uploads, small ones beside, to alone', share, '%', 'at least', 90),
  ];
}
