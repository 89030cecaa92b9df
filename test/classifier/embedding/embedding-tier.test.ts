import { getEventListeners, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { EncodeQueue } from '../../../src/classifier/embedding/encode-queue.js';
import { EmbeddingTier } from '../../../src/classifier/embedding/embedding-tier.js';
import type { PredictionStore } from '../../../src/classifier/embedding/prediction-store.js';
import { FakeEncoder } from '../../support/fake-encoder.js';
import { fakeHead } from '../../support/fake-head.js';

const options = { priority: 'bulk', signal: undefined } as const;

/** Upper bound on the queued templates of a session: four batches of 16 with one thread. */
const MAX_QUEUE_LENGTH = 64;

const many = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}${i}`);

const fullStore: PredictionStore = {
  size: 1,
  get: () => ({ label: 'kept', confidence: 0.9 }),
  add: () => undefined,
  flush: () => Promise.resolve(),
};

function open({
  cacheMaxBytes = 1_000_000,
  store,
  confidence = 0.9,
}: { cacheMaxBytes?: number; store?: PredictionStore; confidence?: number } = {}) {
  const encoder = new FakeEncoder();
  const head = fakeHead({ confidence, threshold: 0.5 });
  const queue = new EncodeQueue(encoder);
  const tier = new EmbeddingTier(queue, head, { cacheMaxBytes, store });
  const encoded = () => encoder.asked.flat();
  return { encoder, queue, tier, encoded };
}

describe('EmbeddingTier', () => {
  it('classifies every distinct template', async () => {
    const { tier, encoded } = open();
    const classified = await tier.classify(['a', 'bb', 'a'], options);
    expect([...classified.keys()].sort()).toEqual(['a', 'bb']);
    expect(classified.get('bb')).toEqual({ label: 'length 2', tier: 'embedding', confidence: 0.9 });
    expect(encoded().sort()).toEqual(['a', 'bb']);
  });

  it.each([
    ['returns the label at', 0.5, { label: 'length 1' }],
    [
      'returns Unclassified just below',
      0.5 - Number.EPSILON,
      { label: 'Unclassified', note: 'low-confidence' },
    ],
  ])('%s the threshold', async (_, confidence, claimed) => {
    const { tier } = open({ confidence });
    const classified = await tier.classify(['a'], options);
    expect(classified.get('a')).toEqual({ ...claimed, tier: 'embedding', confidence });
  });

  it('does not encode a cached template', async () => {
    const { tier, encoded } = open();
    await tier.classify(['a'], options);
    await tier.classify(['a'], options);
    expect(encoded()).toEqual(['a']);
  });

  it('does not encode stored templates, and stores new predictions', async () => {
    const kept = new Map([['a', { label: 'kept', confidence: 0.3 }]]);
    const added: unknown[] = [];
    const store = {
      size: 1,
      get: (template: string) => kept.get(template),
      add: (...prediction: unknown[]) => added.push(prediction),
      flush: () => Promise.resolve(),
    };
    const { encoder, tier, encoded } = open({ store });
    encoder.hold();
    expect((await tier.classify(['a'], options)).get('a')).toEqual({
      label: 'Unclassified',
      tier: 'embedding',
      confidence: 0.3,
      note: 'low-confidence',
    });
    encoder.release();
    expect(tier.getCached('a')?.confidence).toBe(0.3);
    await tier.classify(['a', 'bb'], options);
    expect(encoded()).toEqual(['bb']);
    expect(added).toEqual([['bb', { label: 'length 2', confidence: 0.9 }]]);
  });

  it('encodes a template once for several calls at the same time', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const asked = Array.from({ length: 5 }, () => tier.classify(['a'], options));
    encoder.release();
    const answers = await Promise.all(asked);
    expect(answers.map((answer) => answer.get('a')?.label)).toEqual(Array(5).fill('length 1'));
    expect(encoded()).toEqual(['a']);
  });

  it('removes the least recently used templates when the cache is full', async () => {
    const { tier, encoded } = open({ cacheMaxBytes: 450 });
    await tier.classify(['a'], options);
    await tier.classify(['b'], options);
    await tier.classify(['c'], options);
    await tier.classify(['a'], options);
    expect(encoded()).toEqual(['a', 'b', 'c', 'a']);
  });

  it('counts the text of a template and its overhead towards the size of the cache', async () => {
    const { tier } = open({ cacheMaxBytes: 1_000 });
    const [long, fitting, short] = ['a'.repeat(300), 'b'.repeat(298), 'c'];
    const cached = async (...templates: string[]) => {
      for (const template of templates) await tier.classify([template], options);
      return [long, fitting, short].map((template) => tier.getCached(template) !== undefined);
    };
    expect(await cached(long, short)).toEqual([false, false, true]);
    expect(await cached(fitting)).toEqual([false, true, true]);
  });

  it('flushes its store, and does nothing without one', async () => {
    await open().tier.flush();
    let isKept = false;
    const flush = async () => {
      await Promise.resolve();
      isKept = true;
    };
    await open({ store: { ...fullStore, flush } }).tier.flush();
    expect(isKept).toBe(true);
  });

  it('rejects with the reason of a signal that aborted before the call, and encodes nothing', async () => {
    const { tier, encoded } = open();
    const signal = AbortSignal.abort(new Error('client gone'));
    await expect(tier.classify([], { ...options, signal })).rejects.toThrow('client gone');
    await expect(tier.classify(['a'], { ...options, signal })).rejects.toThrow('client gone');
    expect(encoded()).toEqual([]);
  });

  it.each([
    ['encoded', false],
    ['loaded from the store', true],
  ])('does not keep the text that a template is a slice of, when it is %s', async (_, known) => {
    const thread = new Worker(new URL('../../support/classify-parts.mjs', import.meta.url), {
      workerData: { known },
      // Room for the cache, not for the texts: a thread that keeps them runs out of memory, which is an error.
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
    });
    expect(await once(thread, 'exit')).toEqual([0]);
  });

  it('rejects with the signal’s reason while the encoder is busy, and drops the queued templates', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const controller = new AbortController();
    const running = tier.classify(['running'], options);
    const aborted = tier.classify(['waiting'], { ...options, signal: controller.signal });
    controller.abort(new Error('client gone'));
    await expect(aborted).rejects.toThrow('client gone');
    encoder.release();
    await running;
    await tier.classify(['later'], options);
    expect(encoded()).toEqual(['running', 'later']);
  });

  it('drops the templates of an aborted session immediately unless another session waits for them', async () => {
    const { encoder, queue, tier, encoded } = open();
    encoder.hold();
    const controller = new AbortController();
    const running = tier.classify(['running'], options);
    const session = { ...options, signal: controller.signal };
    const parts = [['a', 'shared'], many(500, 'b'), ['shared', 'a']].map((part) =>
      tier.classify(part, session),
    );
    const other = tier.classify(['shared'], options);
    controller.abort(new Error('refused'));
    expect(queue.waiting.bulk).toBe(1);
    for (const part of parts) await expect(part).rejects.toThrow('refused');
    encoder.release();
    await Promise.all([running, other]);
    expect(encoded()).toEqual(['running', 'shared']);
  });

  it('pauses a session that has too many queued templates, and classifies all of them', async () => {
    const { encoder, queue, tier } = open();
    encoder.hold();
    const parts = [many(300, 'a'), many(300, 'b')];
    const answers = parts.map((part) => tier.classify(part, options));
    expect(queue.waiting.bulk).toBe(MAX_QUEUE_LENGTH);
    encoder.release();
    const classified = await Promise.all(answers);
    expect(classified.map((answer) => [...answer.keys()])).toEqual(parts);
  });

  it('completes two sessions that wait for each other’s templates', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const templates = many(300, 'a');
    const answers = [templates, [...templates].reverse()].map((part) => tier.classify(part, { ...options }));
    encoder.release();
    expect((await Promise.all(answers)).map(({ size }) => size)).toEqual([300, 300]);
    expect(encoded().sort()).toEqual(templates.sort());
  });

  it('queues no more templates of a paused session when it is aborted', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const controller = new AbortController();
    const session = { ...options, signal: controller.signal };
    const parts = [many(300, 'a'), many(300, 'b')].map((part) => tier.classify(part, session));
    controller.abort(new Error('refused'));
    encoder.release();
    for (const part of parts) await expect(part).rejects.toThrow('refused');
    await tier.classify(['later'], options);
    expect(encoded()).toEqual(['a0', 'later']);
  });

  it('rejects a paused call when the encoder fails, and has room for the session again', async () => {
    const { encoder, queue, tier } = open();
    encoder.hold();
    const parts = [many(300, 'a'), many(300, 'b')].map((part) => tier.classify(part, options));
    encoder.failure = new Error('closed');
    encoder.release();
    for (const part of parts) await expect(part).rejects.toThrow('closed');
    expect(queue.waiting.bulk).toBe(0);
    expect(queue.whenRoom(options)).toBeUndefined();
  });

  it('rejects a confidence that is NaN, does not cache it, and encodes the template again', async () => {
    const added: unknown[] = [];
    const store = {
      ...fullStore,
      get: () => undefined,
      add: (...prediction: unknown[]) => added.push(prediction),
    };
    const { tier, encoded } = open({ confidence: NaN, store });
    await expect(tier.classify(['a'], options)).rejects.toThrow('not a finite number');
    expect([tier.getCached('a'), added]).toEqual([undefined, []]);
    await expect(tier.classify(['a'], options)).rejects.toThrow('not a finite number');
    expect(encoded()).toEqual(['a', 'a']);
  });

  it('classifies a template for a new call at any moment after it was dropped', async () => {
    // Handling the dropped template takes some microtask rounds. The new call may come in any of them.
    for (let rounds = 0; rounds < 30; rounds += 1) {
      const { encoder, tier } = open();
      encoder.hold();
      const controller = new AbortController();
      const running = tier.classify(['running'], options);
      const aborted = tier.classify(['shared'], { ...options, signal: controller.signal });
      controller.abort(new Error('client gone'));
      await expect(aborted).rejects.toThrow('client gone');
      encoder.release();
      for (let round = 0; round < rounds; round += 1) await Promise.resolve();
      expect((await tier.classify(['shared'], options)).get('shared')?.label).toBe('length 6');
      await running;
    }
  });

  it('encodes a template once if it is requested again immediately after it was dropped', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const controller = new AbortController();
    const running = tier.classify(['running'], options);
    const aborted = tier.classify(['shared'], { ...options, signal: controller.signal });
    controller.abort(new Error('client gone'));
    const next = tier.classify(['shared'], options);
    await expect(aborted).rejects.toThrow('client gone');
    const another = tier.classify(['shared'], options);
    encoder.release();
    expect((await Promise.all([next, another])).map(({ size }) => size)).toEqual([1, 1]);
    await running;
    expect(encoded()).toEqual(['running', 'shared']);
  });

  it('removes its listeners from the signal after each call', async () => {
    const { tier } = open();
    const { signal } = new AbortController();
    for (const template of ['a', 'b', 'c']) await tier.classify([template], { ...options, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('classifies a template for the remaining calls after another call is aborted', async () => {
    const { encoder, tier } = open();
    encoder.hold();
    const controller = new AbortController();
    const running = tier.classify(['running'], options);
    const first = tier.classify(['shared'], { ...options, signal: controller.signal });
    const second = tier.classify(['shared'], options);
    controller.abort(new Error('client gone'));
    await expect(first).rejects.toThrow('client gone');
    encoder.release();
    await running;
    expect((await second).get('shared')?.label).toBe('length 6');
  });

  it('encodes a queued bulk template with interactive priority for an interactive request', async () => {
    const { encoder, tier } = open();
    encoder.hold();
    const bulk = Array.from({ length: 40 }, (_, i) => tier.classify([`bulk ${i}`], options));
    const interactive = tier.classify(['bulk 39'], { ...options, priority: 'interactive' });
    encoder.release();
    expect((await interactive).size).toBe(1);
    await Promise.all(bulk);
    expect(encoder.asked[1]).toEqual(['bulk 39']);
  });

  it('encodes a template again after the encoder failed', async () => {
    const { encoder, tier } = open();
    encoder.failure = new Error('worker died');
    await expect(tier.classify(['a'], options)).rejects.toThrow('worker died');
    encoder.failure = undefined;
    expect((await tier.classify(['a'], options)).size).toBe(1);
  });
});
