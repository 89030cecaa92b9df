import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { waitAtMost } from '../../src/async/wait-at-most.js';

const never = new Promise<never>(() => undefined);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('returns `done` when the promise resolves in time, and leaves neither timer nor listener behind', async () => {
  const { signal } = new AbortController();
  expect(await waitAtMost(Promise.resolve(7), 0, signal)).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('returns `timeout` when the time has passed, and not earlier', async () => {
  const { signal } = new AbortController();
  const outcome = vi.fn();
  const wait = waitAtMost(never, 100, signal).then(outcome);
  await vi.advanceTimersByTimeAsync(99);
  expect(outcome).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await wait;
  expect(outcome).toHaveBeenCalledWith('timeout');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('returns `aborted` when the signal aborts during the wait, and removes its timer', async () => {
  const controller = new AbortController();
  const wait = waitAtMost(never, 100, controller.signal);
  controller.abort();
  expect(await wait).toBe('aborted');
  expect(vi.getTimerCount()).toBe(0);
});

it('returns `aborted` if the signal has aborted before the wait', async () => {
  expect(await waitAtMost(never, 100, AbortSignal.abort())).toBe('aborted');
  expect(await waitAtMost(Promise.resolve(), 100, AbortSignal.abort())).toBe('aborted');
});

it('rejects with the error of the promise, and leaves neither timer nor listener behind', async () => {
  const { signal } = new AbortController();
  await expect(waitAtMost(Promise.reject(new Error('broken')), 100, signal)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('waits for the longest possible timer if the time limit is longer', async () => {
  const outcome = vi.fn();
  void waitAtMost(never, Infinity).then(outcome);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(outcome).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 ** 31 - 1 - 60_000);
  expect(outcome).toHaveBeenCalledWith('timeout');
});
