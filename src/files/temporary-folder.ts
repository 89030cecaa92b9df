import { access, constants, stat } from 'node:fs/promises';
import { freeBytesOf, openTemporaryFile } from './temporary-file.js';

/** With less than this free on its disk, a folder counts as full. */
const LEAST_FREE_BYTES = 1024 * 1024;

/** Makes a temporary file in a folder and lets go of it. @throws the system's error if that cannot be done */
export async function tryFolder(dir: string): Promise<void> {
  const file = await openTemporaryFile(dir);
  await file.close();
}

/**
 * Looks whether a folder can take temporary files at this moment, without making one.
 * @param freeBytes what is free on the disk of a folder; only tests give another
 * @returns what is wrong, without the folder's name; undefined if nothing is
 */
export async function folderProblem(dir: string, freeBytes = freeBytesOf): Promise<string | undefined> {
  try {
    if (!(await stat(dir)).isDirectory()) return 'it is no folder';
    await access(dir, constants.W_OK | constants.X_OK);
    return (await freeBytes(dir)) < LEAST_FREE_BYTES ? 'its disk is full' : undefined;
  } catch (error) {
    return `the system says ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
