import { getEventListeners } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { PendingRequest } from '../../../src/classifier/llm/pending-requests.js';
import { createSession } from '../../../src/classifier/llm/llm-session.js';
import type { Question } from '../../../src/classifier/llm/questions.js';

/** A session whose requests return no labels. Tests may fill `cached` while it works. */
function open({ maxRequests = 100, templatesPerRequest = 2, signal = new AbortController().signal } = {}) {
  const clock = { ms: 0 };
  const asked: Question[] = [];
  const cached = new Map<string, string>();
  const pending: PendingRequest = { labels: Promise.resolve(new Map()), join: () => () => undefined };
  const start = (questions: readonly Question[]) => {
    asked.push(...questions);
    return pending;
  };
  const session = createSession(
    { deadlineMs: 1_000, maxRequests, templatesPerRequest },
    {
      keyOf: ({ message }) => message.slice(0, 5),
      cache: cached,
      pendingRequests: { find: () => undefined, start },
      breaker: { ready: () => true },
      now: () => clock.ms,
    },
    signal,
  );
  return { session, asked, cached, clock };
}

const long = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    source: 'CRM',
    message: `${String(at).padStart(5, '0')}${' word'.repeat(1_000)}`,
  }));

it('does not block the event loop while it masks long messages', async () => {
  const { session, asked } = open();
  let turns = 0;
  const count = () => {
    turns++;
    if (asked.length === 0) setImmediate(count);
  };
  setImmediate(count);
  await session.classify(long(100));
  expect(asked).toHaveLength(100);
  expect(turns).toBeGreaterThan(20);
});

it('uses a label that was cached while it masked, and does not ask for it', async () => {
  const { session, asked, cached } = open();
  const work = session.classify(long(100));
  cached.set('00099', 'Error');
  expect((await work)[99]).toBe('Error');
  expect(asked.map(({ key }) => key)).not.toContain('00099');
});

it('masks no more messages than the cap allows it to send', async () => {
  const { session, asked } = open({ maxRequests: 2 });
  const items = long(100);
  let read = 0;
  const watched = items.map(({ source, message }) => ({
    source,
    get message() {
      read++;
      return message;
    },
  }));
  await session.classify(watched);
  expect(asked).toHaveLength(4);
  // Each message is read once for its key.
  expect(read - items.length).toBeLessThan(20);
});

it('sends no more requests than the cap where long messages fill them', async () => {
  const { session, asked } = open({ maxRequests: 1, templatesPerRequest: 20 });
  await session.classify(long(15));
  // A request holds 10,000 characters: nine messages with their sources.
  expect(asked).toHaveLength(9);
});

it('asks nothing after its deadline, which is counted from its first question', async () => {
  const { session, asked, clock } = open();
  clock.ms = 5_000;
  await session.classify(long(1));
  clock.ms = 5_999;
  await session.classify(long(2));
  clock.ms = 6_000;
  await session.classify(long(3));
  expect(asked.map(({ key }) => key)).toEqual(['00000', '00000', '00001']);
});

it('leaves neither timer nor listener behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { signal } = new AbortController();
  await open({ signal }).session.classify(long(1));
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
