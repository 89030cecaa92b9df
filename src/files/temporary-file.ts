import { randomUUID } from 'node:crypto';
import { open, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Opens a new file at a path; only tests give another, to fill the disk. */
export type OpenFile = (path: string) => Promise<FileHandle>;

const openExclusively: OpenFile = (path) => open(path, 'wx+', 0o600);

/**
 * Opens a temporary file in a folder. It is unlinked as soon as it is open, so that not even a killed process
 * leaves one behind; its room is free again once it is closed.
 */
export async function openTemporaryFile(
  dir: string,
  openFile: OpenFile = openExclusively,
): Promise<FileHandle> {
  const path = join(dir, `log-classifier-${randomUUID()}.spool`);
  const file = await openFile(path);
  await unlink(path).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return file;
}

/**
 * Writes all of these bytes, at a position or after what was written last: a single write may take less than it
 * was given, when the disk is nearly full.
 */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === undefined ? null : position + written;
    written += (await file.write(bytes, written, bytes.length - written, at)).bytesWritten;
  }
}

/** Bytes that are free on the disk of a folder. */
export async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Whether the disk, or the user's share of it, is full. */
export function isNoRoom(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
