import type { FileHandle } from 'node:fs/promises';
import { ByteQueue } from './byte-queue.js';
import {
  freeBytesOf,
  isDiskFull,
  openTemporaryFile,
  writeFully,
  type OpenFile,
} from '../files/temporary-file.js';

/** Maximum number of bytes read from the file at once. */
const READ_BYTES = 256 * 1024;

/** How many bytes a buffer may hold, and where. */
export interface OverflowSettings {
  /** The folder of the temporary file. */
  dir: string;
  /** The capacity in memory, in bytes. */
  memoryBytes: number;
  /** The capacity of the temporary file, in bytes; 0 for no file. It is only used while as much disk space is free. */
  fileBytes: number;
  /** Opens the temporary file. Tests replace it to simulate a full disk. */
  openFile?: OpenFile | undefined;
  /** Returns the free bytes on the disk of a folder. Tests replace it. */
  freeBytes?: ((dir: string) => Promise<number>) | undefined;
}

/**
 * A bounded queue of bytes between one producer and one consumer. It keeps bytes in memory up to a limit, then in a
 * temporary file used as a ring buffer. Producer and consumer must each wait for one call before the next.
 */
export class OverflowBuffer {
  /** The bytes in memory precede the bytes in the file. */
  readonly #memory = new ByteQueue();
  #file: FileHandle | undefined;
  /** Total bytes written to and read from the file. */
  #written = 0;
  #read = 0;
  #ended: { error?: unknown } | undefined;
  #isStopped = false;
  /** The last write. Settled if none is pending. */
  #writing: Promise<unknown> = Promise.resolve();
  #wakeProducer = noop;
  #wakeConsumer = noop;

  constructor(private readonly settings: OverflowSettings) {}

  /**
   * Adds bytes. Waits while the buffer or the disk is full. Resolves with false if `stop` has been called.
   * @throws the error of the file, unless the disk is full
   */
  async add(bytes: Uint8Array): Promise<boolean> {
    while (!this.#isStopped) {
      if (this.#fitsMemory(bytes)) {
        this.#memory.push(bytes);
        this.#wakeConsumer();
        return true;
      }
      if (this.#fitsFile(bytes) && (await this.#writeFile(bytes))) {
        this.#wakeConsumer();
        return true;
      }
      // Re-check: the consumer may have freed space or stopped during the write.
      if (this.#mustWait(bytes)) await new Promise<void>((resolve) => (this.#wakeProducer = resolve));
    }
    return false;
  }

  /**
   * Returns the next bytes. Waits while the buffer is empty; resolves with undefined when it is empty after `end`.
   * @throws the error given to `fail`, at once
   */
  async take(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#ended && 'error' in this.#ended) throw this.#ended.error;
      const bytes = this.#memory.shift() ?? (this.#read < this.#written ? await this.#readFile() : undefined);
      if (bytes) {
        this.#wakeProducer();
        return bytes;
      }
      if (this.#ended) return undefined;
      // No await since the check above, so no bytes were added in between. Adding more resolves this promise.
      await new Promise<void>((resolve) => (this.#wakeConsumer = resolve));
    }
  }

  /** Declares that no more bytes will be added. */
  end(): void {
    this.#ended ??= {};
    this.#wakeConsumer();
  }

  /** Declares that the producer has failed. */
  fail(error: unknown): void {
    this.#ended ??= { error };
    this.#wakeConsumer();
  }

  /** Declares that the consumer has stopped. Releases the memory and the file. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#memory.clear();
    this.#wakeProducer();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Memory is only used while the file is empty, to keep the order. Empty memory takes a piece of any size. */
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

  /** Writes to the file. Returns false if the disk is too full. */
  async #writeFile(bytes: Uint8Array): Promise<boolean> {
    const writing = this.#writeRing(bytes);
    this.#writing = writing.catch(() => undefined);
    try {
      if (!(await writing)) return false;
    } catch (error) {
      if (isDiskFull(error)) return false;
      throw error;
    }
    this.#written += bytes.length;
    return true;
  }

  async #writeRing(bytes: Uint8Array): Promise<boolean> {
    const { dir, fileBytes, openFile, freeBytes = freeBytesOf } = this.settings;
    // Leave space for the spooled answers: they cannot wait for it.
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

function noop(): void {
  // Nothing waits.
}
