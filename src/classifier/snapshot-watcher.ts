import { HeadFileError, parseHead, readHeadText, type Head } from './embedding/head.js';
import { followFiles } from '../files/follow-files.js';
import { openSnapshot, type ClassifierSnapshot, type SharedParts } from './snapshot.js';
import { rulesFileOf } from './configured-rules.js';
import { LabelFileError } from './labels.js';
import { NotRegularFileError } from '../files/regular-file.js';
import { RuleFileError } from './rules/rule-file.js';
import { versionOf } from './version-of.js';

/**
 * Replaces the current snapshot when the head's file contains another usable head. If a head cannot be used, the
 * watcher logs the reason and keeps the current snapshot. Running sessions keep the snapshot that they started with.
 *
 * The label and rule files are watched too, because they decide whether a head can be used. A user may replace the head
 * and its rules in either order.
 * @param inUse holds the current snapshot; the watcher replaces it
 */
export function watchSnapshot(
  shared: SharedParts,
  inUse: { current: ClassifierSnapshot },
  follow: typeof followFiles = followFiles,
): { close: () => void } {
  const watcher = new SnapshotWatcher(shared, inUse);
  const { headFile, labelsFile } = shared.config;
  const follower = follow([headFile, labelsFile, rulesFileOf(shared.config)], {
    onChange: () => watcher.update(),
    onError: (error) => {
      watcher.logProblem(error);
      return isReadError(error);
    },
  });
  return {
    close: () => {
      watcher.close();
      follower.close();
    },
  };
}

class SnapshotWatcher {
  readonly #file: string;
  readonly #readHead: (current: Head) => Promise<Head>;
  #isClosed = false;
  /** The last problem that was logged. Undefined once the head's file is good again. */
  #loggedProblem: string | undefined;

  constructor(
    private readonly shared: SharedParts,
    private readonly inUse: { current: ClassifierSnapshot },
  ) {
    this.#file = shared.config.headFile;
    this.#readHead = headReader(this.#file);
  }

  /** Reads the head's file and replaces the snapshot if the head is another. Rejects if the head cannot be used. */
  async update(): Promise<void> {
    const previous = this.inUse.current;
    const head = await this.#readHead(previous.embedding.head);
    if (head === previous.embedding.head) {
      this.#logRecovery();
      return;
    }
    const next = await openSnapshot(head, this.shared, previous);
    const hasNewRules = next.rules !== previous.rules;
    if (this.#isClosed) {
      if (hasNewRules) next.rules.close();
      return;
    }
    this.#loggedProblem = undefined;
    this.inUse.current = next;
    if (hasNewRules) previous.rules.close();
    // Running sessions may still add predictions to the previous store. It writes those within a second.
    await previous.embedding.flush();
    const { version, labels } = head;
    this.shared.options.logger.info({ file: this.#file, version, labels: labels.length }, 'head reloaded');
  }

  /** Logs why the head was not replaced, unless that is what was logged last. */
  logProblem(error: unknown): void {
    const text = String(error);
    if (text !== this.#loggedProblem) {
      const details = isFileProblem(error) ? { problem: error.message } : { err: error };
      this.shared.options.logger.error(
        { file: this.#file, ...details },
        'head not replaced, the last good one stays in use',
      );
    }
    this.#loggedProblem = text;
  }

  close(): void {
    this.#isClosed = true;
  }

  #logRecovery(): void {
    if (this.#loggedProblem === undefined) return;
    this.shared.options.logger.info({ file: this.#file }, 'head file contains the head in use again');
    this.#loggedProblem = undefined;
  }
}

/**
 * Returns a function that reads the head's file. It parses the text (several MB) only if it is neither the current head
 * nor the last one parsed: the file is read again whenever the label or rule file changes.
 */
function headReader(file: string): (current: Head) => Promise<Head> {
  let lastParsed: Head | undefined;
  return async (current) => {
    const text = await readHeadText(file);
    const version = versionOf(text);
    if (version === current.version) {
      lastParsed = undefined;
      return current;
    }
    if (lastParsed?.version !== version) lastParsed = parseHead(text, file);
    return lastParsed;
  };
}

/** Whether the error describes a problem with a file, not a bug in the program. */
function isFileProblem(error: unknown): error is Error {
  return [HeadFileError, LabelFileError, RuleFileError].some((kind) => error instanceof kind);
}

/** Whether a file could not be read. Such an error can end without a visible change of the file, so it is retried. */
function isReadError(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof NotRegularFileError || (cause instanceof Error && 'syscall' in cause);
}
