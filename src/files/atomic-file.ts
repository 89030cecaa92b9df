import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFully } from './temporary-file.js';

/** A file that is written piece by piece. Its path shows nothing of it before `commit`. */
export interface AtomicFile {
  /** Appends text. @throws the system error */
  write(text: string): Promise<void>;
  /** Puts the file in its place. @throws the system error */
  commit(): Promise<void>;
  /** Removes what was written. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Opens a file that replaces the one at a path when it is complete. A link stays, and what it leads to is replaced. A pipe or
 * a device, such as /dev/null, is written to at once.
 * @throws the system error, for example if the folder is missing or not writable
 */
export async function openAtomicFile(path: string): Promise<AtomicFile> {
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => undefined);
  if (stats?.isFile() === false) return openDirectly(target);
  // In the same folder: a rename is atomic only within a file system.
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx', stats?.mode ?? 0o666);
  let isDone = false;
  return {
    write: (text) => writeFully(file, Buffer.from(text)),
    async commit() {
      await file.sync();
      await file.close();
      await rename(temporary, target);
      isDone = true;
    },
    async discard() {
      if (isDone) return;
      await closeQuietly(file);
      await rm(temporary, { force: true });
    },
  };
}

async function openDirectly(path: string): Promise<AtomicFile> {
  const file = await open(path, 'w');
  return {
    write: (text) => writeFully(file, Buffer.from(text)),
    commit: () => file.close(),
    discard: () => closeQuietly(file),
  };
}

/** Closes a file that may be closed already. */
async function closeQuietly(file: FileHandle): Promise<void> {
  await file.close().catch(() => undefined);
}
