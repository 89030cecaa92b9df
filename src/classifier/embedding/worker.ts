/**
 * The worker thread: one onnxruntime session each. Kept thin, for code in worker threads is not counted by
 * coverage; what it runs is tested in-process through sentence-encoder.ts.
 */
import { workerData } from 'node:worker_threads';
import { loadSentenceEncoder } from './sentence-encoder.js';
import { toEncoderText } from './words.js';

const encode = await loadSentenceEncoder((workerData as { dir: string }).dir);

/** Encodes the templates one by one. */
export default (templates: readonly string[]) => encode(templates.map(toEncoderText));
