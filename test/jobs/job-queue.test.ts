import { expect, it } from 'vitest';
import { JobQueue } from '../../src/jobs/job-queue.js';

function queueOf(...sizes: number[]): JobQueue {
  const queue = new JobQueue();
  sizes.forEach((bytes, index) => queue.add({ id: `${bytes}`, bytes, queued: index }));
  return queue;
}

function order(queue: JobQueue): number[] {
  const ids: number[] = [];
  for (let job = queue.next(); job; job = queue.next()) ids.push(job.bytes);
  return ids;
}

it('the smallest job begins first, and every third time the one that has waited longest', () => {
  expect(order(queueOf(900, 50, 40, 30, 20, 10))).toEqual([10, 20, 900, 30, 40, 50]);
});

it('asking the empty queue does not change whose turn it is', () => {
  const queue = queueOf(1);
  expect(order(queue)).toEqual([1]);
  queue.next();
  for (const bytes of [9, 5, 4]) queue.add({ id: `${bytes}`, bytes, queued: 10 - bytes });
  // These are the second, third and fourth start.
  expect(order(queue)).toEqual([4, 9, 5]);
});

it('a job that was removed does not begin', () => {
  const queue = queueOf(1, 2);
  expect([queue.remove('1'), queue.remove('1')]).toEqual([true, false]);
  expect([order(queue), queue.size]).toEqual([[2], 0]);
});
