import { stat } from 'node:fs/promises';

/** Callbacks and settings of a follower. */
export interface FollowOptions {
  /** Called after a change. The next poll waits until it has settled. */
  onChange: () => Promise<void>;
  /**
   * Called with the error of `onChange` or `fingerprint`. If it returns true, the next poll calls `onChange` again even
   * if nothing has changed. It must not throw.
   */
  onError: (error: unknown) => boolean;
  /** The time between two polls, in milliseconds. Default: 500. */
  pollMs?: number;
  /** Returns a string that changes with a file's content. Default: inode, size and modification time. */
  fingerprint?: (file: string) => Promise<string>;
}

/**
 * Polls the fingerprints of files until it is closed. Unlike file events, this detects every way to replace a file.
 *
 * A change counts when two polls in a row have found the same state, because a file may be half written at the first. A
 * file that is removed or cannot be reached counts as changed. The state at the first polls counts as a change too: it
 * may be newer than the content that the caller has read.
 * @returns `close`, which stops the polling; a running `onChange` is not interrupted
 */
export function followFiles(files: readonly string[], options: FollowOptions): { close: () => void } {
  const { onChange, onError, pollMs = 500, fingerprint = fingerprintOfStats } = options;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const poll = async (handled: string | undefined, previous: string | undefined): Promise<void> => {
    let [nowHandled, state] = [handled, previous];
    try {
      state = (await Promise.all(files.map(fingerprint))).join('\n');
      if (!closed && state !== handled && state === previous) {
        nowHandled = state;
        await onChange();
      }
    } catch (error) {
      if (onError(error)) nowHandled = undefined;
    }
    if (!closed) pollLater(nowHandled, state);
  };
  const pollLater = (handled: string | undefined, previous: string | undefined): void => {
    timer = setTimeout(() => void poll(handled, previous), pollMs).unref();
  };
  pollLater(undefined, undefined);
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function fingerprintOfStats(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    // Losing access to a file counts as one change, and regaining access as another.
    return `unreachable: ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
