import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRegularFile } from './regular-file.js';

/**
 * Writes a file atomically: a reader sees either the old content or the new content, complete.
 * @param mode the permissions of the file, before the umask of the process
 * @throws the system error; the temporary file is removed
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
 * Returns the content of a file; an empty buffer if the file does not exist.
 * @throws NotRegularFileError for a folder, a pipe or a device
 * @throws the system error if the file exists and cannot be read
 */
export async function readFileIfExists(file: string): Promise<Buffer> {
  try {
    return await readRegularFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
