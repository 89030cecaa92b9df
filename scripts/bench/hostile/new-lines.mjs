import { messageOf } from '../messages.mjs';

const MESSAGE_CHARS = 60;
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = CONSONANTS.length * VOWELS.length;
const WORD_SYLLABLES = 4;

/** `MAX_JSON_BYTES` by default: a larger body is refused for its size alone. */
export const MOST_JSON_BYTES = 16 * 1024 * 1024;

/** Numbers of templates that one attack has not used yet. Each attack meets a fresh process, so each begins at 0. */
export class UnusedTemplates {
  #next = 0;

  /**
   * @param {number} count
   * @returns {number} the first of so many consecutive templates
   */
  take(count) {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}

/**
 * A CSV file of rows that all have different templates.
 * @param {number} first the first row's template; the next rows have the following ones
 * @param {number} rows
 * @param {string} [source]
 */
export function csvOfNewLines(first, rows, source = 'App1') {
  return Buffer.from(csvText(rows, source, (row) => first + row));
}

/**
 * A CSV file of a given number of templates, repeated until it has the size.
 * @param {number} templates
 * @param {number} bytes
 */
export function csvOfKnownLines(templates, bytes) {
  const [header = '', ...lines] = csvText(templates, 'App1', (row) => row).split(/(?<=\n)/);
  const block = lines.join('');
  return Buffer.from(header + block.repeat(Math.ceil((bytes - header.length) / block.length)));
}

/**
 * A CSV file whose last row has a cell too many, so that it is refused after all other rows have been read.
 * @param {number} first the template of the first row
 * @param {number} rows in front of the ragged one
 */
export function csvWithRaggedEnd(first, rows) {
  return Buffer.concat([csvOfNewLines(first, rows), Buffer.from('App1,one,two\n')]);
}

/**
 * A JSON body of logs that all have different templates, in some 60 bytes a log.
 * @param {number} first the first log's template, of those that `shortMessage` makes
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
 * A message of its own template in 27 characters. It is a made-up word between fixed ones.
 * @param {number} template 0 up to 24,010,000
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
  // Messages of this length have neither commas nor quotes.
  for (let row = 0; row < rows; row += 1) {
    lines.push(`${source},${messageOf(templateOf(row), row, MESSAGE_CHARS)}\n`);
  }
  return lines.join('');
}
