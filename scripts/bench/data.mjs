import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { messageOf, ruleMessageOf } from './messages.mjs';
import { scramble } from './vary.mjs';
import { SOURCES } from './words.mjs';

/**
 * What a file of made-up log lines is to be like. The same plan gives the same bytes.
 * @typedef {object} Plan
 * @property {number} rows
 * @property {number} templates distinct ones among the lines that no rule matches
 * @property {number} ruleShare share of lines that a built-in rule matches, 0 up to 1
 * @property {number} length about so many characters has a message that no rule matches
 * @property {number} firstTemplate files with other templates begin elsewhere
 */

/** @typedef {{ source: string, message: string, byRule: boolean }} Row */

/** Characters handed to the file at once. */
const PIECE_CHARS = 256 * 1024;

/** @throws RangeError when there are fewer lines for the embedding than templates. */
export function checkPlan(/** @type {Plan} */ { rows, templates, ruleShare }) {
  const plain = rows - rulesBefore(rows, ruleShare);
  if (templates < 1 || plain < templates) {
    throw new RangeError(`${templates} templates do not fit into ${plain} lines that no rule matches.`);
  }
}

/**
 * One row of the file, from its place alone. The templates come once each first and then by chance, so that a file
 * has all of them; lines that rules match lie evenly between them.
 * @param {Plan} plan
 * @param {number} row
 * @returns {Row}
 */
export function rowAt({ templates, ruleShare, length, firstTemplate }, row) {
  const source = SOURCES[scramble(row, 1) % SOURCES.length] ?? '';
  const rules = rulesBefore(row, ruleShare);
  if (rulesBefore(row + 1, ruleShare) > rules) return { source, message: ruleMessageOf(row), byRule: true };
  const place = row - rules;
  const template = place < templates ? place : scramble(place, 2) % templates;
  return { source, message: messageOf(firstTemplate + template, row, length), byRule: false };
}

/**
 * Writes the plan's rows as CSV.
 * @param {string} file
 * @param {Plan} plan
 */
export async function writeCsv(file, plan) {
  checkPlan(plan);
  await writeRows(file, plan, plan.rows, 1);
}

/**
 * Writes a sample of the plan's rows as CSV: so many of them, evenly spread from the first one on.
 * @param {string} file
 * @param {Plan} plan
 * @param {number} rows
 */
export async function writeSample(file, plan, rows) {
  const count = Math.min(rows, plan.rows);
  await writeRows(file, plan, count, plan.rows / count);
}

/**
 * Writes messages as a CSV of one source.
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
  /** @type {number} */ count,
  /** @type {number} */ step,
) {
  await pipeline(pieces(plan, count, step), createWriteStream(file));
}

function* pieces(/** @type {Plan} */ plan, /** @type {number} */ count, /** @type {number} */ step) {
  let text = 'source,log_message\n';
  for (let i = 0; i < count; i += 1) {
    const { source, message } = rowAt(plan, Math.floor(i * step));
    text += `${source},${quoted(message)}\n`;
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = '';
  }
  yield text;
}

function quoted(/** @type {string} */ cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
