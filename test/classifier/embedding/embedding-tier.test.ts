import { getEventListeners, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { EncodeQueue } from '../../../src/classifier/embedding/encode-queue.js';
import { EmbeddingTier } from '../../../src/classifier/embedding/embedding-tier.js';
import type { PredictionStore } from '../../../src/classifier/embedding/prediction-store.js';
import { FakeEncoder } from '../../support/fake-encoder.js';
import { fakeHead } from '../../support/fake-head.js';

const options = { priority: 'bulk', signal: undefined } as const;

/** Room for four turns of one thread. */
const MAX_QUEUE = 64;

const many = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}${i}`);

const knowing: PredictionStore = {
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
    ['claims the label at', 0.5, { label: 'length 1' }],
    ['claims nothing just below', 0.5 - Number.EPSILON, { label: 'Unclassified', note: 'low-confidence' }],
  ])('%s the threshold', async (_, confidence, claimed) => {
    const { tier } = open({ confidence });
    const classified = await tier.classify(['a'], options);
    expect(classified.get('a')).toEqual({ ...claimed, tier: 'embedding', confidence });
  });

  it('does not encode a template that it knows', async () => {
    const { tier, encoded } = open();
    await tier.classify(['a'], options);
    await tier.classify(['a'], options);
    expect(encoded()).toEqual(['a']);
  });

  it('does not encode what an earlier process has kept, and keeps what it encodes', async () => {
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

  it('encodes a template once however many ask for it at the same time', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const asked = Array.from({ length: 5 }, () => tier.classify(['a'], options));
    encoder.release();
    const answers = await Promise.all(asked);
    expect(answers.map((answer) => answer.get('a')?.label)).toEqual(Array(5).fill('length 1'));
    expect(encoded()).toEqual(['a']);
  });

  it('forgets the templates used least when the cache is full', async () => {
    const { tier, encoded } = open({ cacheMaxBytes: 450 });
    await tier.classify(['a'], options);
    await tier.classify(['b'], options);
    await tier.classify(['c'], options);
    await tier.classify(['a'], options);
    expect(encoded()).toEqual(['a', 'b', 'c', 'a']);
  });

  it('counts the text of a template in the cache, and what stands beside it', async () => {
    const { tier } = open({ cacheMaxBytes: 1_000 });
    const [long, fitting, short] = ['a'.repeat(300), 'b'.repeat(298), 'c'];
    const cached = async (...templates: string[]) => {
      for (const template of templates) await tier.classify([template], options);
      return [long, fitting, short].map((template) => tier.getCached(template) !== undefined);
    };
    expect(await cached(long, short)).toEqual([false, false, true]);
    expect(await cached(fitting)).toEqual([false, true, true]);
  });

  it('has nothing to flush where nothing is kept, else waits until all is kept', async () => {
    await open().tier.flush();
    let isKept = false;
    const flush = async () => {
      await Promise.resolve();
      isKept = true;
    };
    await open({ store: { ...knowing, flush } }).tier.flush();
    expect(isKept).toBe(true);
  });

  it('classifies nothing for a session that is over already', async () => {
    const { tier, encoded } = open();
    const signal = AbortSignal.abort(new Error('client gone'));
    await expect(tier.classify([], { ...options, signal })).rejects.toThrow('client gone');
    await expect(tier.classify(['a'], { ...options, signal })).rejects.toThrow('client gone');
    expect(encoded()).toEqual([]);
  });

  it.each([
    ['encoded', false],
    ['kept by an earlier process', true],
  ])('does not keep the text that a template is a part of, once %s', async (_, known) => {
    const thread = new Worker(new URL('../../support/classify-parts.mjs', import.meta.url), {
      workerData: { known },
      // Room for the cache, not for the texts: a thread that keeps them runs out of memory, which is an error.
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
    });
    expect(await once(thread, 'exit')).toEqual([0]);
  });

  it('rejects with the reason of the signal while the encoder is busy, and encodes nothing more of it', async () => {
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

  it('drops what an aborted session waits for at once, unless another session waits for it too', async () => {
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

  it('pauses a session that waits for many templates, and answers all of them', async () => {
    const { encoder, queue, tier } = open();
    encoder.hold();
    const parts = [many(300, 'a'), many(300, 'b')];
    const answers = parts.map((part) => tier.classify(part, options));
    expect(queue.waiting.bulk).toBe(MAX_QUEUE);
    encoder.release();
    const classified = await Promise.all(answers);
    expect(classified.map((answer) => [...answer.keys()])).toEqual(parts);
  });

  it('keeps both of two sessions going that wait for each other’s templates', async () => {
    const { encoder, tier, encoded } = open();
    encoder.hold();
    const templates = many(300, 'a');
    const answers = [templates, [...templates].reverse()].map((part) => tier.classify(part, { ...options }));
    encoder.release();
    expect((await Promise.all(answers)).map(({ size }) => size)).toEqual([300, 300]);
    expect(encoded().sort()).toEqual(templates.sort());
  });

  it('queues nothing more of a paused session when it is aborted', async () => {
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

  it('ends a paused call when the encoder fails, and lets the session wait for more', async () => {
    const { encoder, queue, tier } = open();
    encoder.hold();
    const parts = [many(300, 'a'), many(300, 'b')].map((part) => tier.classify(part, options));
    encoder.failure = new Error('closed');
    encoder.release();
    for (const part of parts) await expect(part).rejects.toThrow('closed');
    expect(queue.waiting.bulk).toBe(0);
    expect(queue.room(options)).toBeUndefined();
  });

  it('neither answers with a confidence that is no number nor keeps it, and tries again', async () => {
    const added: unknown[] = [];
    const store = {
      ...knowing,
      get: () => undefined,
      add: (...prediction: unknown[]) => added.push(prediction),
    };
    const { tier, encoded } = open({ confidence: NaN, store });
    await expect(tier.classify(['a'], options)).rejects.toThrow('not a finite number');
    expect([tier.getCached('a'), added]).toEqual([undefined, []]);
    await expect(tier.classify(['a'], options)).rejects.toThrow('not a finite number');
    expect(encoded()).toEqual(['a', 'a']);
  });

  it('serves whoever asks for a template at the moment when it is given up', async () => {
    // What happens at its turn takes some rounds of promises: a newcomer may come in any of them.
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

  it('starts anew, once, with a template that is asked for as soon as it has been dropped', async () => {
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

  it('leaves no listener at the signal of an upload of many parts', async () => {
    const { tier } = open();
    const { signal } = new AbortController();
    for (const template of ['a', 'b', 'c']) await tier.classify([template], { ...options, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('still serves those who wait for a template that another has given up', async () => {
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

  it('does not let an interactive request wait for a template with the bulk that asked for it first', async () => {
    const { encoder, tier } = open();
    encoder.hold();
    const bulk = Array.from({ length: 40 }, (_, i) => tier.classify([`bulk ${i}`], options));
    const interactive = tier.classify(['bulk 39'], { ...options, priority: 'interactive' });
    encoder.release();
    expect((await interactive).size).toBe(1);
    await Promise.all(bulk);
    expect(encoder.asked[1]).toEqual(['bulk 39']);
  });

  it('tries again after the encoder has failed', async () => {
    const { encoder, tier } = open();
    encoder.failure = new Error('worker died');
    await expect(tier.classify(['a'], options)).rejects.toThrow('worker died');
    encoder.failure = undefined;
    expect((await tier.classify(['a'], options)).size).toBe(1);
  });
});
