import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { readFileIfExists, writeFileAtomically } from '../../files/write-file-atomically.js';

/** Options of an entry file. */
export interface EntryFileOptions {
  path: string;
  /** The length of every entry. */
  entryBytes: number;
  /** When the file exceeds twice this number, it is cut to the newest `maxEntries`. */
  maxEntries: number;
  /** Called with the first error. After that nothing is written. */
  onFailure: (error: unknown) => void;
}

const WRITE_INTERVAL_MS = 1_000;
/** Only the user of this process may read the file, whatever the folder's permissions are. */
const MODE = 0o600;

/**
 * A file of entries of equal length. New entries are appended within a second. Old entries are dropped by writing a new
 * file, so a crash loses at most the entries of one second. A crash during that write leaves a temporary file behind,
 * `.<name>.<id>.tmp`.
 */
export class EntryFile {
  #unwritten: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(private readonly options: EntryFileOptions) {}

  /**
   * Returns all entries in the order in which they were added. Creates the folder if it does not exist. Never rejects.
   *
   * A crash can leave an incomplete entry at the end. It is removed, because the next entry would be appended to it.
   */
  async read(): Promise<Buffer> {
    const { path, entryBytes } = this.options;
    try {
      await makeFolder(dirname(path));
      const bytes = await readFileIfExists(path);
      const completeLength = bytes.length - (bytes.length % entryBytes);
      if (completeLength < bytes.length) await truncate(path, completeLength);
      return bytes.subarray(0, completeLength);
    } catch (error) {
      this.#fail(error);
      return Buffer.alloc(0);
    }
  }

  /** Appends an entry to the file within a second. */
  add(entry: Buffer): void {
    if (this.#hasFailed) return;
    this.#unwritten.push(entry);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_INTERVAL_MS).unref();
  }

  /** Resolves when all entries added so far are in the file. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One write at a time: nothing may be appended while old entries are being dropped.
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#fail(error));
    await this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    const { path, entryBytes, maxEntries } = this.options;
    const bytes = Buffer.concat(this.#unwritten);
    this.#unwritten = [];
    await appendFile(path, bytes, { mode: MODE });
    const { size } = await stat(path);
    if (size <= 2 * maxEntries * entryBytes) return;
    const newest = (await readFile(path)).subarray(-maxEntries * entryBytes);
    await writeFileAtomically(path, newest, MODE);
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) this.options.onFailure(error);
    this.#hasFailed = true;
    this.#unwritten = [];
  }
}
