import { expect, it } from 'vitest';
import {
  createPendingRequests,
  type SendContext,
  type Labels,
} from '../../../src/classifier/llm/pending-requests.js';
import type { Question } from '../../../src/classifier/llm/questions.js';

const question = (key: string): Question => ({ key, source: '', message: '' });

/** PendingRequests whose requests end when the test ends them. */
function setUp() {
  const sent: (SendContext & { land: (labels: Labels) => void; crash: (error: Error) => void })[] = [];
  const pendingRequests = createPendingRequests((_, context) => {
    return new Promise((land, crash) => sent.push({ ...context, land, crash }));
  });
  return { pendingRequests, sent };
}

it('finds a request by each of its questions until it has ended', async () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a'), question('b')]);
  expect(['a', 'b', 'c'].map((key) => pendingRequests.find(key))).toEqual([pending, pending, undefined]);
  sent[0]?.land(new Map([['a', 'Error']]));
  expect((await pending.labels).get('a')).toBe('Error');
  expect(['a', 'b'].map((key) => pendingRequests.find(key))).toEqual([undefined, undefined]);
});

it('does not find a request that has failed', async () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a')]);
  sent[0]?.crash(new Error('a bug'));
  await expect(pending.labels).rejects.toThrow('a bug');
  expect(pendingRequests.find('a')).toBeUndefined();
});

it('waits for the latest of those who wait, and gives the request up with the last', () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a')]);
  const [early, late] = [pending.join(100), pending.join(300)];
  pending.join(200)();
  expect(sent[0]?.latestDeadline()).toBe(300);
  late();
  expect([sent[0]?.latestDeadline(), sent[0]?.signal.aborted]).toEqual([100, false]);
  expect(pendingRequests.find('a')).toBe(pending);
  early();
  expect(sent[0]?.signal.aborted).toBe(true);
  expect(pendingRequests.find('a')).toBeUndefined();
});

it('keeps the request that has come in the place of one that was given up', async () => {
  const { pendingRequests, sent } = setUp();
  const first = pendingRequests.start([question('a')]);
  first.join(100)();
  const second = pendingRequests.start([question('a')]);
  sent[0]?.land(new Map());
  await first.labels;
  expect(pendingRequests.find('a')).toBe(second);
});
