import { expect, it } from 'vitest';
import {
  createPendingRequests,
  type SendContext,
  type Labels,
} from '../../../src/classifier/llm/pending-requests.js';
import type { Question } from '../../../src/classifier/llm/questions.js';

const question = (key: string): Question => ({ key, source: '', message: '' });

/** A registry whose requests the test resolves and rejects. */
function setUp() {
  const sent: (SendContext & { resolve: (labels: Labels) => void; reject: (error: Error) => void })[] = [];
  const pendingRequests = createPendingRequests((_, context) => {
    return new Promise((resolve, reject) => sent.push({ ...context, resolve, reject }));
  });
  return { pendingRequests, sent };
}

it('finds a request by each of its questions until it has ended', async () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a'), question('b')]);
  expect(['a', 'b', 'c'].map((key) => pendingRequests.find(key))).toEqual([pending, pending, undefined]);
  sent[0]?.resolve(new Map([['a', 'Error']]));
  expect((await pending.labels).get('a')).toBe('Error');
  expect(['a', 'b'].map((key) => pendingRequests.find(key))).toEqual([undefined, undefined]);
});

it('does not find a request that has failed', async () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a')]);
  sent[0]?.reject(new Error('a bug'));
  await expect(pending.labels).rejects.toThrow('a bug');
  expect(pendingRequests.find('a')).toBeUndefined();
});

it('has the latest deadline of its callers, and aborts the request when the last one leaves', () => {
  const { pendingRequests, sent } = setUp();
  const pending = pendingRequests.start([question('a')]);
  const [leaveEarly, leaveLate] = [pending.join(100), pending.join(300)];
  pending.join(200)();
  expect(sent[0]?.latestDeadline()).toBe(300);
  leaveLate();
  expect([sent[0]?.latestDeadline(), sent[0]?.signal.aborted]).toEqual([100, false]);
  expect(pendingRequests.find('a')).toBe(pending);
  leaveEarly();
  expect(sent[0]?.signal.aborted).toBe(true);
  expect(pendingRequests.find('a')).toBeUndefined();
});

it('keeps the new request for a question when the aborted one for it ends', async () => {
  const { pendingRequests, sent } = setUp();
  const first = pendingRequests.start([question('a')]);
  first.join(100)();
  const second = pendingRequests.start([question('a')]);
  sent[0]?.resolve(new Map());
  await first.labels;
  expect(pendingRequests.find('a')).toBe(second);
});
