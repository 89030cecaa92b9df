import { followFiles } from '../../files/follow-files.js';
import type { Logger } from '../types.js';
import { describeProblem, readRuleFile, RuleFileError, sameText, type RuleFileText } from './rule-file.js';
import { compileRules, type CompileOptions, type RuleSet } from './rule-set.js';

/** The result of a reload. */
export interface Reload {
  /** Whether the file was valid. If not, the last valid rules stay in use. */
  readonly ok: boolean;
  /** The rules that are in use after the reload. */
  readonly rules: RuleSet;
}

/** The rules of a file that may be edited while they are in use. */
export interface RuleBook {
  /** The last valid rules. An edit of the file replaces this object and does not change it. */
  readonly current: RuleSet;
  /** Reads the file now. Resolves to false if it is invalid: logs the reason and keeps the last valid rules. */
  reload(): Promise<boolean>;
  /** Calls the listener after each reload, valid or not. The listener must not throw. Returns a function that removes it. */
  onReload(listener: (reload: Reload) => void): () => void;
  /** Stops following the file. The rules stay usable. */
  close(): void;
}

/** Options of a rule book. */
export interface RuleBookOptions {
  file: string;
  /** The labels that rules may have. */
  labels: ReadonlySet<string>;
  logger: Logger;
  /** Whether the file is watched, so that edits take effect. Default: true. */
  watch?: boolean;
  /** The interval between two checks of the file, in milliseconds. Default: 500. */
  pollMs?: number;
}

/**
 * Opens a rule file and watches it unless `watch` is false.
 * @throws RuleFileError when the file cannot be read or used
 */
export async function openRuleBook(options: RuleBookOptions): Promise<RuleBook> {
  const reading = await readRuleFile(options.file);
  const book = new FileRuleBook(options, reading, compileText(reading, options));
  if (options.watch ?? true) book.watch();
  return book;
}

class FileRuleBook implements RuleBook {
  readonly #options: RuleBookOptions;
  readonly #listeners = new Set<(reload: Reload) => void>();
  #current: RuleSet;
  /** The last content that was applied, valid or not. */
  #applied: RuleFileText;
  /** Settles with the last reading. Readings run one at a time, so an older text never replaces a newer one. */
  #lastReading: Promise<unknown> = Promise.resolve();
  #follower: { close: () => void } | undefined;

  constructor(options: RuleBookOptions, reading: RuleFileText, rules: RuleSet) {
    this.#options = options;
    this.#applied = reading;
    this.#current = rules;
  }

  get current(): RuleSet {
    return this.#current;
  }

  reload(): Promise<boolean> {
    return this.#afterLastReading(async () => this.#apply(await readRuleFile(this.#options.file)));
  }

  onReload(listener: (reload: Reload) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#follower?.close();
    this.#follower = undefined;
  }

  watch(): void {
    const { file, logger, pollMs } = this.#options;
    this.#follower = followFiles([file], {
      onChange: () => this.#afterLastReading(() => this.#applyChange()),
      onError: (err) => {
        logger.error({ file, err }, 'watching the rule file failed');
        return true;
      },
      // Compare the text: a rule file is small, and an edit may keep its size and modification time.
      fingerprint: async () => String(await readRuleFile(file)),
      ...(pollMs === undefined ? {} : { pollMs }),
    });
  }

  async #applyChange(): Promise<void> {
    const found = await readRuleFile(this.#options.file);
    const isClosed = this.#follower === undefined;
    if (!isClosed && !sameText(found, this.#applied)) this.#apply(found);
  }

  #apply(reading: RuleFileText): boolean {
    const { file, logger } = this.#options;
    this.#applied = reading;
    let ok = true;
    try {
      this.#current = compileText(reading, this.#options);
      const { version, rules } = this.#current;
      logger.info({ file, version, rules: rules.length }, 'rules reloaded');
    } catch (error) {
      if (!(error instanceof RuleFileError)) throw error;
      ok = false;
      const problems = error.problems.map(describeProblem);
      logger.error({ file, problems }, 'rule file is invalid, the last good rules stay in use');
    }
    for (const listener of this.#listeners) listener({ ok, rules: this.#current });
    return ok;
  }

  #afterLastReading<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastReading.then(work);
    // The caller gets the error from `done`. After a failed reading the next one must still run.
    this.#lastReading = done.catch(() => undefined);
    return done;
  }
}

function compileText(reading: RuleFileText, options: CompileOptions): RuleSet {
  if (reading instanceof RuleFileError) throw reading;
  return compileRules(reading, options);
}
