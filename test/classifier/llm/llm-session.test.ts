import { expect, it } from 'vitest';
import type { Flight } from '../../../src/classifier/llm/flights.js';
import { createSession } from '../../../src/classifier/llm/llm-session.js';
import type { Question } from '../../../src/classifier/llm/questions.js';

/** A session whose requests have no answer; `cached` may be filled while it works. */
function open({ maxRequests = 100 } = {}) {
  const asked: Question[] = [];
  const cached = new Map<string, string>();
  const flight: Flight = { labels: Promise.resolve(new Map()), join: () => () => undefined };
  const start = (questions: readonly Question[]) => {
    asked.push(...questions);
    return flight;
  };
  const session = createSession(
    { deadlineMs: 1_000, maxRequests, templatesPerRequest: 2 },
    {
      keyOf: ({ message }) => message.slice(0, 5),
      cache: cached,
      flights: { find: () => undefined, start },
      breaker: { ready: () => true },
      now: () => 0,
    },
  );
  return { session, asked, cached };
}

const long = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    source: 'CRM',
    message: `${String(at).padStart(5, '0')}${' word'.repeat(1_000)}`,
  }));

it('lets the event loop turn while it masks long messages', async () => {
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

it('takes what has been answered while it masked, and does not ask for it', async () => {
  const { session, asked, cached } = open();
  const work = session.classify(long(100));
  cached.set('00099', 'Error');
  expect((await work)[99]).toBe('Error');
  expect(asked.map(({ key }) => key)).not.toContain('00099');
});

it('masks no more messages than it may send', async () => {
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
