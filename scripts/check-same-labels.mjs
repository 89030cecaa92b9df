/**
 * Checks on a file of yours that a row's label and confidence depend on the row alone: labels it again and again,
 * with and without cache, in memory and on disk, on one thread and on several, in other orders and with other uploads beside it, and
 * compares every row to the last bit of its confidence.
 *
 *   npm run check-same-labels -- logs.csv
 *
 * Exits with 1 when any row differs. The LLM is not asked.
 */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClassifier } from '../dist/classifier/open.js';
import { loadConfig } from '../dist/config.js';
import { openText } from '../dist/csv/decode.js';
import { openTable } from '../dist/csv/reader.js';
import { seededRandom, shuffled } from '../dist/training/random.js';

const CHUNK_ROWS = 500;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Name a CSV with the columns source and log_message.');
  process.exit(2);
}
const records = await readRecords(file);
const reference = await inEachOrder({}, [records.keys()]);

const threads = loadConfig({}).encoderThreads;
const cacheDir = mkdtempSync(join(tmpdir(), 'check-same-labels-'));
process.once('exit', () => rmSync(cacheDir, { recursive: true, force: true }));
const ways = [
  ['without a cache', { CACHE_MAX_BYTES: '1' }, [records.keys()]],
  ['on one thread', { ENCODER_THREADS: '1' }, [records.keys()]],
  ['while predictions are kept on disk', { CACHE_DIR: cacheDir }, [records.keys()]],
  ['by predictions kept on disk', { CACHE_DIR: cacheDir, CACHE_MAX_BYTES: '1' }, [records.keys()]],
  [`on ${threads + 1} threads`, { ENCODER_THREADS: String(threads + 1) }, [records.keys()]],
  ['backwards', {}, [[...records.keys()].reverse()]],
  ['in four orders at once', {}, [1, 2, 3, 4].map(atRandom)],
  ['in two orders at once without a cache', { CACHE_MAX_BYTES: '1' }, [5, 6].map(atRandom)],
];
for (const [name, settings, orders] of ways) {
  const found = await inEachOrder(settings, orders);
  const different = found.flatMap((one) => one.filter((text, row) => text !== reference[0][row]));
  console.log(`${name}: ${found.length} x ${records.length} rows, ${different.length} different`);
  if (different.length > 0) process.exitCode = 1;
}

function atRandom(/** @type {number} */ seed) {
  return shuffled([...records.keys()], seededRandom(seed));
}

async function readRecords(/** @type {string} */ path) {
  const { text, bom } = await openText(createReadStream(path));
  const table = await openTable(text, { bom, maxCellChars: 1_000_000 });
  const { sourceIndex, messageIndex } = table.layout;
  const rows = [];
  for await (const chunk of table.chunks()) rows.push(...chunk.rows);
  return rows.map((row) => ({ source: row[sourceIndex], message: row[messageIndex] }));
}

/**
 * Labels the records in each of these orders, all at the same time, with a classifier of its own; gives for each
 * order what became of the records, in the file's order.
 */
async function inEachOrder(/** @type {Record<string, string>} */ settings, orders) {
  const options = { logger: silent, llm: false, watch: false };
  const classifier = await openClassifier(loadConfig(settings), options);
  const results = await Promise.all(orders.map((order) => labelled(classifier, [...order])));
  await classifier.close();
  return results;
}

async function labelled(classifier, /** @type {number[]} */ order) {
  const session = classifier.session();
  const texts = new Array(order.length);
  for (let start = 0; start < order.length; start += CHUNK_ROWS) {
    const places = order.slice(start, start + CHUNK_ROWS);
    const results = await session.classify(places.map((place) => records[place]));
    results.forEach((result, i) => (texts[places[i]] = JSON.stringify(result)));
  }
  return texts;
}
