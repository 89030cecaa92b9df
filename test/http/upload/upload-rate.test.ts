import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadRate } from '../../../src/http/upload/upload-rate.js';
import { deferred } from '../../support/stub-classifier.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const upload = () => new UploadRate({ minBytesPerS: 1000, maxBehindMs: 500 });

/** Waits for bytes that never arrive. `outcome` is the error once the wait has ended. */
function waitForever(rate: UploadRate): { outcome: unknown } {
  const wait: { outcome: unknown } = { outcome: 'waiting' };
  rate.waitFor(new Promise(() => undefined)).catch((error: unknown) => (wait.outcome = error));
  return wait;
}

describe('UploadRate.waitFor', () => {
  it('resolves with the bytes and leaves no timer behind', async () => {
    const { promise, resolve } = deferred<string>();
    const wait = upload().waitFor(promise);
    await vi.advanceTimersByTimeAsync(499);
    resolve('bytes');
    expect(await wait).toBe('bytes');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with the minimum rate when the client is too far behind', async () => {
    const wait = waitForever(upload());
    await vi.advanceTimersByTimeAsync(499);
    expect(wait.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toMatchObject({
      code: 'upload_timeout',
      message:
        'The upload sent less than 1000 bytes per second for 500 ms, and the server gave up waiting. Send it again.',
    });
  });

  it('rejects with “no bytes” if the minimum rate is 0', async () => {
    const wait = waitForever(new UploadRate({ minBytesPerS: 0, maxBehindMs: 500 }));
    await vi.advanceTimersByTimeAsync(500);
    expect(wait.outcome).toMatchObject({
      message: 'The upload sent no bytes for 500 ms, and the server gave up waiting. Send it again.',
    });
  });

  it('waits longer by the time that arriving bytes make up for', async () => {
    const rate = upload();
    const wait = waitForever(rate);
    await vi.advanceTimersByTimeAsync(400);
    rate.count(100);
    await vi.advanceTimersByTimeAsync(199);
    expect(wait.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toMatchObject({ code: 'upload_timeout' });
  });

  it('does not count the time between two waits, and keeps the lag of the first', async () => {
    const rate = upload();
    const first = deferred();
    const wait = rate.waitFor(first.promise);
    await vi.advanceTimersByTimeAsync(300);
    first.resolve();
    await wait;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rate.behindMs).toBe(0);
    const next = waitForever(rate);
    expect(rate.behindMs).toBe(300);
    await vi.advanceTimersByTimeAsync(199);
    expect(next.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(next.outcome).toMatchObject({ code: 'upload_timeout' });
  });

  it('starts no timer when bytes arrive outside a wait', () => {
    upload().count(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('UploadRate.loseSlot', () => {
  const SLOT_LOST = {
    code: 'upload_timeout',
    message:
      'The upload sent less than 50000 bytes per second, and another upload needed its slot. Send it again.',
  };

  it('rejects the current wait', async () => {
    const rate = upload();
    const wait = rate.waitFor(new Promise(() => undefined));
    rate.loseSlot();
    await expect(wait).rejects.toMatchObject(SLOT_LOST);
  });

  it('rejects all later waits with the same error', async () => {
    const rate = upload();
    rate.loseSlot();
    const first: unknown = await rate.waitFor(new Promise(() => undefined)).catch((error: unknown) => error);
    rate.loseSlot();
    const second: unknown = await rate.waitFor(new Promise(() => undefined)).catch((error: unknown) => error);
    expect(first).toMatchObject(SLOT_LOST);
    expect(second).toBe(first);
  });
});
