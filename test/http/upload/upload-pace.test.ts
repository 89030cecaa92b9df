import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadPace } from '../../../src/http/upload/upload-pace.js';
import { deferred } from '../../support/stub-classifier.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const upload = () => new UploadPace({ minBytesPerS: 1000, maxBehindMs: 500 });

/** A wait for bytes that never come, and how it stands: what it gave, or the error that ended it. */
function waitInVain(pace: UploadPace): { outcome: unknown } {
  const wait: { outcome: unknown } = { outcome: 'waits' };
  pace.waitFor(new Promise(() => undefined)).catch((error: unknown) => (wait.outcome = error));
  return wait;
}

describe('The wait for bytes of an upload', () => {
  it('ends with the bytes, and leaves no timer behind', async () => {
    const { promise, resolve } = deferred<string>();
    const wait = upload().waitFor(promise);
    await vi.advanceTimersByTimeAsync(499);
    resolve('bytes');
    expect(await wait).toBe('bytes');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends with an error that names the pace once the client is too far behind', async () => {
    const wait = waitInVain(upload());
    await vi.advanceTimersByTimeAsync(499);
    expect(wait.outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toMatchObject({
      code: 'upload_timeout',
      message: 'The upload brought less than 1000 bytes a second for 500 ms and was given up.',
    });
  });

  it('ends with an error that says that nothing came where there is no least pace', async () => {
    const wait = waitInVain(new UploadPace({ minBytesPerS: 0, maxBehindMs: 500 }));
    await vi.advanceTimersByTimeAsync(500);
    expect(wait.outcome).toMatchObject({
      message: 'The upload brought nothing for 500 ms and was given up.',
    });
  });

  it('lasts longer by the time that the bytes which move make up for', async () => {
    const pace = upload();
    const wait = waitInVain(pace);
    await vi.advanceTimersByTimeAsync(400);
    pace.move(100);
    await vi.advanceTimersByTimeAsync(199);
    expect(wait.outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toMatchObject({ code: 'upload_timeout' });
  });

  it('goes on where the last one ended: the time between them is the server’s', async () => {
    const pace = upload();
    const first = deferred();
    const wait = pace.waitFor(first.promise);
    await vi.advanceTimersByTimeAsync(300);
    first.resolve();
    await wait;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(pace.behindMs).toBe(0);
    const next = waitInVain(pace);
    expect(pace.behindMs).toBe(300);
    await vi.advanceTimersByTimeAsync(199);
    expect(next.outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    expect(next.outcome).toMatchObject({ code: 'upload_timeout' });
  });

  it('is not timed while nobody waits, though bytes move', () => {
    upload().move(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('An upload that is cut', () => {
  const CUT = {
    code: 'upload_timeout',
    message:
      'The upload brought less than 50000 bytes a second while others waited for its place. Send it again.',
  };

  it('ends the wait under way', async () => {
    const pace = upload();
    const wait = pace.waitFor(new Promise(() => undefined));
    pace.cut();
    await expect(wait).rejects.toMatchObject(CUT);
  });

  it('ends the next wait with the same error, however often it is cut', async () => {
    const pace = upload();
    pace.cut();
    const first: unknown = await pace.waitFor(new Promise(() => undefined)).catch((error: unknown) => error);
    pace.cut();
    const second: unknown = await pace.waitFor(new Promise(() => undefined)).catch((error: unknown) => error);
    expect(first).toMatchObject(CUT);
    expect(second).toBe(first);
  });
});
