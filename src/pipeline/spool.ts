import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { SpoolQuota } from './spool-quota.js';
import { openTemporaryFile, toDiskFull, writeFully, type OpenFile } from '../files/temporary-file.js';

/** Text is collected up to this size before it is written to the file. */
const WRITE_BYTES = 256 * 1024;

/** Where a spool stores an answer. */
export interface SpoolSettings {
  /** The folder of the temporary file. */
  dir: string;
  /** An answer of fewer bytes stays in memory. With 0, everything goes to the file. */
  memoryBytes: number;
  /** Shared by all spools. */
  quota: SpoolQuota;
  /** Opens the temporary file. Tests replace it to simulate a full disk. */
  openFile?: OpenFile | undefined;
}

/** Holds an answer until it is complete: in memory while it is small, otherwise in a temporary file. */
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

  /**
   * Appends text.
   * @throws AppError `disk_full` when the disk is full, `busy` when other answers use up the quota, `upload_too_large`
   *   when this answer exceeds its share
   */
  async write(text: string): Promise<void> {
    const piece = Buffer.from(text, 'utf8');
    const { quota } = this.settings;
    quota.reserve(piece.length, this.#size);
    this.#pieces.push(piece);
    this.#held += piece.length;
    this.#size += piece.length;
    if (this.#held >= this.#memoryLimit || quota.isMemoryFull) await this.#flush();
  }

  /**
   * Returns what was written. Call it once, and call `release` when the answer has been sent or is not needed any more.
   * An answer in memory comes as one buffer, because a stream would slow down small requests.
   */
  async read(): Promise<Buffer | Readable> {
    if (!this.#file) {
      const answer = Buffer.concat(this.#pieces);
      // Otherwise the answer would be in memory twice, and the quota counts it once.
      this.#pieces = [];
      return answer;
    }
    await this.#flush();
    this.#reader = this.#file.createReadStream({ start: 0 });
    // The stream closes the file.
    this.#file = undefined;
    return this.#reader;
  }

  /** Releases the memory and the quota, and after `read` the file. */
  release(): void {
    this.#reader?.destroy();
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.settings.quota.release(this.#size, this.#held);
    this.#pieces = [];
    this.#held = 0;
  }

  /** Releases everything, whether `read` has been called or not. */
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
    this.settings.quota.moveToFile(this.#held);
    this.#pieces = [];
    this.#held = 0;
    try {
      this.#file ??= await openTemporaryFile(this.settings.dir, this.settings.openFile);
      for (const piece of pieces) await writeFully(this.#file, piece);
    } catch (error) {
      throw toDiskFull(error, 'The disk is too full to store the answer. Try again later.');
    }
  }
}
