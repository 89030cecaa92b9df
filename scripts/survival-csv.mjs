import { messageOf, ruleMessageOf } from './bench/messages.mjs';
import { scramble } from './bench/vary.mjs';
import { SOURCES } from './bench/words.mjs';

/** One row in so many has a template that no other row has. */
const FRESH_EVERY = 250;
const REPEATED_TEMPLATES = 300;
/** One row in so many is matched by a rule, has line breaks in its cell, or cannot be read. */
const RULE_EVERY = 3;
const LINES_EVERY = 97;
const BAD_EVERY = 1009;
const LABELS = ['Error', 'User Action', 'mine', ''];
const FIRST_TIME = Date.UTC(2026, 0, 1);

/**
 * Returns a CSV with times, labels of its own, repeated and fresh templates, cells with line breaks and rows that cannot be
 * read. The same arguments give the same text.
 * @param {number} rows
 * @param {number} seed
 */
export function survivalCsv(rows, seed) {
  const lines = ['time,source,log_message,target_label'];
  for (let row = 1; row <= rows; row += 1) lines.push(lineOf(row, seed));
  return `${lines.join('\n')}\n`;
}

function lineOf(/** @type {number} */ row, /** @type {number} */ seed) {
  if (row % BAD_EVERY === 0) return `only one cell ${row}`;
  const time = new Date(FIRST_TIME + row * 1500).toISOString();
  const source = SOURCES[scramble(row, seed) % SOURCES.length] ?? '';
  const message = messageAt(row, seed).replaceAll('"', '""');
  const tail = row % LINES_EVERY === 0 ? `\n  at line ${row}\n  caused by ""${row}""` : '';
  return `${time},${source},"${message}${tail}",${LABELS[scramble(row, seed + 1) % LABELS.length]}`;
}

function messageAt(/** @type {number} */ row, /** @type {number} */ seed) {
  if (row % FRESH_EVERY === 0)
    return messageOf(1000 * seed + REPEATED_TEMPLATES + row / FRESH_EVERY, row, 90);
  if (row % RULE_EVERY === 0) return ruleMessageOf(row);
  return messageOf(1000 * seed + (scramble(row, seed + 2) % REPEATED_TEMPLATES), row, 90);
}
