import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../errors.js';
import { isNoRoom, openTemporaryFile, writeWhole, type OpenFile } from './temporary-file.js';

/** Text is gathered to pieces of this size before it goes to the file. */
const WRITE_BYTES = 256 * 1024;

/** Where a spool keeps what it holds. */
export interface SpoolSettings {
  dir: string;
  /** Up to so many bytes stay in memory; 0 puts everything into the file. */
  memoryBytes: number;
  /** Opens the temporary file; only tests give another, to fill the disk. */
  openFile?: OpenFile | undefined;
}

/** Holds an answer until it is whole: in memory while small, else in a temporary file. */
export class Spool {
  #pieces: Buffer[] = [];
  #held = 0;
  #file: FileHandle | undefined;
  #size = 0;

  constructor(private readonly settings: SpoolSettings) {}

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** @throws AppError `disk_full` when the disk has no room for it. */
  async write(text: string): Promise<void> {
    const piece = Buffer.from(text, 'utf8');
    this.#pieces.push(piece);
    this.#held += piece.length;
    this.#size += piece.length;
    if (this.#held >= (this.#file ? WRITE_BYTES : Math.max(this.settings.memoryBytes, 1)))
      await this.#flush();
  }

  /** What was written, to be read once; the file is gone when the stream ends or is destroyed. */
  async read(): Promise<Readable> {
    if (!this.#file) return Readable.from(this.#pieces, { objectMode: false });
    await this.#flush();
    const file = this.#file;
    this.#file = undefined;
    return file.createReadStream({ start: 0 });
  }

  /** Lets go of what was written and not read. */
  async discard(): Promise<void> {
    this.#pieces = [];
    await this.#file?.close();
    this.#file = undefined;
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#held = 0;
    try {
      this.#file ??= await openTemporaryFile(this.settings.dir, this.settings.openFile);
      for (const piece of pieces) await writeWhole(this.#file, piece);
    } catch (error) {
      if (isNoRoom(error)) {
        throw new AppError(
          'disk_full',
          'There is no room on disk for the answer. Try again later.',
          {},
          {
            cause: error,
          },
        );
      }
      throw error;
    }
  }
}
