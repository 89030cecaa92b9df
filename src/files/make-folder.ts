import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents if they do not exist. It does not use Node's `recursive`, which never ends under
 * /proc: there the system reports ENOENT although the parent exists.
 * @throws the system error
 */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    if (await isFolder(dir)) return;
    const parent = dirname(dir);
    const isParentMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !(await isFolder(parent));
    if (!isParentMissing || parent === dir) throw error;
    await makeFolder(parent);
    await makeFolder(dir);
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
