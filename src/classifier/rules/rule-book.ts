import type { Logger } from '../types.js';
import { describeProblem, RuleFileError } from './rule-file-error.js';
import { compileReading, readRules, sameReading, type Reading } from './rule-reading.js';
import type { RuleSet } from './rule-set.js';

/** What came of reading the file again. */
export interface Reload {
  /** Whether the file was good; if not, the rules in force are still the last good ones. */
  readonly ok: boolean;
  /** The rules in force from now on. */
  readonly rules: RuleSet;
}

/** The rules of a file that may be edited while they are in use. */
export interface RuleBook {
  /** The last good rules. Whoever needs the same rules for a while keeps what this gave. */
  readonly current: RuleSet;
  /** Reads the file now; gives false, and has logged why, when it is broken and the last good rules stay. */
  reload(): Promise<boolean>;
  /** Calls the listener after each reload, good or not; gives back what ends that. It must not throw. */
  onReload(listener: (reload: Reload) => void): () => void;
  /** Ends the watch. The rules stay usable. */
  close(): void;
}

export interface RuleBookOptions {
  file: string;
  /** The labels that rules may give. */
  labels: ReadonlySet<string>;
  logger: Logger;
  /** Whether edits take effect by themselves; true if not given. */
  watch?: boolean;
  /** How often to look, in milliseconds; an edit counts once two looks in a row have seen the same text. */
  pollMs?: number;
}

/**
 * Opens a rule file and, unless told otherwise, follows its edits.
 * @throws RuleFileError when the file cannot be read or used.
 */
export async function openRuleBook(options: RuleBookOptions): Promise<RuleBook> {
  const text = await readRules(options.file);
  const book = new WatchedRuleBook(options, text, compileReading(text, options));
  if (options.watch ?? true) book.watch(options.pollMs ?? 500);
  return book;
}

/**
 * The text itself is polled and compared: unlike file events this misses nothing, whatever way an editor,
 * a mount or a symlink swap replaces the file, and a rule file is small.
 */
class WatchedRuleBook implements RuleBook {
  readonly #options: RuleBookOptions;
  readonly #listeners = new Set<(reload: Reload) => void>();
  #current: RuleSet;
  /** What has been acted upon, good or broken. */
  #seen: Reading;
  /** Serialises reading, so that an older text cannot come after a newer one. */
  #tail: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RuleBookOptions, text: Reading, rules: RuleSet) {
    this.#options = options;
    this.#seen = text;
    this.#current = rules;
  }

  get current(): RuleSet {
    return this.#current;
  }

  reload(): Promise<boolean> {
    return this.#inTurn(async () => this.#apply(await readRules(this.#options.file)));
  }

  onReload(listener: (reload: Reload) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Looks again and again; `unsettled` is a changed text that the next look must confirm, as it may be half written. */
  watch(pollMs: number, unsettled?: Reading): void {
    const look = async (): Promise<void> => {
      const found = await this.#inTurn(() => this.#look(unsettled)).catch((error: unknown) => {
        this.#options.logger.error({ file: this.#options.file, err: error }, 'watching the rule file failed');
        return undefined;
      });
      if (!this.#closed) this.watch(pollMs, found);
    };
    this.#timer = setTimeout(() => void look(), pollMs).unref();
  }

  async #look(unsettled: Reading | undefined): Promise<Reading | undefined> {
    const found = await readRules(this.#options.file);
    if (this.#closed || sameReading(found, this.#seen)) return undefined;
    if (!sameReading(found, unsettled)) return found;
    this.#apply(found);
    return undefined;
  }

  #apply(text: Reading): boolean {
    const { file, logger } = this.#options;
    this.#seen = text;
    let ok = true;
    try {
      this.#current = compileReading(text, this.#options);
      const { version, rules } = this.#current;
      logger.info({ file, version, rules: rules.length }, 'rules reloaded');
    } catch (error) {
      if (!(error instanceof RuleFileError)) throw error;
      ok = false;
      logger.error(
        { file, problems: error.problems.map(describeProblem) },
        'rule file is broken, last good rules stay',
      );
    }
    for (const listener of this.#listeners) listener({ ok, rules: this.#current });
    return ok;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    // Whoever asked gets the error from `done`; the next in turn must run all the same.
    this.#tail = done.catch(() => undefined);
    return done;
  }
}
