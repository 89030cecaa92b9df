import { followFiles } from '../../files/follow-files.js';
import type { Logger } from '../types.js';
import {
  describeProblem,
  readRuleFile,
  RuleFileError,
  sameReading,
  type RuleFileReading,
} from './rule-file.js';
import { compileRules, type CompileOptions, type RuleSet } from './rule-set.js';

/** The result of a reload. */
export interface Reload {
  /** Whether the file was good. If not, the last good rules stay in force. */
  readonly ok: boolean;
  /** The rules that are in force now. */
  readonly rules: RuleSet;
}

/** The rules of a file that may be edited while they are in use. */
export interface RuleBook {
  /** The last good rules. Work that needs the same rules throughout keeps this object. */
  readonly current: RuleSet;
  /** Reads the file now. Resolves to false if it is broken: the reason is logged and the last good rules stay. */
  reload(): Promise<boolean>;
  /** Calls the listener after each reload, good or not. Returns the function that removes it. It must not throw. */
  onReload(listener: (reload: Reload) => void): () => void;
  /** Stops following the file. The rules stay usable. */
  close(): void;
}

export interface RuleBookOptions {
  file: string;
  /** The labels that rules may give. */
  labels: ReadonlySet<string>;
  logger: Logger;
  /** Whether edits of the file take effect by themselves. Default: true. */
  watch?: boolean;
  /** How often the file is read to see whether it has changed, in milliseconds. Default: 500. */
  pollMs?: number;
}

/**
 * Opens a rule file and, unless `watch` is false, follows its edits.
 * @throws RuleFileError when the file cannot be read or used
 */
export async function openRuleBook(options: RuleBookOptions): Promise<RuleBook> {
  const reading = await readRuleFile(options.file);
  const book = new FileRuleBook(options, reading, compileReading(reading, options));
  if (options.watch ?? true) book.follow();
  return book;
}

class FileRuleBook implements RuleBook {
  readonly #options: RuleBookOptions;
  readonly #listeners = new Set<(reload: Reload) => void>();
  #current: RuleSet;
  /** The last content that was applied, good or broken. */
  #applied: RuleFileReading;
  /** Readings run one after the other, so that an older text is never applied after a newer one. */
  #tail: Promise<unknown> = Promise.resolve();
  #following: { close: () => void } | undefined;

  constructor(options: RuleBookOptions, reading: RuleFileReading, rules: RuleSet) {
    this.#options = options;
    this.#applied = reading;
    this.#current = rules;
  }

  get current(): RuleSet {
    return this.#current;
  }

  reload(): Promise<boolean> {
    return this.#inTurn(async () => this.#apply(await readRuleFile(this.#options.file)));
  }

  onReload(listener: (reload: Reload) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#following?.close();
    this.#following = undefined;
  }

  follow(): void {
    const { file, logger, pollMs } = this.#options;
    this.#following = followFiles([file], {
      onChange: () => this.#inTurn(() => this.#applyChange()),
      onError: (err) => {
        logger.error({ file, err }, 'following the rule file failed');
        return true;
      },
      // The text itself is compared: a rule file is small, and an edit may keep its size and time.
      fingerprint: async () => String(await readRuleFile(file)),
      ...(pollMs === undefined ? {} : { pollMs }),
    });
  }

  async #applyChange(): Promise<void> {
    const found = await readRuleFile(this.#options.file);
    const isClosed = this.#following === undefined;
    if (!isClosed && !sameReading(found, this.#applied)) this.#apply(found);
  }

  #apply(reading: RuleFileReading): boolean {
    const { file, logger } = this.#options;
    this.#applied = reading;
    let ok = true;
    try {
      this.#current = compileReading(reading, this.#options);
      const { version, rules } = this.#current;
      logger.info({ file, version, rules: rules.length }, 'rules reloaded');
    } catch (error) {
      if (!(error instanceof RuleFileError)) throw error;
      ok = false;
      const problems = error.problems.map(describeProblem);
      logger.error({ file, problems }, 'rule file is broken, last good rules stay');
    }
    for (const listener of this.#listeners) listener({ ok, rules: this.#current });
    return ok;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    // The caller gets the error from `done`. The next reading runs after a failed one too.
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

function compileReading(reading: RuleFileReading, options: CompileOptions): RuleSet {
  if (reading instanceof RuleFileError) throw reading;
  return compileRules(reading, options);
}
