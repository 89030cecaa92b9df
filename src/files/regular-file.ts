import { constants, open, type FileHandle } from 'node:fs/promises';

/**
 * The path leads to a folder, a pipe or a device. The message is a clause that names the kind (`it is a pipe, not a
 * regular file`), so that the caller can put the path before it.
 */
export class NotRegularFileError extends Error {}

/**
 * Opens a regular file, or a link to one, for reading. It refuses pipes and devices, because reading one may block for
 * ever. A blocked read even keeps the process from exiting. The caller must close the handle.
 * @throws NotRegularFileError for a folder, a pipe or a device
 * @throws the system error when the file cannot be opened, for example because it is missing or a socket
 */
export async function openRegularFile(file: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe blocks until a process opens it for writing.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (stats.isFile()) return handle;
    const kind = stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a pipe' : 'a device';
    throw new NotRegularFileError(`it is ${kind}, not a regular file`);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Returns the text of a regular file, or of a link to one, decoded as UTF-8.
 * @throws NotRegularFileError for a folder, a pipe or a device
 * @throws the system error when the file cannot be opened or read
 */
export async function readRegularText(file: string): Promise<string> {
  return (await readRegularFile(file)).toString('utf8');
}

/**
 * Returns the content of a regular file, or of a link to one.
 * @throws NotRegularFileError for a folder, a pipe or a device
 * @throws the system error when the file cannot be opened or read
 */
export async function readRegularFile(file: string): Promise<Buffer> {
  const handle = await openRegularFile(file);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
