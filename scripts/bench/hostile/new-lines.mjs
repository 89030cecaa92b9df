import { messageOf } from '../messages.mjs';

const MESSAGE_CHARS = 60;
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = CONSONANTS.length * VOWELS.length;
const WORD_SYLLABLES = 4;

/** The default of `MAX_JSON_BYTES`. A larger body is rejected without being parsed. */
export const MOST_JSON_BYTES = 16 * 1024 * 1024;

/** Hands out template numbers that the attack has not used. Each attack has a fresh process and begins at 0. */
export class UnusedTemplates {
  #next = 0;

  /**
   * @param {number} count
   * @returns {number} the first of `count` consecutive templates
   */
  take(count) {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}

/**
 * Returns a CSV file in which every row has its own template.
 * @param {number} first the template of the first row; the next rows have the following templates
 * @param {number} rows
 * @param {string} [source]
 */
export function csvOfNewLines(first, rows, source = 'App1') {
  return Buffer.from(csvText(rows, source, (row) => first + row));
}

/**
 * Returns a CSV file with a number of templates, repeated until it has the size.
 * @param {number} templates
 * @param {number} bytes
 */
export function csvOfKnownLines(templates, bytes) {
  const [header = '', ...lines] = csvText(templates, 'App1', (row) => row).split(/(?<=\n)/);
  const block = lines.join('');
  return Buffer.from(header + block.repeat(Math.ceil((bytes - header.length) / block.length)));
}

/**
 * Returns a CSV file whose last row has an extra cell, so that it is rejected after all other rows have been read.
 * @param {number} first the template of the first row
 * @param {number} rows the number of rows before the last one
 */
export function csvWithRaggedEnd(first, rows) {
  return Buffer.concat([csvOfNewLines(first, rows), Buffer.from('App1,one,two\n')]);
}

/**
 * Returns a JSON body in which every log has its own template, with about 60 bytes per log.
 * @param {number} first the template of the first log, see `shortMessage`
 * @param {number} logs
 */
export function jsonOfNewLogs(first, logs) {
  const list = Array.from({ length: logs }, (_, i) => ({
    source: 'App1',
    log_message: shortMessage(first + i),
  }));
  return Buffer.from(JSON.stringify({ logs: list }));
}

/**
 * Returns a message of 27 characters with a made-up word that identifies the template.
 * @param {number} template from 0 to 24,009,999
 */
export function shortMessage(template) {
  let word = '';
  for (let rest = template, i = 0; i < WORD_SYLLABLES; i += 1, rest = Math.floor(rest / SYLLABLES)) {
    const syllable = rest % SYLLABLES;
    word += `${CONSONANTS[Math.floor(syllable / VOWELS.length)]}${VOWELS[syllable % VOWELS.length]}`;
  }
  return `worker ${word} stopped early`;
}

function csvText(
  /** @type {number} */ rows,
  /** @type {string} */ source,
  /** @type {(row: number) => number} */ templateOf,
) {
  const lines = ['source,log_message\n'];
  // Messages of this length contain neither commas nor quotes.
  for (let row = 0; row < rows; row += 1) {
    lines.push(`${source},${messageOf(templateOf(row), row, MESSAGE_CHARS)}\n`);
  }
  return lines.join('');
}
