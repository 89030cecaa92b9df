/**
 * The naive way to label a CSV, to measure the server against: one thread, the whole file as one string, every row's
 * message as it is through the encoder and the head. It is not to be changed, or ratios of different days could not
 * be compared.
 *
 *   node scripts/bench/naive.mjs logs.csv            all lines
 *   node scripts/bench/naive.mjs logs.csv --rows 500 the first 500
 *
 * Prints `{"rows", "seconds"}`; loading the models is not counted.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { loadHead } from '../../dist/classifier/embedding/head.js';
import { loadSentenceEncoder } from '../../dist/classifier/embedding/sentence-encoder.js';

const model = (/** @type {string} */ path) => fileURLToPath(new URL(`../../models/${path}`, import.meta.url));

// onnxruntime reports on its use to its maker unless told not to.
process.env.ORT_DISABLE_TELEMETRY = '1';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '0' } },
});
const encode = await loadSentenceEncoder(model('all-MiniLM-L6-v2'));
const head = await loadHead(model('classifier.json'));
await encode(['warm up']);

const begin = performance.now();
const text = readFileSync(positionals[0] ?? '', 'utf8');
// Papa Parse takes 0 for no limit.
const { data, meta } = Papa.parse(text, {
  header: true,
  skipEmptyLines: true,
  preview: Number(values.rows),
});
for (const row of data) {
  const [embedding] = await encode([row.log_message]);
  const { label, confidence } = head.predict(/** @type {Float32Array} */ (embedding), row.log_message);
  row.target_label = confidence >= head.threshold ? label : 'Unclassified';
}
Papa.unparse(data, { columns: [...(meta.fields ?? []), 'target_label'] });
console.log(JSON.stringify({ rows: data.length, seconds: (performance.now() - begin) / 1000 }));
