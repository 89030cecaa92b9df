/**
 * The code of a worker thread, which has its own onnxruntime session. Keep it small: coverage does not see worker
 * threads. Tests run sentence-encoder.ts in the main thread instead.
 */
import { workerData } from 'node:worker_threads';
import { loadSentenceEncoder } from './sentence-encoder.js';
import { toEncoderText } from './words.js';

const encode = await loadSentenceEncoder((workerData as { dir: string }).dir);

/** Returns one embedding per template, in order. */
export default (templates: readonly string[]) => encode(templates.map(toEncoderText));
