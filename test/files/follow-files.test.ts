import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { followFiles } from '../../src/files/follow-files.js';

/** Follows a new file; `next` resolves with the next call. */
async function follow(): Promise<{ folder: string; file: string; next: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const file = join(folder, 'head.json');
  await writeFile(file, 'one');
  let tell: () => void = () => undefined;
  const following = followFiles([file], {
    pollMs: 5,
    changed: () => {
      tell();
      return Promise.resolve();
    },
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    following.close();
    await rm(folder, { recursive: true });
  });
  return { folder, file, next: () => new Promise((resolve) => (tell = resolve)) };
}

/**
 * Follows files that look, one time after the other, like the letters of `looks`, a column of them each time.
 * @returns at how many looks there was a call
 */
async function callsAt(
  looks: readonly string[],
  { failing = [], again = false }: { failing?: Error[]; again?: boolean } = {},
): Promise<{ calls: number[]; failures: unknown[] }> {
  const files = Array.from({ length: looks[0]?.length ?? 0 }, (_, index) => String(index));
  const [calls, failures]: [number[], unknown[]] = [[], []];
  let look = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(files, {
      pollMs: 0,
      markOf: (file) => {
        if (file === '0') look += 1;
        const state = looks[look - 1];
        if (state === undefined) {
          following.close();
          resolve();
        }
        return Promise.resolve(state?.[Number(file)] ?? '');
      },
      changed: async () => {
        calls.push(look);
        const failure = failing.shift();
        return failure ? Promise.reject(failure) : Promise.resolve();
      },
      failed: (error) => {
        failures.push(error);
        return again;
      },
    });
  });
  return { calls, failures };
}

it('tells of the state that it finds, of a rewrite, a replacement and a removal', async () => {
  const { folder, file, next } = await follow();
  await next();
  await Promise.all([next(), writeFile(file, 'two')]);
  await writeFile(join(folder, 'new'), 'three');
  await Promise.all([next(), rename(join(folder, 'new'), file)]);
  await Promise.all([next(), rm(file)]);
});

it.each([
  ['tells of a state at its second look, and once', ['a', 'a', 'a', 'a'], [2]],
  ['waits until a change has settled', ['a', 'a', 'b', 'c', 'd', 'd', 'd'], [2, 6]],
  ['says nothing of a change that is taken back', ['a', 'a', 'b', 'a', 'a'], [2]],
  ['tells of a change in any of the files', ['ax', 'ax', 'ay', 'ay', 'by', 'by'], [2, 4, 6]],
  ['waits until all files have settled', ['ax', 'ax', 'bx', 'by', 'by'], [2, 5]],
])('%s', async (_, looks, expected) => {
  expect((await callsAt(looks)).calls).toEqual(expected);
});

it('goes on after a failure, and waits for the next change', async () => {
  const failure = new Error('broken');
  const seen = await callsAt(['a', 'a', 'a', 'b', 'b'], { failing: [failure] });
  expect(seen).toEqual({ calls: [2, 5], failures: [failure] });
});

it('tries again at each look, without a change, where it is told to', async () => {
  const failing = [new Error('busy'), new Error('busy')];
  const { calls, failures } = await callsAt(['a', 'a', 'a', 'a', 'a'], { failing, again: true });
  expect(calls).toEqual([2, 3, 4]);
  expect(failures).toHaveLength(2);
});

it('goes on after a look that fails', async () => {
  const failures: unknown[] = [];
  let look = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(['file'], {
      pollMs: 0,
      markOf: () => {
        look += 1;
        return look === 2 ? Promise.reject(new Error('no look')) : Promise.resolve('a');
      },
      changed: () => {
        following.close();
        resolve();
        return Promise.resolve();
      },
      failed: (error) => {
        failures.push(error);
        return false;
      },
    });
  });
  expect(look).toBe(3);
  expect(failures).toEqual([new Error('no look')]);
});

it('sets no further look when it is closed amid one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const unused = { changed: () => Promise.resolve(), failed: () => false };
  const following = followFiles(['file'], { ...unused, markOf: () => Promise.resolve('a') });
  following.close();
  await nextTurn();
  expect(vi.getTimerCount()).toBe(0);
  const open = followFiles(['file'], { ...unused, markOf: () => Promise.resolve('a') });
  await nextTurn();
  expect(vi.getTimerCount()).toBe(1);
  open.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('sets no further look when it is closed while a look is under way', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const following = followFiles(['file'], {
    changed: () => Promise.resolve(),
    failed: () => false,
    markOf: () => {
      following.close();
      return Promise.resolve('a');
    },
  });
  vi.runOnlyPendingTimers();
  await nextTurn();
  expect(vi.getTimerCount()).toBe(0);
});

it('calls nobody once it is closed', async () => {
  let look = 0;
  let calls = 0;
  await new Promise<void>((resolve) => {
    const following = followFiles(['file'], {
      pollMs: 0,
      markOf: () => {
        look += 1;
        // In the midst of the look that would have told of the state.
        if (look === 2) {
          following.close();
          setImmediate(resolve);
        }
        return Promise.resolve('a');
      },
      changed: () => Promise.resolve(void (calls += 1)),
      failed: () => false,
    });
  });
  expect([look, calls]).toEqual([2, 0]);
});
