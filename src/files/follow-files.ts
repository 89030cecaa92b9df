import { stat } from 'node:fs/promises';

/** What is called when followed files change, and how they are looked at. */
export interface FollowOptions {
  /** Called, never twice at once, when a file has changed and all have stayed so for two looks. */
  changed: () => Promise<void>;
  /**
   * Gets what `changed` or `markOf` throws; true has `changed` called again at the next look, whether a file changes
   * or not. It must not throw.
   */
  failed: (error: unknown) => boolean;
  /** How often to look, in milliseconds. */
  pollMs?: number;
  /** What changes with a file's content; inode, size and time of change if not given. */
  markOf?: (file: string) => Promise<string>;
}

/**
 * Follows files until told otherwise: what identifies their content is looked at again and again. Unlike file
 * events this misses nothing, whatever way a file is replaced. A change counts once two looks in a row have seen
 * the same, as it may be half written. A file that is gone or cannot be reached has changed too.
 * The state first found counts as a change: it may be newer than what the caller has read.
 */
export function followFiles(files: readonly string[], options: FollowOptions): { close: () => void } {
  const { changed, failed, pollMs = 500, markOf = markOfContent } = options;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (actedOn: string | undefined, before: string | undefined): Promise<void> => {
    let [done, now] = [actedOn, before];
    try {
      now = (await Promise.all(files.map(markOf))).join('\n');
      if (!closed && now !== actedOn && now === before) {
        done = now;
        await changed();
      }
    } catch (error) {
      if (failed(error)) done = undefined;
    }
    if (!closed) lookLater(done, now);
  };
  const lookLater = (actedOn: string | undefined, before: string | undefined): void => {
    timer = setTimeout(() => void look(actedOn, before), pollMs).unref();
  };
  lookLater(undefined, undefined);
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function markOfContent(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    // A state like any other: acted upon once, and left when the file can be reached again.
    return `unreachable: ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
