import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRegularFile } from './regular-file.js';

/**
 * Writes a file whole or not at all: who reads it meanwhile gets the old content or the new.
 * @param mode who may read and write it, less what the process's mask takes away
 * @throws the system's error, with nothing left behind
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  // In the same folder: a rename is atomic only within a file system.
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, content, { flush: true, mode });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * A file's content; nothing if there is no such file.
 * @throws the system's error if it cannot be read
 */
export async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readRegularFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
