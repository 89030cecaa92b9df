/**
 * The naive way to label a CSV, for comparison with the server. It uses one thread, reads the complete file as one
 * string, and sends every message unmasked through encoder and head. Do not change it: ratios of different days could
 * no longer be compared.
 *
 *   node scripts/bench/naive.mjs logs.csv            all lines
 *   node scripts/bench/naive.mjs logs.csv --rows 500 the first 500
 *
 * Prints `{"rows", "seconds"}`. The time does not include loading the models.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { loadHead } from '../../dist/classifier/embedding/head.js';
import { loadSentenceEncoder } from '../../dist/classifier/embedding/sentence-encoder.js';

const model = (/** @type {string} */ path) => fileURLToPath(new URL(`../../models/${path}`, import.meta.url));

// Disables the telemetry of onnxruntime.
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
// Papa Parse treats 0 as no limit.
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
