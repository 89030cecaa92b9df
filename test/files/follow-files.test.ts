import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { followFiles } from '../../src/files/follow-files.js';

/** Follows a new file. `next` resolves when `onChange` is called next. */
async function follow(): Promise<{ folder: string; file: string; next: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const file = join(folder, 'head.json');
  await writeFile(file, 'one');
  let called: () => void = () => undefined;
  const following = followFiles([file], {
    pollMs: 5,
    onChange: () => {
      called();
      return Promise.resolve();
    },
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    following.close();
    await rm(folder, { recursive: true });
  });
  return { folder, file, next: () => new Promise((resolve) => (called = resolve)) };
}

/**
 * Follows files whose fingerprints at each poll are the letters of one entry of `polls`, a letter for each file.
 * @returns the numbers of the polls that called `onChange`, from 1, and the errors passed to `onError`
 */
async function callsAt(
  polls: readonly string[],
  { failing = [], retry = false }: { failing?: Error[]; retry?: boolean } = {},
): Promise<{ calls: number[]; failures: unknown[] }> {
  const files = Array.from({ length: polls[0]?.length ?? 0 }, (_, index) => String(index));
  const [calls, failures]: [number[], unknown[]] = [[], []];
  let poll = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(files, {
      pollMs: 0,
      fingerprint: (file) => {
        if (file === '0') poll += 1;
        const state = polls[poll - 1];
        if (state === undefined) {
          following.close();
          resolve();
        }
        return Promise.resolve(state?.[Number(file)] ?? '');
      },
      onChange: async () => {
        calls.push(poll);
        const failure = failing.shift();
        return failure ? Promise.reject(failure) : Promise.resolve();
      },
      onError: (error) => {
        failures.push(error);
        return retry;
      },
    });
  });
  return { calls, failures };
}

it('reports the first state, a rewrite, a replacement and a removal', async () => {
  const { folder, file, next } = await follow();
  await next();
  await Promise.all([next(), writeFile(file, 'two')]);
  await writeFile(join(folder, 'new'), 'three');
  await Promise.all([next(), rename(join(folder, 'new'), file)]);
  await Promise.all([next(), rm(file)]);
});

it.each([
  ['reports a state at the second poll, and once', ['a', 'a', 'a', 'a'], [2]],
  ['waits until a change has settled', ['a', 'a', 'b', 'c', 'd', 'd', 'd'], [2, 6]],
  ['does not report a change that is reverted', ['a', 'a', 'b', 'a', 'a'], [2]],
  ['reports a change of any of the files', ['ax', 'ax', 'ay', 'ay', 'by', 'by'], [2, 4, 6]],
  ['waits until all files have settled', ['ax', 'ax', 'bx', 'by', 'by'], [2, 5]],
])('%s', async (_, polls, expected) => {
  expect((await callsAt(polls)).calls).toEqual(expected);
});

it('continues after an error, and waits for the next change', async () => {
  const failure = new Error('broken');
  const seen = await callsAt(['a', 'a', 'a', 'b', 'b'], { failing: [failure] });
  expect(seen).toEqual({ calls: [2, 5], failures: [failure] });
});

it('retries at each poll without a change if onError returns true', async () => {
  const failing = [new Error('busy'), new Error('busy')];
  const { calls, failures } = await callsAt(['a', 'a', 'a', 'a', 'a'], { failing, retry: true });
  expect(calls).toEqual([2, 3, 4]);
  expect(failures).toHaveLength(2);
});

it('continues after a poll that fails', async () => {
  const failures: unknown[] = [];
  let poll = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(['file'], {
      pollMs: 0,
      fingerprint: () => {
        poll += 1;
        return poll === 2 ? Promise.reject(new Error('no poll')) : Promise.resolve('a');
      },
      onChange: () => {
        following.close();
        resolve();
        return Promise.resolve();
      },
      onError: (error) => {
        failures.push(error);
        return false;
      },
    });
  });
  expect(poll).toBe(3);
  expect(failures).toEqual([new Error('no poll')]);
});

it('schedules no further poll when it is closed during one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const unused = { onChange: () => Promise.resolve(), onError: () => false };
  const following = followFiles(['file'], { ...unused, fingerprint: () => Promise.resolve('a') });
  following.close();
  await nextTurn();
  expect(vi.getTimerCount()).toBe(0);
  const open = followFiles(['file'], { ...unused, fingerprint: () => Promise.resolve('a') });
  await nextTurn();
  expect(vi.getTimerCount()).toBe(1);
  open.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('schedules no further poll when it is closed during a poll', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const following = followFiles(['file'], {
    onChange: () => Promise.resolve(),
    onError: () => false,
    fingerprint: () => {
      following.close();
      return Promise.resolve('a');
    },
  });
  vi.runOnlyPendingTimers();
  await nextTurn();
  expect(vi.getTimerCount()).toBe(0);
});

it('calls nothing after it is closed', async () => {
  let poll = 0;
  let calls = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(['file'], {
      pollMs: 0,
      fingerprint: () => {
        poll += 1;
        // During the poll that would have reported the state.
        if (poll === 2) {
          following.close();
          setImmediate(resolve);
        }
        return Promise.resolve('a');
      },
      onChange: () => Promise.resolve(void (calls += 1)),
      onError: () => false,
    });
  });
  expect([poll, calls]).toEqual([2, 0]);
});
