import { randomUUID } from 'node:crypto';
import { open, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.js';

/** Opens a new file at a path. Tests replace it to simulate a full disk. */
export type OpenFile = (path: string) => Promise<FileHandle>;

const openExclusively: OpenFile = (path) => open(path, 'wx+', 0o600);

/**
 * Opens a temporary file in a folder and unlinks it at once, so that not even a killed process leaves it behind.
 * Closing the file frees its disk space.
 * @throws the system error
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
 * Writes all bytes, at `position` or after the last write. It repeats the write if the system writes only a part, as
 * on a nearly full disk.
 * @throws the system error
 */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === undefined ? null : position + written;
    written += (await file.write(bytes, written, bytes.length - written, at)).bytesWritten;
  }
}

/**
 * Reads `length` bytes from `position` on; fewer at the end of the file. It repeats the read if the system reads only a part.
 * @throws the system error
 */
export async function readFully(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(Math.max(0, length));
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** Returns the free bytes on the disk of a folder. */
export async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Whether an error means that the disk is full or the user's disk quota is used up. */
export function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * Turns the error of the system for a full disk into the AppError `disk_full`. Returns other errors as they are.
 * @param detail what the disk has no room for, and how to go on
 */
export function toDiskFull(error: unknown, detail: string): unknown {
  return isDiskFull(error) ? new AppError('disk_full', detail, {}, { cause: error }) : error;
}
