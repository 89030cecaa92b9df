import { mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { loadHead } from '../../src/classifier/embedding/head.js';
import { watchSnapshot } from '../../src/classifier/snapshot-watcher.js';
import type { FollowOptions } from '../../src/files/follow-files.js';
import { openSnapshot } from '../../src/classifier/snapshot.js';
import { makeFifo } from '../support/fifo.js';
import { headText } from '../support/head-text.js';
import { countWatches, snapshotParts, labelsText, rulesText } from './snapshot-parts.js';

const FIRST = headText(['Fine', 'Broken']);
const REFUSED = 'the head is not taken over, the last good one stays';

/** A head in use and followed; `look` does what a look at changed files does, and tells whether to look again. */
async function follow({ head = FIRST, rules = rulesText('Fine') } = {}) {
  const watches = countWatches();
  const parts = await snapshotParts({ withRules: true });
  await writeFile(parts.headFile, head);
  await writeFile(parts.rulesFile, rules);
  let current = await openSnapshot(await loadHead(parts.headFile), parts);
  let handed: { files: readonly string[]; options: FollowOptions } | undefined;
  let followed = true;
  const following = watchSnapshot(
    parts,
    { get: () => current, set: (next) => (current = next) },
    (files, options) => {
      handed = { files, options };
      return { close: () => (followed = false) };
    },
  );
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
    following,
    current: () => current,
    isFollowed: () => followed,
    problems: () => parts.logger.lines.filter(({ level }) => level === 'error').map(({ details }) => details),
  };
}

it('leaves the head in use alone while its file holds it', async () => {
  const { look, current, logger } = await follow();
  const before = current();
  expect(await look()).toBe(false);
  expect(current()).toBe(before);
  expect(logger.lines).toEqual([]);
});

it('takes another head over with the rules of before', async () => {
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

it('ends the watch of the rules that another head replaces', async () => {
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
])('refuses a head %s, once in the log, and says when the good one is back', async (_, text, reason) => {
  const { headFile, look, current, logger, problems } = await follow();
  const before = current();
  await writeFile(headFile, text);
  expect([await look(), await look()]).toEqual([false, false]);
  expect(current()).toBe(before);
  expect(problems()).toEqual([{ file: headFile, problem: expect.stringMatching(reason) as string }]);
  expect(logger.of('error')).toEqual([REFUSED]);
  await writeFile(headFile, FIRST);
  expect([await look(), await look()]).toEqual([false, false]);
  expect(logger.of('info')).toEqual(['the head in use is back in its file']);
});

it('takes head and rules for other labels over when the head comes first', async () => {
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

it('parses a head once, however often it is tried', async () => {
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

it('tries a head again when the labels beside it change, and logs each problem once', async () => {
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

it('asks for another look, without a change, while the system does not give it a file', async () => {
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

it('takes over nothing, and leaves no watch behind, when it is closed meanwhile', async () => {
  const { headFile, look, current, watches, following, isFollowed, logger } = await follow();
  const before = current();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  const looking = look();
  following.close();
  await looking;
  expect(current()).toBe(before);
  expect(isFollowed()).toBe(false);
  expect(watches()).toBe(1);
  expect(logger.lines).toEqual([]);
});

it('keeps the rules of before when it is closed while it opens a head with their labels', async () => {
  const { headFile, look, watches, following } = await follow();
  await writeFile(headFile, headText(['Fine', 'Broken'], { threshold: 0.7 }));
  const looking = look();
  following.close();
  await looking;
  expect(watches()).toBe(1);
});

it('logs an error of the program itself with the error', async () => {
  const { headFile, logger, following, ...parts } = await follow();
  following.close();
  await writeFile(headFile, headText(['Fine', 'Lost']));
  const bug = new TypeError('a bug');
  let handed: FollowOptions | undefined;
  watchSnapshot(parts, { get: () => { throw bug; }, set: () => undefined }, (_, options) => { handed = options; return following; }); // prettier-ignore
  await expect(handed?.onChange()).rejects.toBe(bug);
  expect(handed?.onError(bug)).toBe(false);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'error', details: { err: bug } });
});
