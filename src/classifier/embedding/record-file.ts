import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { readFileIfExists, writeFileAtomically } from '../../files/write-file-atomically.js';

/** What a file of records is like. */
export interface RecordFileOptions {
  path: string;
  recordBytes: number;
  /** Once it holds twice as many, the older ones go. */
  maxRecords: number;
  /** Told of the first failure; from then on nothing is written. */
  onFailure: (error: unknown) => void;
}

const WRITE_EVERY_MS = 1_000;
/** For this user alone, whatever the folder allows. */
const MODE = 0o600;

/**
 * Records of one length on disk. They are written behind each other, and the older half is dropped whole, so that a
 * crash costs the records of a second; only a crash while it drops them leaves a file behind, `.<name>.<id>.tmp`.
 */
export class RecordFile {
  #waiting: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(private readonly options: RecordFileOptions) {}

  /**
   * The records that are there, in the order in which they came; what a crash has left half-written behind them is
   * cut off, for the next one would be written behind it. The folder is made if need be. Never rejects.
   */
  async read(): Promise<Buffer> {
    const { path, recordBytes } = this.options;
    try {
      await makeFolder(dirname(path));
      const bytes = await readFileIfExists(path);
      const whole = bytes.length - (bytes.length % recordBytes);
      if (whole < bytes.length) await truncate(path, whole);
      return bytes.subarray(0, whole);
    } catch (error) {
      this.#fail(error);
      return Buffer.alloc(0);
    }
  }

  /** Writes a record within a second. */
  add(record: Buffer): void {
    if (this.#hasFailed) return;
    this.#waiting.push(record);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** Resolves when all that was added before is in the file. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One after the other: what is dropped is read and written anew, and nothing may be added meanwhile.
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#fail(error));
    await this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { path, recordBytes, maxRecords } = this.options;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    await appendFile(path, bytes, { mode: MODE });
    const { size } = await stat(path);
    if (size <= 2 * maxRecords * recordBytes) return;
    const newest = (await readFile(path)).subarray(-maxRecords * recordBytes);
    await writeFileAtomically(path, newest, MODE);
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) this.options.onFailure(error);
    this.#hasFailed = true;
    this.#waiting = [];
  }
}
