import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { followFile } from '../../src/classifier/follow-file.js';

/** Follows a new file; `next` resolves with the next call, good or failed. */
async function follow(changed: () => Promise<void> = () => Promise.resolve()) {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const file = join(folder, 'head.json');
  await writeFile(file, 'one');
  let tell: (what: unknown) => void = () => undefined;
  const calls: unknown[] = [];
  const called = (what: unknown): void => {
    calls.push(what);
    tell(what);
  };
  const following = followFile(file, {
    pollMs: 5,
    changed: async () => {
      await changed();
      called('changed');
    },
    failed: called,
  });
  onTestFinished(async () => {
    following.close();
    await rm(folder, { recursive: true });
  });
  const next = (): Promise<unknown> => new Promise((resolve) => (tell = resolve));
  return { folder, file, next, calls };
}

it('tells of the state that it finds, of a rewrite, a replacement and a removal', async () => {
  const { folder, file, next } = await follow();
  expect(await next()).toBe('changed');
  await Promise.all([next(), writeFile(file, 'two')]);
  await writeFile(join(folder, 'new'), 'three');
  await Promise.all([next(), rename(join(folder, 'new'), file)]);
  expect((await Promise.all([next(), rm(file)]))[0]).toBe('changed');
});

it('goes on after a failure', async () => {
  const failures = [new Error('first')];
  const { file, next } = await follow(() => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve();
  });
  expect(await next()).toMatchObject({ message: 'first' });
  expect((await Promise.all([next(), writeFile(file, 'two')]))[0]).toBe('changed');
});
