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

/** The next reload of a book that ends well, or not; the test's own time limit is the deadline. */
function nextReload(book: RuleBook, ok = true): Promise<Reload> {
  return new Promise((resolve) => {
    const stop = book.onReload((reload) => {
      if (reload.ok !== ok) return;
      stop();
      resolve(reload);
    });
  });
}

/** Replaces the file in one step, so that no half of it is ever seen. */
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

describe('at the start', () => {
  it('loads the file', async () => {
    expect((await open()).current.match('disk full')?.id).toBe('before');
  });

  it('refuses a broken file', async () => {
    await writeFile(file, '{');
    await expect(open()).rejects.toThrow(RuleFileError);
  });

  it('refuses a file that is not there', async () => {
    file = join(folder, 'missing.json');
    await expect(open()).rejects.toThrow(/missing\.json: cannot be read: ENOENT/);
  });
});

describe('an edit while the file is watched', () => {
  const ways: [string, (text: string) => Promise<unknown>][] = [
    ['written in place', (text) => writeFile(file, text)],
    ['written beside it and renamed', replace],
    [
      'deleted and made anew',
      async (text) => {
        await rm(file);
        await writeFile(file, text);
      },
    ],
    [
      'swapped by a symbolic link',
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

  it('leaves the last good rules when it is broken, and is logged once', async () => {
    const book = await open();
    const broken = nextReload(book, false);
    await replace('{"rules": [7]}');
    await broken;
    expect(book.current.match('disk full')?.id).toBe('before');

    const mended = nextReload(book);
    await replace(rulesNamed('after'));
    await mended;
    expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
    const problems = [expect.stringMatching(/^rules\.0: /)] as unknown;
    expect(logged[0]?.details).toEqual({ file, problems });
  });

  it('is not taken over while it may be half written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const book = await open();
    const look = async () => {
      vi.advanceTimersByTime(5);
      // The next look is set when this one has ended.
      await until(() => vi.getTimerCount() === 1);
    };
    for (const text of ['{"rules": [', rulesNamed('after')]) {
      await writeFile(file, text);
      await look();
      expect([book.current.match('disk full')?.id, logged]).toEqual(['before', []]);
    }
    await look();
    expect(book.current.match('disk full')?.id).toBe('after');
  });

  it('is waited for while the file is gone', async () => {
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

  it('is waited for while a pipe is in its place', async () => {
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

  it('is still looked for after a listener threw', async () => {
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

describe('a look at the file', () => {
  /** A book with the test's clock, and what lets it look once. */
  async function openWithClock(openBook: () => Promise<RuleBook> = open) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const book = await openBook();
    const look = async () => {
      vi.advanceTimersByTime(5);
      await until(() => vi.getTimerCount() === 1);
    };
    return { book, look };
  }

  it('does not take over again what a reload has read', async () => {
    const { book, look } = await openWithClock();
    await writeFile(file, rulesNamed('after'));
    await book.reload();
    for (let looks = 0; looks < 3; looks++) await look();
    expect(logged.map(({ message }) => message)).toEqual(['rules reloaded']);
  });

  it('comes every half a second if not told otherwise', async () => {
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

  it('comes to nothing, and is the last one, when the book is closed meanwhile', async () => {
    const { book, look } = await openWithClock();
    await writeFile(file, rulesNamed('after'));
    await look();
    vi.advanceTimersByTime(5);
    book.close();
    // A reload waits for the look that runs; it alone takes the rules over.
    await book.reload();
    expect(logged).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('reload', () => {
  it('tells its listeners until they have had enough', async () => {
    const book = await open({ watch: false });
    const told: unknown[] = [];
    const stop = book.onReload(({ ok, rules }) => told.push([ok, rules.match('disk full')?.id]));
    await writeFile(file, rulesNamed('after'));
    await book.reload();
    await writeFile(file, '{');
    await book.reload();
    stop();
    await book.reload();
    expect(told).toEqual([
      [true, 'after'],
      [false, 'after'],
    ]);
  });

  it('reads the file at once', async () => {
    const book = await open({ watch: false });
    await writeFile(file, rulesNamed('after'));
    expect(await book.reload()).toBe(true);
    expect(book.current.match('disk full')?.id).toBe('after');
  });

  it('says when the file is broken', async () => {
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
