import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents if they do not exist. It does not use Node's `recursive`, which never ends under
 * /proc: there the system reports ENOENT although the parent exists.
 * @param mode the permissions of new folders, before the umask of the process
 * @throws the system error
 */
export async function makeFolder(dir: string, mode = 0o777): Promise<void> {
  try {
    await makeOne(dir, mode);
  } catch (error) {
    const parent = dirname(dir);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === dir) throw error;
    await makeFolder(parent, mode);
    // Once only: under /proc it fails again. Another call may have created the parent since the first attempt.
    await makeOne(dir, mode);
  }
}

/** Creates a folder in an existing one. Accepts an existing folder. */
async function makeOne(dir: string, mode: number): Promise<void> {
  try {
    await mkdir(dir, { mode });
  } catch (error) {
    if (!(await isFolder(dir))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // The reason does not matter: the folder cannot be used.
    return false;
  }
}
