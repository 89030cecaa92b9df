import { appendFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { followGrowingFile } from '../../src/files/follow-growing-file.js';
import { temporaryFolder } from '../support/command.js';

/** Follows a file; `next` returns the next text of this length. */
async function followed(content: string) {
  const path = join(await temporaryFolder(), 'app.log');
  await writeFile(path, content);
  const stop = new AbortController();
  const bytes = followGrowingFile(path, { signal: stop.signal, pollMs: 1 });
  onTestFinished(async () => {
    stop.abort();
    await bytes.return();
  });
  const next = async (length: number): Promise<string> => {
    let text = '';
    while (text.length < length) text += Buffer.from((await bytes.next()).value as Uint8Array).toString();
    return text;
  };
  return { path, next, stop, bytes };
}

it('reads a file from its start and goes on as it grows', async () => {
  const { path, next } = await followed('one\n');
  expect(await next(4)).toBe('one\n');
  await appendFile(path, 'two\n');
  expect(await next(4)).toBe('two\n');
});

it('reads a renamed file to its end, then the new one, and joins no lines', async () => {
  const { path, next } = await followed('one\n');
  expect(await next(4)).toBe('one\n');
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, 'half');
  await writeFile(path, 'new\n');
  expect(await next(9)).toBe('half\nnew\n');
});

it('reads a truncated file from its start', async () => {
  const { path, next } = await followed('one\ntwo\n');
  expect(await next(8)).toBe('one\ntwo\n');
  await truncate(path);
  await appendFile(path, 'new\n');
  expect(await next(4)).toBe('new\n');
});

it('waits for a new file if the old one is removed', async () => {
  const { path, next } = await followed('one\n');
  expect(await next(4)).toBe('one\n');
  await rm(path);
  await writeFile(path, 'new\n');
  expect(await next(4)).toBe('new\n');
});

it('ends when the signal aborts', async () => {
  const { next, stop, bytes } = await followed('one\n');
  expect(await next(4)).toBe('one\n');
  const last = bytes.next();
  stop.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

it('fails if the file does not exist', async () => {
  await expect(followGrowingFile('/no/such.log').next()).rejects.toThrow('ENOENT');
});
