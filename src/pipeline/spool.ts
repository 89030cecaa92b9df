import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.js';
import type { SpoolRoom } from './spool-room.js';
import { isNoRoom, openTemporaryFile, writeFully, type OpenFile } from '../files/temporary-file.js';

/** Text is gathered to pieces of this size before it goes to the file. */
const WRITE_BYTES = 256 * 1024;

/** Where a spool keeps what it holds. */
export interface SpoolSettings {
  dir: string;
  /** Up to so many bytes stay in memory; 0 puts everything into the file. */
  memoryBytes: number;
  /** Shared with all other spools. */
  room: SpoolRoom;
  /** Opens the temporary file; only tests give another, to fill the disk. */
  openFile?: OpenFile | undefined;
}

/** Holds an answer until it is whole: in memory while small, else in a temporary file. */
export class Spool {
  #pieces: Buffer[] = [];
  /** Bytes in `#pieces`. */
  #held = 0;
  #file: FileHandle | undefined;
  #reader: Readable | undefined;
  #size = 0;
  #isReleased = false;

  constructor(private readonly settings: SpoolSettings) {}

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** @throws AppError `disk_full` when the disk has no room for it, `busy` when other answers take all the room. */
  async write(text: string): Promise<void> {
    const piece = Buffer.from(text, 'utf8');
    const { room } = this.settings;
    room.take(piece.length, this.#size);
    this.#pieces.push(piece);
    this.#held += piece.length;
    this.#size += piece.length;
    if (this.#held >= this.#memoryLimit || room.isMemoryFull) await this.#flush();
  }

  /**
   * What was written, to be read once. An answer in memory comes as one buffer: a stream costs a small request a good
   * part of its time. To be followed by `release` when the answer has been sent or nobody wants it any more.
   */
  async read(): Promise<Buffer | Readable> {
    if (!this.#file) return Buffer.concat(this.#pieces);
    await this.#flush();
    this.#reader = this.#file.createReadStream({ start: 0 });
    // The stream closes the file.
    this.#file = undefined;
    return this.#reader;
  }

  /** Gives memory and room back, and after `read` the file. */
  release(): void {
    this.#reader?.destroy();
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.settings.room.release(this.#size, this.#held);
    this.#pieces = [];
    this.#held = 0;
  }

  /** Lets go of all that was written, read or not. */
  async discard(): Promise<void> {
    this.release();
    await this.#file?.close();
    this.#file = undefined;
  }

  get #memoryLimit(): number {
    return this.#file ? WRITE_BYTES : Math.max(this.settings.memoryBytes, 1);
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces;
    this.settings.room.moveToFile(this.#held);
    this.#pieces = [];
    this.#held = 0;
    try {
      this.#file ??= await openTemporaryFile(this.settings.dir, this.settings.openFile);
      for (const piece of pieces) await writeFully(this.#file, piece);
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      const detail = 'There is no room on disk for the answer. Try again later.';
      throw new AppError('disk_full', detail, {}, { cause: error });
    }
  }
}
