import type { FileHandle } from 'node:fs/promises';
import { Reader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { AppError } from '../../errors.js';
import { readFully } from '../../files/temporary-file.js';
import { malformedWorkbook } from './errors.js';
import type { UnpackBudget } from './unpack-budget.js';

/** A file with a workbook. */
export interface WorkbookFile {
  readonly file: FileHandle;
  /** The size in bytes. */
  readonly size: number;
  /** Closes the file. It may be called more than once. */
  close(): Promise<void>;
}

/** Maximum number of files in a workbook. */
const maxEntries = 2_000;
/** Maximum number of bytes of the archive's directory, which the library parses in one turn. Data is read in smaller pieces. */
const maxReadBytes = 128 * 1024;
/** The packed bytes that are read at a time. */
const chunkBytes = 64 * 1024;

/** The files in a workbook, which is a ZIP archive. */
export class WorkbookArchive {
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #budget: UnpackBudget;

  private constructor(entries: ReadonlyMap<string, FileEntry>, budget: UnpackBudget) {
    this.#entries = entries;
    this.#budget = budget;
  }

  /**
   * Reads the directory of the archive.
   * @throws AppError `xlsx_malformed`
   */
  static async open({ file, size }: WorkbookFile, budget: UnpackBudget): Promise<WorkbookArchive> {
    const entries = new Map<string, FileEntry>();
    let count = 0;
    try {
      const reader = new ZipReader(new FileReader(file, size), { strictness: 'tolerant' });
      for await (const entry of reader.getEntriesGenerator()) {
        count += 1;
        if (count > maxEntries) throw malformedWorkbook(`The workbook has more than ${maxEntries} files.`);
        if (entry.directory) continue;
        const name = entryName(entry.filename);
        if (entries.has(name)) throw malformedWorkbook('The workbook has two files of the same name.');
        entries.set(name, entry);
      }
    } catch (error) {
      throw asMalformed(error);
    }
    return new WorkbookArchive(entries, budget);
  }

  /** Whether the archive has a file. Names are compared without case. */
  has(name: string): boolean {
    return this.#entries.has(entryName(name));
  }

  /**
   * Judges a file by the size that it declares, before it is unpacked.
   * @throws AppError `unpacked_too_large`
   */
  judge(name: string): void {
    const entry = this.#entries.get(entryName(name));
    if (entry) this.#budget.judge(entry.uncompressedSize, entry.compressedSize);
  }

  /**
   * Unpacks a file. Only one piece is in memory.
   * @throws AppError `xlsx_malformed`, or `unpacked_too_large` as soon as the budget is used up
   */
  async *bytes(name: string): AsyncGenerator<Uint8Array, void> {
    const entry = this.#entries.get(entryName(name));
    if (!entry) throw malformedWorkbook(`The workbook lacks the file ${JSON.stringify(name.slice(0, 100))}.`);
    if (entry.encrypted) throw malformedWorkbook('The workbook is encrypted.');
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const stop = new AbortController();
    const unpacked = entry
      .getData(writable, {
        useWebWorkers: false,
        checkOverlappingEntry: true,
        checkCrc32: true,
        signal: stop.signal,
      })
      // The library does not close the stream if it fails before the first byte.
      .catch((error: unknown) => writable.abort(error).catch(() => undefined));
    let total = 0;
    try {
      for await (const piece of readable) {
        total += piece.length;
        this.#budget.addBytes(piece.length, total, entry.compressedSize);
        yield piece;
      }
    } catch (error) {
      throw asMalformed(error);
    } finally {
      stop.abort();
      await unpacked;
    }
  }
}

/** Reads an archive from a file handle. */
class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const wanted = offset < 0 ? 0 : Math.max(0, Math.min(length, this.size - offset));
    if (wanted > maxReadBytes) throw malformedWorkbook('The directory of the workbook is too large.');
    return readFully(this.#file, offset, wanted);
  }

  override createReadable(range: { offset?: number; size?: number } = {}): ReadableStream<Uint8Array> {
    let at = range.offset ?? 0;
    const end = range.size === undefined ? this.size : at + range.size;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const bytes = await this.readUint8Array(at, Math.min(chunkBytes, end - at));
        at += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes);
        if (bytes.length === 0 || at >= end) controller.close();
      },
    });
  }
}

/** Returns the form in which names of files are compared. */
function entryName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

/** Replaces an error of the archive's library, which is about the data, by an error about the workbook. */
function asMalformed(error: unknown): unknown {
  if (error instanceof AppError) return error;
  // The library wraps what the reader throws.
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AppError) return cause;
  return malformedWorkbook('The workbook is damaged: it is not a complete ZIP archive.', undefined, error);
}
