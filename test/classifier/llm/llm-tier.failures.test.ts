import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { STAND_IN_KEY, replies, type StandInReply } from '../../support/groq-stand-in.js';
import { crm, distinct, setUp } from './setup.js';

const answer = (results: object[]) => replies.saying(JSON.stringify({ results }));

describe('LLM tier when Groq fails', () => {
  it.each<[string, StandInReply]>([
    ['500', replies.failing(500)],
    ['503', replies.failing(503)],
    ['408', replies.failing(408)],
    ['409', replies.failing(409)],
    ['429', replies.rateLimited(1)],
    ['a body that is not JSON', { body: '{"choices": [' }],
    ['a completion without choices', { body: { choices: [] } }],
    ['a text that is not JSON', replies.saying('Error')],
    ['an unknown label', answer([{ index: 0, label: 'Fatal' }])],
    ['a missing index', answer([])],
    ['a foreign index', answer([{ index: 1, label: 'Error' }])],
    ['a doubled index', answer([0, 0].map((index) => ({ index, label: 'Error' })))],
  ])('tries again after %s and takes the next answer', async (_, reply) => {
    const { tier, groq, pauses } = await setUp({
      label: () => 'Error',
      respond: ({ number }) => (number === 0 ? reply : undefined),
    });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual(['Error']);
    expect([groq.requests.length, pauses.length]).toEqual([2, 1]);
  });

  it.each<[string, StandInReply, string]>([
    ['a body that is not JSON', { body: '{"choices": [' }, 'answer-misfit'],
    ['a completion without choices', { body: { choices: [] } }, 'answer-misfit'],
    ['a text that is not JSON', replies.saying('Error'), 'answer-misfit'],
    ['an unknown label', answer([{ index: 0, label: 'Fatal' }]), 'answer-misfit'],
    ['a missing index', answer([]), 'answer-misfit'],
    ['429', replies.rateLimited(1), 'rate-limit'],
    ['a redirect', { status: 307, headers: { location: '/' }, body: '' }, 'network'],
  ])('names the reason of a failure after %s', async (_, reply, reason) => {
    const { tier, logger } = await setUp({ respond: () => reply }, { retries: 0 });
    await tier.openSession({}).classify([crm('x')]);
    expect(logger.entries).toMatchObject([{ details: { reason, tries: 1 } }]);
  });

  it('logs a timeout as the reason when no response arrives in time', async () => {
    const { tier, groq, logger } = await setUp({ respond: replies.hanging }, { timeoutMs: 500, retries: 0 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const work = tier.openSession({}).classify([crm('x')]);
    await groq.request(0);
    vi.advanceTimersByTime(500);
    expect(await work).toEqual([undefined]);
    expect(logger.entries).toMatchObject([{ details: { reason: 'timeout', tries: 1 } }]);
  });

  it('retries after a response that takes too long', async () => {
    const { tier, groq } = await setUp(
      { label: () => 'Error', respond: ({ number }) => (number === 0 ? replies.hanging() : undefined) },
      { timeoutMs: 500 },
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const work = tier.openSession({}).classify([crm('x')]);
    const { abandoned } = await groq.request(0);
    vi.advanceTimersByTime(500);
    expect(await work).toEqual(['Error']);
    await abandoned;
  });

  it('returns no label after the last retry, and asks again in the next session', async () => {
    const { tier, groq, pauses, logger } = await setUp({ respond: () => replies.failing(500) });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect([groq.requests.length, pauses.length]).toEqual([3, 2]);
    expect(logger.entries).toEqual([
      {
        level: 'info',
        details: { reason: 'status', status: 500, tries: 3, templates: 1 },
        message: 'LLM request failed',
      },
    ]);
    await tier.openSession({}).classify([crm('x')]);
    expect(groq.requests).toHaveLength(6);
  });

  it('returns no label when no server listens at the address', async () => {
    const { tier, groq, logger } = await setUp();
    await groq.close();
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect(logger.entries).toMatchObject([{ details: { reason: 'network' } }]);
  });

  it.each([400, 404, 413, 422])('does not retry a request refused with %i', async (status) => {
    const { tier, groq } = await setUp({ respond: () => replies.failing(status) });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect(groq.requests).toHaveLength(1);
  });

  it('does not follow a redirect', async () => {
    const other = await setUp();
    const reply = {
      status: 307,
      headers: { location: `${other.groq.url}/openai/v1/chat/completions` },
      body: '',
    };
    const { tier } = await setUp({ respond: () => reply });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect([other.groq.requests.length, other.groq.refusals()]).toEqual([0, 0]);
  });

  it('doubles the wait before each further retry, less up to a quarter at random', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const { tier, pauses } = await setUp({ respond: () => replies.failing(500) }, { retries: 3 });
    await tier.openSession({}).classify([crm('x')]);
    const first = 500 * (1 - 0.5 / 4);
    expect(pauses).toEqual([first, 2 * first, 4 * first]);
  });

  it('waits as long as Retry-After asks', async () => {
    const { tier, pauses } = await setUp({
      respond: ({ number }) => (number === 0 ? replies.rateLimited(2.5) : undefined),
    });
    await tier.openSession({}).classify([crm('x')]);
    expect(pauses).toEqual([2_500]);
  });

  it.each([
    ['a date', 'Thu, 01 Jan 2026 00:00:09 GMT', 4_000],
    ['a date in the past', 'Thu, 01 Jan 2026 00:00:00 GMT', 0],
    ['neither a number nor a date', 'soon', 500],
    ['nothing', undefined, 500],
  ])('waits as it should when Retry-After holds %s', async (_, header, pause) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-01T00:00:05Z') });
    onTestFinished(() => void vi.useRealTimers());
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => random.mockRestore());
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    const limited = { ...replies.failing(429), headers };
    const { tier, pauses } = await setUp({ respond: ({ number }) => (number === 0 ? limited : undefined) });
    await tier.openSession({}).classify([crm('x')]);
    expect(pauses).toEqual([pause]);
  });

  it('does not wait when Retry-After ends after the deadline', async () => {
    const { tier, groq, pauses } = await setUp(
      { respond: () => replies.rateLimited(60) },
      { deadlineMs: 30_000 },
    );
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect([groq.requests.length, pauses.length]).toEqual([1, 0]);
  });

  it('leaves only the lines of the failed request without labels', async () => {
    const { tier } = await setUp(
      { respond: ({ logs }) => (logs[0]?.message.includes('xx') ? replies.failing(400) : undefined) },
      { templatesPerRequest: 1 },
    );
    expect(await tier.openSession({}).classify(distinct(2))).toEqual(['Unclassified', undefined]);
  });
});

/** A body of 100 MB, and how many bytes of it were read. */
function endlessBody() {
  const sent = { bytes: 0 };
  function* pieces() {
    const piece = Buffer.alloc(64 * 1024, ' ');
    for (; sent.bytes < 100_000_000; sent.bytes += piece.length) yield piece;
  }
  return { body: Readable.from(pieces(), { highWaterMark: 1 }), sent };
}

describe('LLM tier when a response body has no end', () => {
  it.each([
    ['an answer', 200, 'answer-too-large', 1],
    ['a refusal', 400, 'status', 1],
    ['a failure', 500, 'status', 3],
  ])('closes the connection of %s and gives no label', async (_, status, reason, tries) => {
    const bodies: ReturnType<typeof endlessBody>[] = [];
    const respond = (): StandInReply => {
      const endless = endlessBody();
      bodies.push(endless);
      return { status, body: endless.body };
    };
    const { tier, groq, logger } = await setUp({ respond });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    await Promise.all(groq.requests.map(({ abandoned }) => abandoned));
    expect(logger.entries).toMatchObject([{ details: { reason, tries } }]);
    // The buffers of the sockets hold some bytes besides those that were read.
    for (const { sent } of bodies) expect(sent.bytes).toBeLessThan(20_000_000);
  });

  it('counts the decompressed bytes of a compressed response', async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000, ' '));
    const { tier, logger } = await setUp({
      respond: () => ({ headers: { 'content-encoding': 'gzip' }, body: packed }),
    });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect(logger.entries).toMatchObject([{ details: { reason: 'answer-too-large', tries: 1 } }]);
  });

  it('accepts a response of the largest allowed size', async () => {
    const start = JSON.stringify(
      replies.saying(JSON.stringify({ results: [{ index: 0, label: 'Error' }] })).body,
    );
    const { tier, logger } = await setUp({ respond: () => ({ body: start.padEnd(256 * 1024) }) });
    expect(await tier.openSession({}).classify([crm('x')])).toEqual(['Error']);
    expect(logger.entries).toEqual([]);
  });
});

describe('LLM tier after failures in a row', () => {
  it('stops asking, logs it once, and asks again after the pause', async () => {
    let works = false;
    const { tier, groq, clock, logger } = await setUp(
      { respond: () => (works ? undefined : replies.failing(500)) },
      { breakerFailures: 2, concurrency: 1, templatesPerRequest: 1 },
    );
    expect(await tier.openSession({}).classify(distinct(3))).toEqual([undefined, undefined, undefined]);
    await tier.openSession({}).classify([crm('x')]);
    expect(groq.requests).toHaveLength(2);
    works = true;
    clock.ms += 60_000;
    expect(await tier.openSession({}).classify([crm('x')])).toEqual(['Unclassified']);
    expect(logger.entries.map(({ message }) => message)).toEqual(['LLM paused', 'LLM answers again']);
  });

  it('does not count a rate limit that it waits for as a failure', async () => {
    const { tier, logger } = await setUp(
      { respond: ({ number }) => (number < 2 ? replies.rateLimited(1) : undefined) },
      { breakerFailures: 1 },
    );
    expect(await tier.openSession({}).classify([crm('x')])).toEqual(['Unclassified']);
    expect(logger.entries).toEqual([]);
  });

  it('stops at once and for longer when the key is refused', async () => {
    const { tier, groq, clock } = await setUp({}, { apiKey: 'gsk_revoked' });
    const session = tier.openSession({});
    expect(await session.classify([crm('x')])).toEqual([undefined]);
    clock.ms += 14 * 60_000;
    expect(await tier.openSession({}).classify([crm('x')])).toEqual([undefined]);
    expect(groq.refusals()).toBe(1);
    clock.ms += 60_000;
    await tier.openSession({}).classify([crm('x')]);
    expect(groq.refusals()).toBe(2);
  });

  it('does not log key, lines or replies', async () => {
    const reply: StandInReply = { status: 403, body: { error: { message: 'body-of-the-answer' } } };
    const { tier, logger } = await setUp({ respond: () => reply });
    await tier.openSession({}).classify([crm('text-of-the-line')]);
    expect(logger.entries.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'LLM paused'],
      ['info', 'LLM request failed'],
    ]);
    for (const secret of [STAND_IN_KEY, 'text-of-the-line', 'body-of-the-answer']) {
      expect(JSON.stringify(logger.entries)).not.toContain(secret);
    }
  });
});
