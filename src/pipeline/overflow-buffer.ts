import type { FileHandle } from 'node:fs/promises';
import { ByteQueue } from './byte-queue.js';
import {
  freeBytesOf,
  isNoRoom,
  openTemporaryFile,
  writeFully,
  type OpenFile,
} from '../files/temporary-file.js';

/** The most that is read back from the file at once. */
const READ_BYTES = 256 * 1024;

/** How much a buffer may hold, and where. */
export interface OverflowSettings {
  dir: string;
  /** Up to so many bytes wait in memory ... */
  memoryBytes: number;
  /** ... and so many more in a temporary file, as long as the disk has as much again free; 0 for none. */
  fileBytes: number;
  /** Opens the temporary file; only tests give another, to fill the disk. */
  openFile?: OpenFile | undefined;
  /** What is free on the disk of a folder; only tests give another. */
  freeBytes?: ((dir: string) => Promise<number>) | undefined;
}

/**
 * Bytes on their way from one who adds to one who takes, first in, first out: in memory while they are few, else
 * in a temporary file, which is written round and round. Each side has one call under way at most.
 */
export class OverflowBuffer {
  /** What waits in memory came before what waits in the file. */
  readonly #memory = new ByteQueue();
  #file: FileHandle | undefined;
  /** Bytes written to and read from the file since it was opened. */
  #written = 0;
  #read = 0;
  #outcome: { error?: unknown } | undefined;
  #isStopped = false;
  /** The write under way, if there is one. */
  #writing: Promise<unknown> = Promise.resolve();
  #wakeAdder = nobody;
  #wakeTaker = nobody;

  constructor(private readonly settings: OverflowSettings) {}

  /**
   * Adds bytes; resolves when they have room: to false once nobody takes any more.
   * @throws what the file throws, except that the disk is full: then it waits as if the buffer were.
   */
  async add(bytes: Uint8Array): Promise<boolean> {
    while (!this.#isStopped) {
      if (this.#fitsMemory(bytes)) {
        this.#memory.push(bytes);
        this.#wakeTaker();
        return true;
      }
      if (this.#fitsFile(bytes) && (await this.#write(bytes))) {
        this.#wakeTaker();
        return true;
      }
      // Asked again, for there may be room, or nobody who takes, since the write began.
      if (this.#mustWait(bytes)) await new Promise<void>((resolve) => (this.#wakeAdder = resolve));
    }
    return false;
  }

  /** The next bytes; undefined when there are none left and none will come. @throws what `fail` was given, at once */
  async take(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#outcome && 'error' in this.#outcome) throw this.#outcome.error;
      const bytes = this.#memory.shift() ?? (this.#read < this.#written ? await this.#readFile() : undefined);
      if (bytes) {
        this.#wakeAdder();
        return bytes;
      }
      if (this.#outcome) return undefined;
      // Nothing is awaited since the look into memory and file: what is added from now on wakes us.
      await new Promise<void>((resolve) => (this.#wakeTaker = resolve));
    }
  }

  /** Says that nothing more will be added. */
  end(): void {
    this.#outcome ??= {};
    this.#wakeTaker();
  }

  /** Says that what is added has broken off. */
  fail(error: unknown): void {
    this.#outcome ??= { error };
    this.#wakeTaker();
  }

  /** Says that nothing more will be taken, and lets go of all that waits. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#memory.clear();
    this.#wakeAdder();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** In order: memory is only used while the file is empty. A piece larger than all of memory goes in alone. */
  #fitsMemory({ length }: Uint8Array): boolean {
    if (this.#read < this.#written) return false;
    return this.#memory.length === 0 || this.#memory.length + length <= this.settings.memoryBytes;
  }

  #mustWait(bytes: Uint8Array): boolean {
    return !this.#isStopped && !this.#fitsMemory(bytes);
  }

  #fitsFile({ length }: Uint8Array): boolean {
    return this.#written - this.#read + length <= this.settings.fileBytes;
  }

  /** Gives false when there is no room on the disk. */
  async #write(bytes: Uint8Array): Promise<boolean> {
    const writing = this.#writeRound(bytes);
    this.#writing = writing.catch(() => undefined);
    try {
      if (!(await writing)) return false;
    } catch (error) {
      if (isNoRoom(error)) return false;
      throw error;
    }
    this.#written += bytes.length;
    return true;
  }

  async #writeRound(bytes: Uint8Array): Promise<boolean> {
    const { dir, fileBytes, openFile, freeBytes = freeBytesOf } = this.settings;
    // The answers need room too, and they cannot wait for it.
    if ((await freeBytes(dir)) < fileBytes) return false;
    this.#file ??= await openTemporaryFile(dir, openFile);
    const start = this.#written % fileBytes;
    const untilEnd = fileBytes - start;
    await writeFully(this.#file, bytes.subarray(0, untilEnd), start);
    await writeFully(this.#file, bytes.subarray(untilEnd), 0);
    return true;
  }

  async #readFile(): Promise<Uint8Array | undefined> {
    if (!this.#file) return undefined;
    const start = this.#read % this.settings.fileBytes;
    const length = Math.min(READ_BYTES, this.#written - this.#read, this.settings.fileBytes - start);
    const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(length), 0, length, start);
    this.#read += bytesRead;
    return buffer.subarray(0, bytesRead);
  }
}

function nobody(): void {
  // Nobody waits.
}
