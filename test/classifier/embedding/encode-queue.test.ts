import { describe, expect, it } from 'vitest';
import { EncodeQueue } from '../../../src/classifier/embedding/encode-queue.js';
import { FakeEncoder } from '../../support/fake-encoder.js';

const never = () => false;

function heldQueue(threads = 1) {
  const encoder = new FakeEncoder(threads);
  encoder.hold();
  return { encoder, queue: new EncodeQueue(encoder) };
}

describe('EncodeQueue', () => {
  it('gives each template its own embedding', async () => {
    const queue = new EncodeQueue(new FakeEncoder());
    const embeddings = await Promise.all(
      ['a', 'bb', 'ccc'].map((text) => queue.encode(text, 'bulk', never).embedding),
    );
    expect(embeddings).toEqual([1, 2, 3].map((length) => Float32Array.of(length)));
  });

  it('keeps no more batches at the encoder than it has threads', () => {
    const { encoder, queue } = heldQueue(2);
    for (let i = 0; i < 50; i++) queue.encode(`t${i}`, 'bulk', never);
    expect(encoder.asked).toEqual([['t0'], ['t1']]);
  });

  it('hands a thread several templates at once, but few long ones, for others wait meanwhile', async () => {
    const { encoder, queue } = heldQueue();
    const short = Array.from({ length: 38 }, (_, i) => queue.encode(`t${i}`, 'bulk', never).embedding);
    const long = Array.from({ length: 2 }, () => queue.encode('x'.repeat(3_000), 'bulk', never).embedding);
    encoder.release();
    await Promise.all([...short, ...long]);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 16, 16, 6, 1]);
  });

  it('leaves every thread its share when few wait', async () => {
    const { encoder, queue } = heldQueue(2);
    const asked = Array.from({ length: 8 }, (_, i) => queue.encode(`t${i}`, 'bulk', never).embedding);
    encoder.release();
    await Promise.all(asked);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 1, 3, 2, 1]);
  });

  it('takes interactive templates before bulk ones that waited longer', async () => {
    const { encoder, queue } = heldQueue();
    const bulk = Array.from({ length: 9 }, (_, i) => queue.encode(`bulk${i}`, 'bulk', never).embedding);
    const interactive = queue.encode('interactive', 'interactive', never).embedding;
    encoder.release();
    await Promise.all([...bulk, interactive]);
    expect(encoder.asked[1]).toEqual(['interactive']);
  });

  it('takes a bulk template that is hurried with the interactive ones, and once', async () => {
    const { encoder, queue } = heldQueue();
    const bulk = Array.from({ length: 40 }, (_, i) => queue.encode(`bulk${i}`, 'bulk', never));
    bulk[0]?.hurry();
    bulk[39]?.hurry();
    bulk[39]?.hurry();
    encoder.release();
    await Promise.all(bulk.map(({ embedding }) => embedding));
    expect(encoder.asked.slice(0, 2)).toEqual([['bulk0'], ['bulk39']]);
    expect(encoder.asked.flat()).toHaveLength(40);
  });

  it('does not let interactive templates starve bulk ones', async () => {
    const { encoder, queue } = heldQueue();
    const first = queue.encode('first', 'bulk', never).embedding;
    const interactive = Array.from(
      { length: 100 },
      (_, i) => queue.encode(`i${i}`, 'interactive', never).embedding,
    );
    const bulk = queue.encode('bulk', 'bulk', never).embedding;
    encoder.release();
    await Promise.all([first, bulk, ...interactive]);
    expect(encoder.asked.findIndex((batch) => batch.includes('bulk'))).toBeLessThan(6);
  });

  it('does not encode what was abandoned while it waited', async () => {
    const { encoder, queue } = heldQueue();
    const running = queue.encode('running', 'bulk', never).embedding;
    const abandoned = queue.encode('abandoned', 'bulk', () => true).embedding;
    const wanted = queue.encode('wanted', 'bulk', never).embedding;
    encoder.release();
    expect(await abandoned).toBeUndefined();
    await Promise.all([running, wanted]);
    expect(encoder.asked).toEqual([['running'], ['wanted']]);
  });

  it('rejects the one template that the encoder fails at, not those beside it', async () => {
    const { encoder, queue } = heldQueue();
    encoder.poison = 'bad';
    const first = queue.encode('first', 'bulk', never).embedding;
    const [a, bad, b] = ['a', 'bad', 'b'].map((text) => queue.encode(text, 'bulk', never).embedding);
    const rejected = expect(bad).rejects.toThrow('poisoned');
    encoder.release();
    await Promise.all([first, a, b, rejected]);
    expect(encoder.asked).toEqual([['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('rejects what the encoder failed at and goes on with the rest', async () => {
    const { encoder, queue } = heldQueue();
    encoder.failure = new Error('worker died');
    const failed = queue.encode('one', 'bulk', never).embedding;
    encoder.release();
    await expect(failed).rejects.toThrow('worker died');
    encoder.failure = undefined;
    expect(await queue.encode('two', 'bulk', never).embedding).toEqual(Float32Array.of(3));
  });
});
