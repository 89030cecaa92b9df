import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { versionOf } from '../version-of.js';
import { readIfThere, writeWhole } from '../whole-file.js';
import type { Prediction } from './head.js';
import { PredictionRecords, RECORD_BYTES } from './prediction-records.js';

/** Predictions that outlast the process. */
export interface PredictionStore {
  /** How many templates it knew when it was opened. */
  readonly size: number;
  /** What was kept before the store was opened: who adds a prediction has it in memory. */
  get(template: string): Prediction | undefined;
  /** Keeps one more: on disk within a second. */
  add(template: string, prediction: Prediction): void;
  /** Resolves when all that was added is on disk. */
  close(): Promise<void>;
}

/** What a store is opened with. */
export interface PredictionStoreOptions {
  /** Made if it is not there. */
  dir: string;
  /** All that a prediction depends on besides its template, such as versions: each has a file of its own. */
  origin: readonly (string | number)[];
  /** Of the head. */
  labels: readonly string[];
  /** Told once, when predictions cannot be read or kept; the store then goes on without its file. */
  onProblem: (problem: { file: string; err: unknown }) => void;
  /** The newest so many are read; the file holds twice as many at the most. */
  maxRecords?: number;
}

/** Raised whenever the file's layout changes. */
const FORMAT = 1;
/** 16 MB on disk at the most, and some 40 MB in memory. */
const MAX_RECORDS = 250_000;
const WRITE_EVERY_MS = 1_000;

/**
 * Opens the predictions of one head and encoder. The file only ever grows at its end, so that a crash costs a second's
 * predictions; it may be deleted at any time, and several processes may share it.
 */
export async function openPredictionStore({
  dir,
  origin,
  labels,
  onProblem,
  maxRecords = MAX_RECORDS,
}: PredictionStoreOptions): Promise<PredictionStore> {
  const file = join(dir, `predictions-${versionOf([FORMAT, ...origin].join(' '))}.bin`);
  const records = new PredictionRecords(labels);
  const writer = new RecordWriter(file, maxRecords, (err) => onProblem({ file, err }));
  const bytes = await writer.open(dir);
  const kept = records.decode(bytes.subarray(-maxRecords * RECORD_BYTES));
  return {
    size: kept.size,
    get: kept.get,
    add: (template, prediction) => writer.add(records.encode(template, prediction)),
    close: () => writer.flush(),
  };
}

/** Puts records at the end of a file, many at a time; at the first failure it gives up. */
class RecordWriter {
  #waiting: Buffer[] = [];
  #fileBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(
    private readonly file: string,
    private readonly maxRecords: number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The records that are there; what a crash has left half-written behind them is cut off. */
  async open(dir: string): Promise<Buffer> {
    try {
      await mkdir(dir, { recursive: true });
      const bytes = await readIfThere(this.file);
      this.#fileBytes = bytes.length - (bytes.length % RECORD_BYTES);
      if (this.#fileBytes < bytes.length) await truncate(this.file, this.#fileBytes);
      return bytes.subarray(0, this.#fileBytes);
    } catch (error) {
      this.#fail(error);
      return Buffer.alloc(0);
    }
  }

  add(record: Buffer): void {
    if (this.#hasFailed) return;
    this.#waiting.push(record);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** Resolves when all that was added before is in the file. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#fail(error));
    await this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    await appendFile(this.file, bytes);
    this.#fileBytes += bytes.length;
    if (this.#fileBytes > 2 * this.maxRecords * RECORD_BYTES) await this.#dropOldest();
  }

  async #dropOldest(): Promise<void> {
    const bytes = await readFile(this.file);
    const newest = bytes.subarray(-this.maxRecords * RECORD_BYTES);
    await writeWhole(this.file, newest);
    this.#fileBytes = newest.length;
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) this.onFailure(error);
    this.#hasFailed = true;
    this.#waiting = [];
  }
}
