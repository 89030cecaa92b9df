import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { openEncoderPool } from '../../../src/classifier/embedding/encoder-pool.js';
import { EncoderError, type Encoder } from '../../../src/classifier/embedding/encoder.js';
import { versionOf } from '../../../src/classifier/version-of.js';
import { describeFile } from '../../support/encoder-folder.js';

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];

/** Returns for each template the number in its text, and the size of its batch. */
const COUNT = 'return templates.map((text) => Float32Array.of(Number(text) || 0, templates.length));';

/**
 * Opens a pool whose worker threads run this code instead of the model. Embeddings have two numbers.
 * @param changed file contents that differ from the manifest
 */
async function open(
  work: string,
  { threads = 1, changed = {} }: { threads?: number; changed?: Record<string, string> } = {},
): Promise<Encoder> {
  const dir = await mkdtemp(join(tmpdir(), 'pool-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'onnx'));
  for (const name of FILES) await writeFile(join(dir, name), changed[name] ?? name);
  const files = Object.fromEntries(FILES.map((name) => [name, describeFile(name)]));
  await writeFile(
    join(dir, 'manifest.json'),
    JSON.stringify({ id: 'fake', dimension: 2, maxTokens: 256, files }),
  );
  const worker = join(dir, 'worker.mjs');
  await writeFile(
    worker,
    `import { BroadcastChannel, threadId, workerData } from 'node:worker_threads';
    export default async (templates) => { ${work} };`,
  );
  const encoder = await openEncoderPool({ dir, threads, workerFile: pathToFileURL(worker) });
  onTestFinished(() => encoder.close());
  return encoder;
}

it('sends batches of 16 templates and returns the embeddings in order', async () => {
  const encoder = await open(COUNT, { threads: 2 });
  const embeddings = await encoder.encode(Array.from({ length: 40 }, (_, at) => String(at)));
  const expected = Array.from({ length: 40 }, (_, at) => Float32Array.of(at, at < 32 ? 16 : 8));
  expect(embeddings).toEqual(expected);
});

it('never sends an empty batch', async () => {
  const encoder = await open(`if (templates.length === 0) throw new Error('nothing'); ${COUNT}`);
  expect(await encoder.encode([])).toEqual([]);
  expect(await encoder.encode(Array.from({ length: 16 }, () => '1'))).toHaveLength(16);
});

it('has the id and dimension of its manifest and the fingerprint of its embeddings', async () => {
  const encoder = await open(COUNT, { threads: 2 });
  const embedding = Float32Array.of(0, 1);
  const fingerprint = versionOf(new Uint8Array(embedding.buffer));
  expect(encoder).toMatchObject({ id: 'fake', dimension: 2, threads: 2, fingerprint });
});

it('passes the folder to its threads', async () => {
  const work = `if (!workerData.dir.includes('pool-')) throw new Error('no folder'); ${COUNT}`;
  expect(await (await open(work)).encode(['5'])).toEqual([Float32Array.of(5, 1)]);
});

it('encodes a long text on every thread before it opens', async () => {
  const work = `globalThis.longest = Math.max(globalThis.longest ?? 0, ...templates.map((text) => text.length));
    return templates.map(() => Float32Array.of(threadId, globalThis.longest));`;
  const encoder = await open(work, { threads: 2 });
  const embeddings = await encoder.encode(Array.from({ length: 32 }, () => 'x'));
  for (const embedding of embeddings) expect(embedding[1]).toBeGreaterThan(1_000);
});

it('rejects when one of its threads fails', async () => {
  const opened = open(`if (threadId % 2) throw new Error('out of memory'); ${COUNT}`, { threads: 2 });
  await expect(opened).rejects.toThrow(/^The encoder in .*pool-.* does not load: Error: out of memory$/);
  await expect(opened).rejects.toBeInstanceOf(EncoderError);
});

it.each([
  [
    'of another dimension',
    'return [new Float32Array(3)];',
    'returns embeddings of 3 numbers, but manifest.json says 2 numbers. Export',
  ],
  ['that are missing', 'return [];', 'returns no embedding, but manifest.json says 2 numbers. Export'],
])('rejects for embeddings %s', async (_, work, reason) => {
  await expect(open(work)).rejects.toThrow(reason);
});

it.each([
  ['another size', 'longer than before', 'has 18 bytes, but manifest.json says 11'],
  ['another content', 'CONFIG.JSON', 'its SHA-256 differs from the one in manifest.json'],
])('reports a file with %s instead of the error from loading it', async (_, content, reason) => {
  const opened = open("throw new Error('cannot load');", { changed: { 'config.json': content } });
  await expect(opened).rejects.toThrow(reason);
  await expect(opened).rejects.not.toThrow('does not load');
});

it('completes a running batch when it is closed, and starts no more', async () => {
  const name = `pool ${process.pid}`;
  const encoder = await open(`
    if (templates[0] === 'held') {
      const channel = new BroadcastChannel(${JSON.stringify(name)});
      await new Promise((go) => { channel.onmessage = go; channel.postMessage('begun'); });
      channel.close();
    }
    ${COUNT}`);
  const channel = new BroadcastChannel(name);
  onTestFinished(() => channel.close());
  const begun = once(channel as unknown as EventTarget, 'message');
  const held = encoder.encode(['held']);
  await begun;
  const order: string[] = [];
  const closed = encoder.close();
  const settled = [held.then(() => order.push('encoded')), closed.then(() => order.push('closed'))];
  await expect(encoder.encode(['late'])).rejects.toThrow('The encoder is closed.');
  channel.postMessage('go');
  expect(await held).toEqual([Float32Array.of(0, 1)]);
  await Promise.all(settled);
  expect(order).toEqual(['encoded', 'closed']);
  expect(encoder.close()).toBe(closed);
});
