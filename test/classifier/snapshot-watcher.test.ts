import { mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadHead } from '../../src/classifier/embedding/head.js';
import { watchSnapshot } from '../../src/classifier/snapshot-watcher.js';
import type { FollowOptions } from '../../src/files/follow-files.js';
import { openSnapshot, type ClassifierSnapshot } from '../../src/classifier/snapshot.js';
import { makeFifo } from '../support/fifo.js';
import { headText } from '../support/head-text.js';
import { countWatches, snapshotParts, labelsText, rulesText } from './snapshot-parts.js';

const FIRST = headText(['Fine', 'Broken']);
const REFUSED = 'head not replaced, the last good one stays in use';

/** A snapshot and its watcher. `look` handles a file change and returns whether the change should be retried. */
async function follow({ head = FIRST, rules = rulesText('Fine') } = {}) {
  const watches = countWatches();
  const parts = await snapshotParts({ withRules: true });
  await writeFile(parts.headFile, head);
  await writeFile(parts.rulesFile, rules);
  const inUse = { current: await openSnapshot(await loadHead(parts.headFile), parts) };
  let handed: { files: readonly string[]; options: FollowOptions } | undefined;
  let followed = true;
  const watcher = watchSnapshot(parts, inUse, (files, options) => {
    handed = { files, options };
    return { close: () => (followed = false) };
  });
  const look = async (): Promise<boolean> => {
    try {
      await handed?.options.onChange();
      return false;
    } catch (error) {
      return handed?.options.onError(error) ?? false;
    }
  };
  return {
    ...parts,
    files: handed?.files,
    look,
    watches,
    watcher,
    current: () => inUse.current,
    isFollowed: () => followed,
    problems: () => parts.logger.lines.filter(({ level }) => level === 'error').map(({ details }) => details),
  };
}

it('keeps the snapshot while the head file is unchanged', async () => {
  const { look, current, logger } = await follow();
  const before = current();
  expect(await look()).toBe(false);
  expect(current()).toBe(before);
  expect(logger.lines).toEqual([]);
});

it('loads another head and keeps the rules', async () => {
  const { headFile, look, current, logger, watches } = await follow();
  const { rules } = current();
  await writeFile(headFile, headText(['Fine', 'Broken'], { threshold: 0.7 }));
  await look();
  expect(current().embedding.head.threshold).toBe(0.7);
  expect(current().rules).toBe(rules);
  const { version } = current().embedding.head;
  const details = { file: headFile, version, labels: 2 };
  expect(logger.lines).toEqual([{ level: 'info', details, message: 'head reloaded' }]);
  expect(watches()).toBe(1);
});

it('stops watching the rules that another head replaces', async () => {
  const { headFile, look, current, watches } = await follow();
  const { rules } = current();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  await look();
  expect(current().rules).not.toBe(rules);
  expect(watches()).toBe(1);
  current().rules.close();
  expect(watches()).toBe(0);
});

it.each([
  ['that is broken', '{', /is not JSON/],
  ['for another encoder', headText(['A', 'B'], { encoder: { id: 'e', dimension: 2 } }), /ENCODER_DIR/],
])('refuses a head %s, logs it once, and logs when the good one is back', async (_, text, reason) => {
  const { headFile, look, current, logger, problems } = await follow();
  const before = current();
  await writeFile(headFile, text);
  expect([await look(), await look()]).toEqual([false, false]);
  expect(current()).toBe(before);
  expect(problems()).toEqual([{ file: headFile, problem: expect.stringMatching(reason) as string }]);
  expect(logger.of('error')).toEqual([REFUSED]);
  await writeFile(headFile, FIRST);
  expect([await look(), await look()]).toEqual([false, false]);
  expect(logger.of('info')).toEqual(['head file contains the head in use again']);
});

it('loads head and rules for other labels when the head is written first', async () => {
  const first = { head: headText(['Oven', 'Sales']), rules: rulesText('Oven') };
  const { headFile, rulesFile, files, look, current, logger } = await follow(first);
  await writeFile(headFile, headText(['Moon', 'Star']));
  await look();
  expect(logger.of('error')).toEqual([REFUSED]);
  await writeFile(rulesFile, rulesText('Moon'));
  expect(files).toContain(rulesFile);
  await look();
  expect(current().embedding.head.labels).toEqual(['Moon', 'Star']);
  expect(current().rules.current.match('zork')?.label).toBe('Moon');
});

it('parses a head once when it is tried several times', async () => {
  const { headFile, rulesFile, look } = await follow();
  const text = headText(['Fine', 'Lost']);
  await writeFile(headFile, text);
  await writeFile(rulesFile, '{');
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  await look();
  await look();
  await writeFile(rulesFile, rulesText('Lost'));
  await look();
  await look();
  expect(parse.mock.calls.filter(([parsed]) => parsed === text)).toHaveLength(1);
  expect(parse.mock.calls.filter(([parsed]) => parsed === FIRST)).toHaveLength(0);
});

it('tries a head again when the label file changes, and logs each problem once', async () => {
  const { headFile, labelsFile, files, look, current, problems } = await follow();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  for (const text of ['{', '{', '[]', '{']) {
    await writeFile(labelsFile, text);
    await look();
  }
  expect(problems()).toHaveLength(3);
  await writeFile(labelsFile, labelsText(['Fine', 'Lost']));
  expect(files).toEqual(expect.arrayContaining([headFile, labelsFile]));
  await look();
  expect(current().embedding.head.labels).toEqual(['Fine', 'Lost']);
});

it('retries without a file change while a file cannot be read', async () => {
  const { headFile, rulesFile, look, current, problems } = await follow();
  await rm(headFile);
  await mkdir(headFile);
  expect([await look(), await look()]).toEqual([true, true]);
  const problem = expect.stringContaining('it is a folder, not a regular file') as string;
  expect(problems()).toEqual([{ file: headFile, problem }]);
  await rm(headFile, { recursive: true });
  makeFifo(headFile);
  expect(await look()).toBe(true);
  expect(problems()).toHaveLength(2);
  await rm(headFile);
  await writeFile(headFile, headText(['Fine', 'Lost']));
  await rm(rulesFile);
  expect(await look()).toBe(true);
  await writeFile(rulesFile, rulesText('Lost'));
  expect(await look()).toBe(false);
  expect(current().embedding.head.labels).toEqual(['Fine', 'Lost']);
});

it('neither replaces the head nor leaves a rule watcher open when it is closed meanwhile', async () => {
  const { headFile, look, current, watches, watcher, isFollowed, logger } = await follow();
  const before = current();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  const looking = look();
  watcher.close();
  await looking;
  expect(current()).toBe(before);
  expect(isFollowed()).toBe(false);
  expect(watches()).toBe(1);
  expect(logger.lines).toEqual([]);
});

it('does not close the current rules when it is closed while it opens a head with the same labels', async () => {
  const { headFile, look, watches, watcher } = await follow();
  await writeFile(headFile, headText(['Fine', 'Broken'], { threshold: 0.7 }));
  const looking = look();
  watcher.close();
  await looking;
  expect(watches()).toBe(1);
});

it('logs an unexpected error with the error object', async () => {
  const { headFile, logger, watcher, ...parts } = await follow();
  watcher.close();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  const bug = new TypeError('a bug');
  let handed: FollowOptions | undefined;
  const broken = {
    get current(): ClassifierSnapshot {
      throw bug;
    },
  };
  watchSnapshot(parts, broken, (_, options) => {
    handed = options;
    return watcher;
  });
  await expect(handed?.onChange()).rejects.toBe(bug);
  expect(handed?.onError(bug)).toBe(false);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'error', details: { err: bug } });
});
