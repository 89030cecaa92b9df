/**
 * A thread that classifies templates which are small parts of large texts, 100 MB of them in all. It ends well in a
 * small heap only if the texts are not kept. `workerData.known` says whether a store knows the templates already.
 */
import { workerData } from 'node:worker_threads';
import { EmbeddingTier } from '../../dist/classifier/embedding/embedding-tier.js';
import { EncodeQueue } from '../../dist/classifier/embedding/encode-queue.js';

const prediction = { label: 'Error', confidence: 0.9 };
const encoder = {
  threads: 1,
  encode: (templates) => Promise.resolve(templates.map(() => Float32Array.of(1))),
};
const head = { threshold: 0.5, reasonToWithhold: () => undefined, predict: () => prediction };
const store = { size: 1, get: () => prediction, add: () => undefined, flush: () => Promise.resolve() };

const tier = new EmbeddingTier(new EncodeQueue(encoder), head, {
  cacheMaxBytes: 10_000_000,
  store: workerData.known ? store : undefined,
});
for (let i = 0; i < 500; i += 1) {
  const text = `a template of its own, number ${i}; `.padEnd(200_000, 'and what else the upload holds ');
  await tier.classify([text.slice(0, 40)], { priority: 'bulk', signal: undefined });
}
