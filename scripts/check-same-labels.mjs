/**
 * Checks with your own file that label and confidence of a row depend only on the row. Labels the file repeatedly: with and
 * without cache, in memory and on disk, with one thread and several, in other orders, and at the same time as other uploads.
 * Compares label and confidence of every row exactly.
 *
 *   npm run check-same-labels -- logs.csv
 *
 * Exits with 1 if a row differs. The LLM is not used.
 */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClassifier } from '../dist/classifier/open.js';
import { loadConfig } from '../dist/config.js';
import { openText } from '../dist/text/open-text.js';
import { openCsv } from '../dist/formats/csv/csv-input.js';
import { KNOWN_FIELDS } from '../dist/formats/fields.js';
import { seededRandom, shuffled } from '../dist/math/random.js';

const CHUNK_ROWS = 500;
const FROM_DISK = 'by predictions kept on disk';
/** How many predictions the last opened classifier found on disk. */
const found = { onDisk: 0 };
const logger = {
  info: (/** @type {{ templates?: number }} */ details) => (found.onDisk = details.templates ?? 0),
  warn: fail,
  error: fail,
};

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: npm run check-same-labels -- <CSV with the columns source and log_message>');
  process.exit(2);
}
const records = await readRecords(file);
const [reference = []] = await inEachOrder({}, [records.keys()]);

const threads = loadConfig({}).encoderThreads;
const cacheDir = mkdtempSync(join(tmpdir(), 'check-same-labels-'));
process.once('exit', () => rmSync(cacheDir, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(1));
/** @type {[name: string, settings: Record<string, string>, orders: Iterable<number>[]][]} */
const variants = [
  ['without a cache', { CACHE_MAX_BYTES: '1' }, [records.keys()]],
  ['on one thread', { ENCODER_THREADS: '1' }, [records.keys()]],
  ['while predictions are kept on disk', { CACHE_DIR: cacheDir }, [records.keys()]],
  [FROM_DISK, { CACHE_DIR: cacheDir, CACHE_MAX_BYTES: '1' }, [records.keys()]],
  [`on ${threads + 1} threads`, { ENCODER_THREADS: String(threads + 1) }, [records.keys()]],
  ['in reverse order', {}, [[...records.keys()].reverse()]],
  ['in four random orders at once', {}, [1, 2, 3, 4].map(atRandom)],
  ['in two random orders at once without a cache', { CACHE_MAX_BYTES: '1' }, [5, 6].map(atRandom)],
];
for (const [name, settings, orders] of variants) {
  found.onDisk = 0;
  const labelled = await inEachOrder(settings, orders);
  const different = labelled.flatMap((one) => one.filter((text, row) => text !== reference[row]));
  console.log(`${name}: ${labelled.length} x ${records.length} rows, ${different.length} different`);
  if (different.length > 0) process.exitCode = 1;
  if (name === FROM_DISK && found.onDisk === 0) fail({}, 'no prediction was kept on disk');
}

function fail(/** @type {object} */ details, /** @type {string} */ message) {
  console.error(message, details);
  process.exit(1);
}

function recordAt(/** @type {number} */ index) {
  const record = records[index];
  if (!record) throw new RangeError(`Record ${index} does not exist.`);
  return record;
}

function atRandom(/** @type {number} */ seed) {
  return shuffled([...records.keys()], seededRandom(seed));
}

async function readRecords(/** @type {string} */ path) {
  const { text, bom } = await openText(createReadStream(path));
  const table = await openCsv(text, { bom, fields: KNOWN_FIELDS, onError: 'fail', maxCellChars: 1_000_000 });
  const found = [];
  for await (const chunk of table.chunks()) found.push(...chunk.records);
  return found;
}

/**
 * Labels the records in each of these orders, all at the same time, with a new classifier. Returns the results for each
 * order, in the order of the file.
 */
async function inEachOrder(
  /** @type {Record<string, string>} */ settings,
  /** @type {Iterable<number>[]} */ orders,
) {
  const options = { logger, llm: false, watch: false };
  const classifier = await openClassifier(loadConfig(settings), options);
  const results = await Promise.all(orders.map((order) => labelInOrder(classifier, [...order])));
  await classifier.close();
  return results;
}

async function labelInOrder(
  /** @type {import('../dist/classifier/types.js').Classifier} */ classifier,
  /** @type {number[]} */ order,
) {
  const session = classifier.session();
  /** @type {string[]} */
  const texts = new Array(order.length);
  for (let start = 0; start < order.length; start += CHUNK_ROWS) {
    const indices = order.slice(start, start + CHUNK_ROWS);
    const results = await session.classify(indices.map(recordAt));
    indices.forEach((index, i) => (texts[index] = JSON.stringify(results[i])));
  }
  return texts;
}
