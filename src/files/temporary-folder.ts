import { access, constants, stat } from 'node:fs/promises';
import { freeBytesOf, openTemporaryFile } from './temporary-file.js';

/** A disk with fewer free bytes counts as full. */
const LEAST_FREE_BYTES = 1024 * 1024;

/**
 * Checks that temporary files can be created in a folder, by creating one.
 * @throws the system error if that fails
 */
export async function checkFolder(dir: string): Promise<void> {
  const file = await openTemporaryFile(dir);
  await file.close();
}

/**
 * Checks whether temporary files can be created in a folder now, without creating one.
 * @param freeBytes returns the free bytes on the disk of a folder; tests replace it
 * @returns the problem, without the name of the folder; undefined if there is none
 */
export async function folderProblem(dir: string, freeBytes = freeBytesOf): Promise<string | undefined> {
  try {
    if (!(await stat(dir)).isDirectory()) return 'it is not a folder';
    await access(dir, constants.W_OK | constants.X_OK);
    return (await freeBytes(dir)) < LEAST_FREE_BYTES ? 'its disk is full' : undefined;
  } catch (error) {
    return `the system reports ${String((error as NodeJS.ErrnoException).code)}`;
  }
}
