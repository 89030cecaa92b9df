import { describe, expect, it } from 'vitest';
import { EncodeQueue, type QueueSession } from '../../../src/classifier/embedding/encode-queue.js';
import { FakeEncoder } from '../../support/fake-encoder.js';

const bulkSession: QueueSession = { priority: 'bulk' };
const interactiveSession: QueueSession = { priority: 'interactive' };
/** Upper bound on the queued templates of a session: four batches of 16 with one thread. */
const MAX_QUEUE_LENGTH = 64;

function heldQueue(threads = 1) {
  const encoder = new FakeEncoder(threads);
  encoder.hold();
  return { encoder, queue: new EncodeQueue(encoder) };
}

function encode(queue: EncodeQueue, template: string, session: QueueSession) {
  const queued = queue.add(template);
  queued.waitFor(session);
  return queued.embedding;
}

/** Encodes `count` templates of the session whose names start with `name`. */
function encodeMany(
  queue: EncodeQueue,
  count: number,
  name: string,
  session: QueueSession = { priority: 'bulk' },
) {
  return Promise.all(Array.from({ length: count }, (_, i) => encode(queue, `${name}${i}`, session)));
}

/** The first letters of the templates of each batch, which name their sessions. */
const owners = ({ asked }: FakeEncoder) =>
  asked.map((batch) => batch.map((template) => template[0]).join(''));

describe('EncodeQueue', () => {
  it('returns the embedding of each template', async () => {
    const queue = new EncodeQueue(new FakeEncoder());
    const embeddings = await Promise.all(['a', 'bb', 'ccc'].map((text) => encode(queue, text, bulkSession)));
    expect(embeddings).toEqual([1, 2, 3].map((length) => Float32Array.of(length)));
  });

  it('sends at most one batch per thread at a time', () => {
    const { encoder, queue } = heldQueue(2);
    for (let i = 0; i < 50; i++) void encode(queue, `t${i}`, bulkSession);
    expect(encoder.asked).toEqual([['t0'], ['t1']]);
  });

  it('puts up to 16 short templates into a batch, but fewer long ones', async () => {
    const { encoder, queue } = heldQueue();
    const short = Array.from({ length: 38 }, (_, i) => encode(queue, `t${i}`, bulkSession));
    const long = Array.from({ length: 2 }, () => encode(queue, 'x'.repeat(3_000), bulkSession));
    encoder.release();
    await Promise.all([...short, ...long]);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 16, 16, 6, 1]);
  });

  it('divides few templates among the threads', async () => {
    const { encoder, queue } = heldQueue(2);
    const asked = Array.from({ length: 8 }, (_, i) => encode(queue, `t${i}`, bulkSession));
    encoder.release();
    await Promise.all(asked);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 1, 3, 2, 1]);
  });

  it('encodes interactive templates before bulk ones that waited longer', async () => {
    const { encoder, queue } = heldQueue();
    const bulk = Array.from({ length: 9 }, (_, i) => encode(queue, `bulk${i}`, bulkSession));
    const interactive = encode(queue, 'interactive', interactiveSession);
    encoder.release();
    await Promise.all([...bulk, interactive]);
    expect(encoder.asked[1]).toEqual(['interactive']);
  });

  it('encodes a bulk template once, with interactive priority, if an interactive session waits for it too', async () => {
    const { encoder, queue } = heldQueue();
    const waiting = Array.from({ length: 40 }, (_, i) => queue.add(`bulk${i}`));
    for (const queued of waiting) queued.waitFor(bulkSession);
    waiting[0]?.waitFor(interactiveSession);
    waiting[39]?.waitFor(interactiveSession);
    encoder.release();
    await Promise.all(waiting.map(({ embedding }) => embedding));
    expect(encoder.asked.slice(0, 2)).toEqual([['bulk0'], ['bulk39']]);
    expect(encoder.asked.flat()).toHaveLength(40);
  });

  it('does not let interactive templates starve bulk ones', async () => {
    const { encoder, queue } = heldQueue();
    const first = encode(queue, 'first', bulkSession);
    const interactive = Array.from({ length: 100 }, (_, i) => encode(queue, `i${i}`, interactiveSession));
    const bulk = encode(queue, 'bulk', bulkSession);
    encoder.release();
    await Promise.all([first, bulk, ...interactive]);
    expect(encoder.asked.findIndex((batch) => batch.includes('bulk'))).toBe(3);
  });

  it('uses the bulk batch for interactive templates if no bulk templates wait', async () => {
    const { encoder, queue } = heldQueue();
    const interactive = encodeMany(queue, 100, 'i', interactiveSession);
    encoder.release();
    expect(await interactive).toHaveLength(100);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 16, 16, 16, 16, 16, 16, 3]);
  });

  it('counts each waiting template once per priority', () => {
    const { queue } = heldQueue();
    void encode(queue, 'running', bulkSession);
    const shared = queue.add('shared');
    const cancels = [bulkSession, { priority: 'bulk' } as const, interactiveSession].map((session) =>
      shared.waitFor(session),
    );
    expect(queue.waiting).toEqual({ interactive: 1, bulk: 1 });
    cancels[0]?.();
    expect(queue.waiting).toEqual({ interactive: 1, bulk: 1 });
    cancels[2]?.();
    expect(queue.waiting).toEqual({ interactive: 0, bulk: 1 });
  });

  it('has more room for a session with more threads', () => {
    const { queue } = heldQueue(2);
    // Each of the two threads has taken one template.
    void encodeMany(queue, 2 + 2 * MAX_QUEUE_LENGTH - 1, 'a', bulkSession);
    expect(queue.whenRoom(bulkSession)).toBeUndefined();
    void encode(queue, 'last', bulkSession);
    expect(queue.whenRoom(bulkSession)).toBeInstanceOf(Promise);
  });

  it('completes a batch at 2,000 characters', async () => {
    const { encoder, queue } = heldQueue();
    const texts = ['x', 'a'.repeat(999), 'b'.repeat(1_000), 'c', 'd'];
    const all = texts.map((text) => encode(queue, text, bulkSession));
    encoder.release();
    await Promise.all(all);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 3, 1]);
  });

  it('lets sessions take turns, regardless of order and queue length', async () => {
    const { encoder, queue } = heldQueue();
    const many = [encodeMany(queue, 50, 'a'), encodeMany(queue, 50, 'b'), encodeMany(queue, 50, 'c')];
    const few = encodeMany(queue, 10, 'd');
    encoder.release();
    await Promise.all([...many, few]);
    const [a, b, c] = ['a', 'b', 'c'].map((owner) => owner.repeat(16));
    expect(owners(encoder).slice(0, 6)).toEqual(['a', a, b, c, 'd'.repeat(10) + 'a'.repeat(6), a]);
  });

  it('fills a batch with templates of several sessions', async () => {
    const { encoder, queue } = heldQueue();
    const sessions = Array.from({ length: 33 }, (_, i) => encodeMany(queue, 1, `${i} `));
    encoder.release();
    await Promise.all(sessions);
    expect(encoder.asked.map(({ length }) => length)).toEqual([1, 16, 16]);
  });

  it('keeps the turn of a session whose templates fill another session’s batch', async () => {
    const { encoder, queue } = heldQueue();
    const sessions = [
      encodeMany(queue, 1, 'x'),
      encodeMany(queue, 15, 'a'),
      encodeMany(queue, 40, 'b'),
      encodeMany(queue, 40, 'c'),
    ];
    encoder.release();
    await Promise.all(sessions);
    const [b, c] = ['b', 'c'].map((owner) => owner.repeat(16));
    expect(owners(encoder).slice(0, 5)).toEqual(['x', 'a'.repeat(15) + 'b', b, c, b]);
  });

  it('encodes a template of several sessions once, at the earliest of their turns', async () => {
    const { encoder, queue } = heldQueue();
    const running = encodeMany(queue, 1, 'x');
    const before = encodeMany(queue, 40, 'a', bulkSession);
    const shared = queue.add('shared');
    shared.waitFor(bulkSession);
    shared.waitFor({ priority: 'bulk' });
    encoder.release();
    await Promise.all([running, before, shared.embedding]);
    expect(encoder.asked[2]?.[0]).toBe('shared');
    expect(encoder.asked.flat().filter((template) => template === 'shared')).toHaveLength(1);
    expect(queue.waiting).toEqual({ interactive: 0, bulk: 0 });
  });

  it('drops a template when its last wait is cancelled and never encodes it', async () => {
    const { encoder, queue } = heldQueue();
    const running = encode(queue, 'running', bulkSession);
    const dropped = queue.add('dropped');
    const cancels = [interactiveSession, bulkSession, bulkSession].map((session) => dropped.waitFor(session));
    for (const cancel of cancels) {
      expect(dropped.isDropped).toBe(false);
      cancel();
      cancel();
    }
    expect(dropped.isDropped).toBe(true);
    expect(queue.waiting).toEqual({ interactive: 0, bulk: 0 });
    const wanted = encode(queue, 'wanted', bulkSession);
    encoder.release();
    expect(await dropped.embedding).toBeUndefined();
    await Promise.all([running, wanted]);
    expect(encoder.asked).toEqual([['running'], ['wanted']]);
  });

  it('bounds the queued templates of a session and reports room again when half are left', async () => {
    const { encoder, queue } = heldQueue();
    const running = encode(queue, 'running', interactiveSession);
    const first = encodeMany(queue, MAX_QUEUE_LENGTH - 1, 'a', bulkSession);
    expect(queue.whenRoom(bulkSession)).toBeUndefined();
    const last = encode(queue, 'last', bulkSession);
    const room = queue.whenRoom(bulkSession);
    expect(queue.whenRoom({ priority: 'bulk' })).toBeUndefined();
    const refilled = room?.then(async () => {
      expect(queue.waiting.bulk).toBe(MAX_QUEUE_LENGTH / 2);
      const more = encodeMany(queue, MAX_QUEUE_LENGTH / 2, 'b', bulkSession);
      expect([undefined, room]).not.toContain(queue.whenRoom(bulkSession));
      await more;
    });
    encoder.release();
    await Promise.all([running, first, last, refilled]);
  });

  it('rejects all queued templates when the encoder is closed', async () => {
    const { encoder, queue } = heldQueue();
    const waiting = Array.from({ length: 40 }, (_, i) => encode(queue, `t${i}`, bulkSession));
    encoder.failure = new Error('closed');
    encoder.release();
    const settled = await Promise.allSettled(waiting);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(queue.waiting).toEqual({ interactive: 0, bulk: 0 });
  });

  it('rejects only the template that the encoder fails on, not the rest of its batch', async () => {
    const { encoder, queue } = heldQueue();
    encoder.poison = 'bad';
    const first = encode(queue, 'first', bulkSession);
    const [a, bad, b] = ['a', 'bad', 'b'].map((text) => encode(queue, text, bulkSession));
    const rejected = expect(bad).rejects.toThrow('poisoned');
    encoder.release();
    await Promise.all([first, a, b, rejected]);
    expect(encoder.asked).toEqual([['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('continues with later templates after the encoder failed', async () => {
    const { encoder, queue } = heldQueue();
    encoder.failure = new Error('worker died');
    const failed = encode(queue, 'one', bulkSession);
    encoder.release();
    await expect(failed).rejects.toThrow('worker died');
    encoder.failure = undefined;
    expect(await encode(queue, 'two', bulkSession)).toEqual(Float32Array.of(3));
  });
});
