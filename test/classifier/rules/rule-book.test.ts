import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  openRuleBook,
  type Reload,
  type RuleBook,
  type RuleBookOptions,
} from '../../../src/classifier/rules/rule-book.js';
import { RuleFileError } from '../../../src/classifier/rules/rule-file.js';
import type { Logger } from '../../../src/classifier/types.js';
import { makeFifo } from '../../support/fifo.js';
import { until } from '../../support/until.js';

const labels = new Set(['Error']);
const rulesNamed = (id: string) =>
  JSON.stringify({ rules: [{ id, pattern: 'full', label: 'Error', examples: ['disk full'] }] });

let folder: string;
let file: string;
let logged: { level: string; details: object; message: string }[];
let opened: RuleBook[];

const log = (level: string) => (details: object, message: string) =>
  void logged.push({ level, details, message });
const logger: Logger = { info: log('info'), warn: log('warn'), error: log('error') };

async function open(options: Partial<RuleBookOptions> = {}): Promise<RuleBook> {
  const book = await openRuleBook({ file, labels, logger, pollMs: 5, ...options });
  opened.push(book);
  return book;
}

/** Resolves with the next reload that has this `ok`. The test's timeout is the deadline. */
function nextReload(book: RuleBook, ok = true): Promise<Reload> {
  return new Promise((resolve) => {
    const stop = book.onReload((reload) => {
      if (reload.ok !== ok) return;
      stop();
      resolve(reload);
    });
  });
}

/** Replaces the file atomically, so that the watcher never reads half of it. */
async function replace(text: string): Promise<void> {
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rule-book-'));
  file = join(folder, 'rules.json');
  logged = [];
  opened = [];
  await writeFile(file, rulesNamed('before'));
});

afterEach(async () => {
  for (const book of opened) book.close();
  await rm(folder, { recursive: true });
});

describe('openRuleBook', () => {
  it('loads the file', async () => {
    expect((await open()).current.match('disk full')?.id).toBe('before');
  });

  it('refuses a broken file', async () => {
    await writeFile(file, '{');
    await expect(open()).rejects.toThrow(RuleFileError);
  });

  it('refuses a missing file', async () => {
    file = join(folder, 'missing.json');
    await expect(open()).rejects.toThrow(/missing\.json: cannot be read: ENOENT/);
  });
});

describe('an edit while the file is watched', () => {
  const ways: [string, (text: string) => Promise<unknown>][] = [
    ['written in place', (text) => writeFile(file, text)],
    ['written to another file and renamed', replace],
    [
      'deleted and created again',
      async (text) => {
        await rm(file);
        await writeFile(file, text);
      },
    ],
    [
      'replaced by a symbolic link',
      async (text) => {
        await writeFile(join(folder, 'other.json'), text);
        await symlink('other.json', join(folder, 'link'));
        await rename(join(folder, 'link'), file);
      },
    ],
  ];

  it.each(ways)('takes effect when %s', async (_, edit) => {
    const book = await open();
    const reloaded = nextReload(book);
    await edit(rulesNamed('after'));
    await reloaded;
    expect(book.current.match('disk full')?.id).toBe('after');
    const details = { file, version: book.current.version, rules: 1 };
    expect(logged.at(-1)).toEqual({ level: 'info', details, message: 'rules reloaded' });
  });

  it('keeps the last valid rules when the file is invalid, and is logged once', async () => {
    const book = await open();
    const broken = nextReload(book, false);
    await replace('{"rules": [7]}');
    await broken;
    expect(book.current.match('disk full')?.id).toBe('before');

    const repaired = nextReload(book);
    await replace(rulesNamed('after'));
    await repaired;
    expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
    const problems = [expect.stringMatching(/^rules\.0: /)] as unknown;
    expect(logged[0]?.details).toEqual({ file, problems });
  });

  it('is not applied while it may be half written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const book = await open();
    const check = async () => {
      vi.advanceTimersByTime(5);
      // The timer of the next check starts when this check has ended.
      await until(() => vi.getTimerCount() === 1);
    };
    for (const text of ['{"rules": [', rulesNamed('after')]) {
      await writeFile(file, text);
      await check();
      expect([book.current.match('disk full')?.id, logged]).toEqual(['before', []]);
    }
    await check();
    expect(book.current.match('disk full')?.id).toBe('after');
  });

  it('takes effect after the file was missing', async () => {
    const book = await open();
    const gone = nextReload(book, false);
    await rm(file);
    await gone;
    expect(book.current.match('disk full')?.id).toBe('before');
    const back = nextReload(book);
    await replace(rulesNamed('after'));
    expect((await back).rules.match('disk full')?.id).toBe('after');
    expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('takes effect after a pipe was in its place', async () => {
    const book = await open();
    const gone = nextReload(book, false);
    makeFifo(`${file}.pipe`);
    await rename(`${file}.pipe`, file);
    await gone;
    expect(logged.at(-1)?.details).toMatchObject({ problems: [expect.stringContaining('it is a pipe')] });
    const back = nextReload(book);
    await replace(rulesNamed('after'));
    expect((await back).rules.match('disk full')?.id).toBe('after');
  });

  it('changes nothing after close', async () => {
    const [closed, other] = [await open(), await open()];
    closed.close();
    const reloaded = nextReload(other);
    await replace(rulesNamed('after'));
    await reloaded;
    expect(closed.current.match('disk full')?.id).toBe('before');
  });

  it('takes effect after a listener threw', async () => {
    let fail: (details: object) => void = () => undefined;
    const failed = new Promise<object>((resolve) => (fail = resolve));
    const book = await open({ logger: { ...logger, error: (details) => fail(details) } });
    const stop = book.onReload(() => {
      throw new Error('listener broke');
    });
    await replace(rulesNamed('after'));
    expect(await failed).toMatchObject({ file, err: { message: 'listener broke' } });
    stop();
    const reloaded = nextReload(book);
    await replace(rulesNamed('later'));
    expect((await reloaded).rules.match('disk full')?.id).toBe('later');
  });
});

describe('a check of the file', () => {
  /** A rule book with fake timers, and a function that runs one check. */
  async function openWithClock(openBook: () => Promise<RuleBook> = open) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const book = await openBook();
    const check = async () => {
      vi.advanceTimersByTime(5);
      await until(() => vi.getTimerCount() === 1);
    };
    return { book, check };
  }

  it('does not apply again what a reload has read', async () => {
    const { book, check } = await openWithClock();
    await writeFile(file, rulesNamed('after'));
    await book.reload();
    for (let checks = 0; checks < 3; checks++) await check();
    expect(logged.map(({ message }) => message)).toEqual(['rules reloaded']);
  });

  it('runs every 500 ms by default', async () => {
    const { book } = await openWithClock(() => openRuleBook({ file, labels, logger }));
    for (const [ms, timers] of [
      [499, 1],
      [1, 0],
    ] as const) {
      vi.advanceTimersByTime(ms);
      expect(vi.getTimerCount()).toBe(timers);
    }
    await until(() => vi.getTimerCount() === 1);
    book.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has no effect and is the last one when the book is closed meanwhile', async () => {
    const { book, check } = await openWithClock();
    await writeFile(file, rulesNamed('after'));
    await check();
    vi.advanceTimersByTime(5);
    book.close();
    // The reload waits for the running check. Only the reload applies the rules.
    await book.reload();
    expect(logged).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('reload', () => {
  it('calls its listeners until they are removed', async () => {
    const book = await open({ watch: false });
    const reloads: unknown[] = [];
    const stop = book.onReload(({ ok, rules }) => reloads.push([ok, rules.match('disk full')?.id]));
    await writeFile(file, rulesNamed('after'));
    await book.reload();
    await writeFile(file, '{');
    await book.reload();
    stop();
    await book.reload();
    expect(reloads).toEqual([
      [true, 'after'],
      [false, 'after'],
    ]);
  });

  it('reads the file immediately', async () => {
    const book = await open({ watch: false });
    await writeFile(file, rulesNamed('after'));
    expect(await book.reload()).toBe(true);
    expect(book.current.match('disk full')?.id).toBe('after');
  });

  it('resolves to false when the file is invalid', async () => {
    const book = await open({ watch: false });
    await writeFile(file, 'oops');
    expect(await book.reload()).toBe(false);
    expect(book.current.match('disk full')?.id).toBe('before');
  });
});

it('does not keep the process alive', async () => {
  const module = pathToFileURL('dist/classifier/rules/rule-book.js').href;
  const script = `
    import { openRuleBook } from ${JSON.stringify(module)};
    await openRuleBook({ file: ${JSON.stringify(file)}, labels: new Set(['Error']), logger: {} });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 });
});
