import { stat } from 'node:fs/promises';

export interface FollowOptions {
  /** Called, never twice at once, when the file has changed and stayed so for two looks. */
  changed: () => Promise<void>;
  /** Gets what `changed` throws; following goes on. */
  failed: (error: unknown) => void;
  /** How often to look, in milliseconds. */
  pollMs?: number;
}

/**
 * Follows a file until told otherwise: what identifies its content (inode, size, time of change) is looked at
 * again and again. Unlike file events this misses nothing, whatever way the file is replaced. A change counts
 * once two looks in a row have seen the same, as it may be half written. A file that is gone or
 * cannot be reached has changed too.
 * The state first found counts as a change: it may be newer than what the caller has read.
 */
export function followFile(file: string, options: FollowOptions): { close: () => void } {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (actedOn: string | undefined, before: string | undefined): Promise<void> => {
    let now = before;
    let done = actedOn;
    try {
      now = await markOf(file);
      if (!closed && now !== actedOn && now === before) {
        done = now;
        await options.changed();
      }
    } catch (error) {
      options.failed(error);
    }
    if (!closed) timer = setTimeout(() => void look(done, now), options.pollMs ?? 500).unref();
  };
  void look(undefined, undefined);
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    // A state like any other: acted upon once, and left when the file can be reached again.
    return `unreachable: ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
