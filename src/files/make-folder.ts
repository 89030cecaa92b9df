import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it, where they are not there yet. Node's own `recursive` never ends under /proc:
 * there the system says ENOENT of the new folder although the one above exists.
 * @throws the system's error
 */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    if (await isFolder(dir)) return;
    const above = dirname(dir);
    const isAboveMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !(await isFolder(above));
    if (!isAboveMissing || above === dir) throw error;
    await makeFolder(above);
    await makeFolder(dir);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever the reason, the folder cannot be used.
    return false;
  }
}
