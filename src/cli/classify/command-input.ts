import { createReadStream, fstatSync, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename } from 'node:path';
import { followGrowingFile } from '../../files/follow-growing-file.js';
import { DataError } from '../../labelled-data/labelled-csv.js';
import type { UploadedBytes } from '../../pipeline/open-upload.js';
import { liveBytes } from '../../text/live-bytes.js';

/** An input of the command. */
export interface CommandInput extends UploadedBytes {
  /** Whether the input may grow for hours, so that its rows are shown as they come. */
  readonly isLive: boolean;
  /** The length in bytes; undefined if the input is live. */
  readonly size: number | undefined;
}

/** How to open an input. */
export interface InputOptions {
  follow: boolean;
  /** Ends a live input, as if it were complete. */
  end: AbortSignal;
}

const STDIN = 0;

/**
 * Opens a file, or standard input for `-`. A file is read like one in a form, standard input like a body of text/plain.
 * @throws DataError for a folder
 * @throws the system error
 */
export async function openCommandInput(file: string, { follow, end }: InputOptions): Promise<CommandInput> {
  if (file === '-') return openStandardInput(end);
  const stats = await stat(file);
  if (stats.isDirectory()) throw new DataError(`${file} is a folder. Name the files in it.`);
  const fileName = basename(file);
  if (follow) {
    if (!stats.isFile()) throw new DataError(`${file} is no regular file, so it cannot be followed.`);
    return { fileName, ...live(followGrowingFile(file, { signal: end }), end) };
  }
  if (stats.isFIFO()) return { fileName, ...live(await openPipe(file), end) };
  if (stats.isFile()) return { fileName, bytes: createReadStream(file), isLive: false, size: stats.size };
  return { fileName, ...live(createReadStream(file), end) };
}

function openStandardInput(end: AbortSignal): CommandInput {
  const mediaType = 'text/plain';
  const stats: Stats = fstatSync(STDIN);
  if (stats.isFile()) return { mediaType, bytes: process.stdin, isLive: false, size: stats.size };
  if (process.stdin.isTTY) process.stderr.write('Type or paste log lines. Ctrl-D ends the input.\n');
  return { mediaType, ...live(process.stdin, end) };
}

function live(
  bytes: AsyncIterable<Uint8Array>,
  end: AbortSignal,
): Pick<CommandInput, 'bytes' | 'isLive' | 'size'> {
  return { bytes: liveBytes(bytes, { end }), isLive: true, size: undefined };
}

/** As a socket, a pipe can be closed while a read is pending. A pending read of a file keeps the process alive. */
async function openPipe(file: string): Promise<Socket> {
  const { fd } = await open(file, 'r');
  return new Socket({ fd, readable: true, writable: false });
}
