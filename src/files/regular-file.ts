import { constants, open, type FileHandle } from 'node:fs/promises';

/** The path leads to something else than a regular file, such as a pipe; the message says to what. */
export class NotRegularFileError extends Error {}

/**
 * Opens a regular file, or a link to one, for reading. Pipes, devices and sockets are refused: reading one may wait
 * for ever, and a read that waits holds up even the end of the process.
 * @throws NotRegularFileError, or the system's error
 */
export async function openRegularFile(file: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait until somebody writes to it.
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
 * The text, in UTF-8, of a regular file, or of a link to one.
 * @throws NotRegularFileError, or the system's error
 */
export async function readRegularText(file: string): Promise<string> {
  return (await readRegularFile(file)).toString('utf8');
}

/**
 * The content of a regular file, or of a link to one.
 * @throws NotRegularFileError, or the system's error
 */
export async function readRegularFile(file: string): Promise<Buffer> {
  const handle = await openRegularFile(file);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
