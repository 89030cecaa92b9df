import { constants, open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const READ_BYTES = 64 * 1024;

/** The time between two looks at the file, in milliseconds. */
const POLL_MS = 50;

/**
 * Yields the bytes of a file from its start, and goes on as it grows, like `tail -F`. It never ends by itself; returning early
 * closes the file.
 *
 * If another file takes its place (rename and create), the old one is read to its end first. If it becomes shorter (copy and
 * truncate), it is read from its start again; like `tail -F`, this misses a file that grows past its old length between two
 * looks. If the file is removed, it waits for a new one. A line without its end in the old file gets a line break, so that
 * it is not joined to a line of the new one.
 * @throws the system error if the file cannot be opened at first, or cannot be read
 */
export async function* followGrowingFile(
  path: string,
  { signal, pollMs = POLL_MS }: { signal?: AbortSignal | undefined; pollMs?: number } = {},
): AsyncGenerator<Uint8Array, void> {
  let file = await openFile(path);
  let position = 0;
  let endsWithBreak = true;
  try {
    for (;;) {
      // Asked before the read: what the old file gets until it is replaced is still read.
      const isReplaced = await leadsElsewhere(path, file);
      for (let bytes = await readAt(file, position); bytes.length > 0; bytes = await readAt(file, position)) {
        if (signal?.aborted === true) return;
        position += bytes.length;
        endsWithBreak = bytes.at(-1) === 0x0a;
        yield bytes;
      }
      if (signal?.aborted === true) return;
      const replacement = isReplaced ? await openFile(path).catch(() => undefined) : undefined;
      if (replacement !== undefined) {
        await file.close();
        file = replacement;
      } else if ((await file.stat()).size >= position) {
        await setTimeout(pollMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      position = 0;
      if (!endsWithBreak) yield Buffer.from('\n');
      endsWithBreak = true;
    }
  } finally {
    await file.close();
  }
}

/** Without O_NONBLOCK, opening a pipe would block. */
function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Whether another file than the open one is at a path; false if there is none. */
async function leadsElsewhere(path: string, file: FileHandle): Promise<boolean> {
  const now = await stat(path).catch(() => undefined);
  const { ino, dev } = await file.stat();
  return now !== undefined && (now.ino !== ino || now.dev !== dev);
}

async function readAt(file: FileHandle, position: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
  return buffer.subarray(0, bytesRead);
}
