/**
 * Measures the encoder alone. One thread per processor loads the encoder. The threads share a counter and encode the
 * distinct templates of a CSV in the same way as the server: one template per inference.
 *
 *   node scripts/bench/bare-encoder.mjs logs.csv
 *
 * Prints `{"templates", "seconds", "threads"}`. The time does not include reading, masking and loading.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import Papa from 'papaparse';
import { loadSentenceEncoder } from '../../dist/classifier/embedding/sentence-encoder.js';
import { toEncoderText } from '../../dist/classifier/embedding/words.js';
import { toTemplate } from '../../dist/classifier/template/template.js';

const ENCODER = fileURLToPath(new URL('../../models/all-MiniLM-L6-v2', import.meta.url));

// Disables the telemetry of onnxruntime, which reads this variable on the main thread only.
if (isMainThread) process.env.ORT_DISABLE_TELEMETRY = '1';
await (isMainThread ? measure(process.argv[2] ?? '') : encodeFromCounter());

async function measure(/** @type {string} */ file) {
  const { data } = Papa.parse(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true });
  const templates = [...new Set(data.map(({ log_message }) => toTemplate(log_message)))];
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL(import.meta.url), { workerData: { templates, counter } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const begin = performance.now();
  const ends = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage('go');
  await Promise.all(ends);
  const seconds = (performance.now() - begin) / 1000;
  console.log(JSON.stringify({ templates: templates.length, seconds, threads: workers.length }));
}

/** Runs in a worker: warms up, waits for a message, then encodes until the counter is past the last template. */
async function encodeFromCounter() {
  /** @type {{ templates: string[], counter: Int32Array }} */
  const { templates, counter } = workerData;
  const encode = await loadSentenceEncoder(ENCODER);
  await encode(['warm up '.repeat(200)]);
  parentPort?.postMessage('warm');
  if (parentPort) await once(parentPort, 'message');
  for (let i = next(counter); i < templates.length; i = next(counter)) {
    await encode([toEncoderText(templates[i] ?? '')]);
  }
  parentPort?.postMessage('done');
}

function next(/** @type {Int32Array} */ counter) {
  return Atomics.add(counter, 0, 1);
}
