import { describe, expect, it } from 'vitest';
import { LlmFailure } from '../../../src/classifier/llm/llm-failure.js';
import { createPrompt } from '../../../src/classifier/llm/prompt.js';
import { createSender } from '../../../src/classifier/llm/sender.js';
import { createSlots } from '../../../src/classifier/llm/slots.js';
import { catalogue, createMemoryLogger, gate } from './setup.js';

const question = { key: 'k', source: 'CRM', message: 'x' };
const labelled = JSON.stringify({ results: [{ index: 0, label: 'Error' }] });
const down = new LlmFailure('status', 503);

/** A sender whose attempts run the functions in `attempts`, in order. `told` lists what the breaker was told of each. */
function setUp(attempts: (() => Promise<string> | string)[], { retries = 2, countsAsTimeoutMs = 100 } = {}) {
  const clock = { ms: 0 };
  const [told, pauses]: [unknown[], number[]] = [[], []];
  const logger = createMemoryLogger();
  const client = new AbortController();
  const slots = createSlots(1);
  let waitForRetry = () => Promise.resolve();
  const send = createSender(
    { retries, countsAsTimeoutMs },
    {
      transport: { complete: async () => (await attempts.shift()?.()) ?? '' },
      prompt: createPrompt(catalogue),
      breaker: {
        ready: () => true,
        enter: () =>
          attempts.length === 0
            ? undefined
            : {
                succeeded: () => told.push('succeeded'),
                failed: ({ kind }) => told.push(`failed: ${kind}`),
                released: () => told.push('released'),
              },
      },
      slots,
      logger,
      now: () => clock.ms,
      wait: (ms) => {
        pauses.push(ms);
        return waitForRetry();
      },
    },
  );
  return {
    send: (deadline = 10_000) => send([question], { signal: client.signal, latestDeadline: () => deadline }),
    holdRetries: (until: Promise<undefined>) => (waitForRetry = () => until),
    clock,
    told,
    pauses,
    logger,
    client,
    slots,
  };
}

const failing = (failure: Error) => () => Promise.reject(failure);

describe('a request to the LLM', () => {
  it('returns the labels of its reply and reports the success to the breaker', async () => {
    const { send, told } = setUp([() => labelled]);
    expect([...(await send())]).toEqual([['k', 'Error']]);
    expect(told).toEqual(['succeeded']);
  });

  it('is not sent while the breaker is open', async () => {
    const { send, told, logger } = setUp([]);
    expect((await send()).size).toBe(0);
    expect([told, logger.entries]).toEqual([[], []]);
  });

  it('is sent as often as allowed, and then returns no labels', async () => {
    const { send, told, logger } = setUp([failing(down), failing(down), () => labelled], { retries: 1 });
    expect((await send()).size).toBe(0);
    expect(told).toEqual(['failed: status', 'failed: status']);
    const details = { reason: 'status', status: 503, tries: 2, templates: 1 };
    expect(logger.entries).toEqual([{ level: 'info', details, message: 'LLM request failed' }]);
  });

  it('returns no labels when its signal aborts before or during the attempt', async () => {
    const { send, client, told } = setUp([
      () => {
        client.abort(new Error('gone'));
        throw new Error('connection closed');
      },
    ]);
    expect((await send()).size).toBe(0);
    expect(told).toEqual(['released']);
    expect((await send()).size).toBe(0);
  });

  it('rejects with an unexpected error, which does not count as a failure for the breaker', async () => {
    const { send, told } = setUp([failing(new RangeError('a bug'))]);
    await expect(send()).rejects.toThrow('a bug');
    expect(told).toEqual(['released']);
  });

  it.each([
    [99, 'released'],
    [100, 'failed: timeout'],
  ])('that is aborted after %i ms of 100 reports `%s` to the breaker', async (ms, expected) => {
    const { send, client, clock, told } = setUp([
      () => {
        clock.ms += ms;
        client.abort();
        throw new Error('connection closed');
      },
    ]);
    clock.ms = 5_000;
    await send();
    expect(told).toEqual([expected]);
  });

  it('does not count as a timeout when it fails late for another reason', async () => {
    const { send, clock, told } = setUp([
      () => {
        clock.ms += 1_000;
        throw new RangeError('a bug');
      },
    ]);
    await expect(send()).rejects.toThrow('a bug');
    expect(told).toEqual(['released']);
  });

  it('keeps its slot while it waits for a retry', async () => {
    const [retry, order]: [ReturnType<typeof gate>, string[]] = [gate(), []];
    const retried = () => (order.push('retry'), labelled);
    const { send, holdRetries, slots, client } = setUp([failing(down), retried]);
    holdRetries(retry.opened);
    const sent = send();
    const next = slots.run(client.signal, () => Promise.resolve(order.push('next')));
    retry.open();
    await Promise.all([sent, next]);
    expect(order).toEqual(['retry', 'next']);
  });
});

describe('a rate limit', () => {
  const limited = (retryAfterMs: number) => failing(new LlmFailure('rate-limit', 429, retryAfterMs));

  it('does not count as a failure when the request is retried', async () => {
    const { send, told, pauses } = setUp([limited(999), () => labelled]);
    expect((await send(1_000)).size).toBe(1);
    expect([told, pauses]).toEqual([['released', 'succeeded'], [999]]);
  });

  it('counts as a failure when it ends at the deadline, and is not waited for', async () => {
    const { send, told, pauses } = setUp([limited(1_000), () => labelled]);
    expect((await send(1_000)).size).toBe(0);
    expect([told, pauses]).toEqual([['failed: rate-limit'], []]);
  });
});
