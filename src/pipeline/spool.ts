import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../errors.js';
import type { SpoolRoom } from './spool-room.js';
import { isNoRoom, openTemporaryFile, writeWhole, type OpenFile } from './temporary-file.js';

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

  /** What was written, to be read once. Memory, room and file are given back when the stream ends or is destroyed. */
  async read(): Promise<Readable> {
    if (this.#file) await this.#flush();
    const file = this.#file;
    this.#file = undefined;
    const stream = file
      ? file.createReadStream({ start: 0 })
      : Readable.from(this.#pieces, { objectMode: false });
    return stream.once('close', () => this.#release());
  }

  /** Lets go of what was written and not read. */
  async discard(): Promise<void> {
    this.#release();
    await this.#file?.close();
    this.#file = undefined;
  }

  get #memoryLimit(): number {
    return this.#file ? WRITE_BYTES : Math.max(this.settings.memoryBytes, 1);
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.settings.room.release(this.#size, this.#held);
    this.#pieces = [];
    this.#held = 0;
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces;
    this.settings.room.moveToFile(this.#held);
    this.#pieces = [];
    this.#held = 0;
    try {
      this.#file ??= await openTemporaryFile(this.settings.dir, this.settings.openFile);
      for (const piece of pieces) await writeWhole(this.#file, piece);
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      const detail = 'There is no room on disk for the answer. Try again later.';
      throw new AppError('disk_full', detail, {}, { cause: error });
    }
  }
}
