import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { messageOf, ruleMessageOf } from './messages.mjs';
import { scramble } from './vary.mjs';
import { SOURCES } from './words.mjs';

/**
 * The content of a file of made-up log lines. The same plan makes the same bytes.
 * @typedef {object} Plan
 * @property {number} rows
 * @property {number} templates distinct templates of the lines that no rule matches
 * @property {number} ruleShare share of the lines that a built-in rule matches, from 0 to 1
 * @property {number} length approximate characters of a message that no rule matches
 * @property {number} firstTemplate number of the first template; another number makes other templates
 */

/** @typedef {{ source: string, message: string, byRule: boolean }} Row */

/** @typedef {'csv' | 'lines' | 'ndjson'} Format of a file */

/** How each format writes a row, and what precedes the rows. */
const FORMATS = {
  csv: {
    head: 'source,log_message\n',
    row: (/** @type {Row} */ { source, message }) => `${source},${quoted(message)}\n`,
  },
  lines: { head: '', row: (/** @type {Row} */ { message }) => `${message}\n` },
  ndjson: {
    head: '',
    row: (/** @type {Row} */ { source, message }) => `${JSON.stringify({ source, log_message: message })}\n`,
  },
};

/** Characters per write. */
const PIECE_CHARS = 256 * 1024;

/** @throws RangeError when the plan has fewer lines that no rule matches than templates */
export function checkPlan(/** @type {Plan} */ { rows, templates, ruleShare }) {
  const plain = rows - rulesBefore(rows, ruleShare);
  if (templates < 1 || plain < templates) {
    throw new RangeError(`${templates} templates do not fit into ${plain} lines that no rule matches.`);
  }
}

/**
 * Returns one row of the file. It depends only on the plan and the row number. Each template comes once first, so that
 * the file has all of them; the other rows have pseudo-random templates. Lines that rules match are spread evenly.
 * @param {Plan} plan
 * @param {number} row
 * @returns {Row}
 */
export function rowAt({ templates, ruleShare, length, firstTemplate }, row) {
  const source = SOURCES[scramble(row, 1) % SOURCES.length] ?? '';
  const rules = rulesBefore(row, ruleShare);
  if (rulesBefore(row + 1, ruleShare) > rules) return { source, message: ruleMessageOf(row), byRule: true };
  const index = row - rules;
  const template = index < templates ? index : scramble(index, 2) % templates;
  return { source, message: messageOf(firstTemplate + template, row, length), byRule: false };
}

/**
 * Writes the plan's rows.
 * @param {string} file
 * @param {Plan} plan
 * @param {Format} [format]
 */
export async function writePlan(file, plan, format = 'csv') {
  checkPlan(plan);
  await writeRows(file, plan, { count: plan.rows, step: 1, format });
}

/**
 * Writes a sample of the plan's rows as CSV, evenly spread from the first row on.
 * @param {string} file
 * @param {Plan} plan
 * @param {number} rows
 */
export async function writeSample(file, plan, rows) {
  const count = Math.min(rows, plan.rows);
  await writeRows(file, plan, { count, step: plan.rows / count, format: 'csv' });
}

/**
 * Writes messages as a CSV with a single source.
 * @param {string} file
 * @param {readonly string[]} messages
 */
export async function writeMessages(file, messages) {
  await pipeline(
    ['source,log_message\n', ...messages.map((message) => `App1,${quoted(message)}\n`)],
    createWriteStream(file),
  );
}

function rulesBefore(/** @type {number} */ row, /** @type {number} */ share) {
  return Math.floor(row * share + 1e-9);
}

async function writeRows(
  /** @type {string} */ file,
  /** @type {Plan} */ plan,
  /** @type {{ count: number, step: number, format: Format }} */ selection,
) {
  await pipeline(pieces(plan, selection), createWriteStream(file));
}

function* pieces(
  /** @type {Plan} */ plan,
  /** @type {{ count: number, step: number, format: Format }} */ { count, step, format },
) {
  const { head, row } = FORMATS[format];
  let text = head;
  for (let i = 0; i < count; i += 1) {
    text += row(rowAt(plan, Math.floor(i * step)));
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = '';
  }
  yield text;
}

function quoted(/** @type {string} */ cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
