import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { TurnsByKey } from '../../async/turns-by-key.js';
import type { RejectedRow, RowBatch } from './batch.js';
import { deleteDatabase, JobDatabase } from './database.js';
import { countKinds, templatesPage } from './kinds.js';
import { writeParquet } from './parquet.js';
import type { RowFilter, RowsQuestion, TemplatesQuestion } from './questions.js';
import { labelsOf, rejectedRows, rowsPage } from './rows.js';
import { storedCounts } from './stored-counts.js';
import { summarise } from './summary.js';

/** What the store can do with the database of a job. Arguments and results are structured clones. */
export const operations = {
  clearRejected: (database: JobDatabase) => database.clearRejected(),
  rowCount: (database: JobDatabase) => database.rowCount(),
  counts: (database: JobDatabase) => storedCounts(database),
  append: (database: JobDatabase, batch: RowBatch) => database.append(batch),
  appendRejected: (database: JobDatabase, rows: readonly RejectedRow[]) => database.appendRejected(rows),
  commit: (database: JobDatabase) => database.commit(),
  countKinds: (database: JobDatabase) => countKinds(database),
  summarise: (database: JobDatabase) => summarise(database),
  templatesPage: (database: JobDatabase, question: TemplatesQuestion) => templatesPage(database, question),
  rowsPage: (database: JobDatabase, question: RowsQuestion) => rowsPage(database, question),
  labelsOf: (database: JobDatabase, from: number, count: number, filter: RowFilter) =>
    labelsOf(database, from, count, filter),
  rejectedRows: (database: JobDatabase, skip: number, limit: number) => rejectedRows(database, skip, limit),
  writeParquet: (database: JobDatabase, file: string, filter: RowFilter) =>
    writeParquet(database, file, filter),
};

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** The arguments of an operation after the database. */
export type ArgumentsOf<Name extends OperationName> =
  Parameters<Operations[Name]> extends [JobDatabase, ...infer Rest] ? Rest : never;

/** What an operation gives. */
export type ResultOf<Name extends OperationName> = Awaited<ReturnType<Operations[Name]>>;

/**
 * A call from the main thread. `close` closes the database of the folder, `clear` also deletes it; `lock` keeps other
 * processes out of the folder.
 */
export interface StoreCall {
  readonly id: number;
  readonly dir: string;
  readonly name: OperationName | 'close' | 'clear' | 'lock';
  readonly args: readonly unknown[];
}

/** The answer to a call. An error of the catalogue keeps its code. */
export interface StoreAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly code?: string };
}

/** Databases stay open for this many jobs, those that were used last. Each may take DuckDB's memory limit. */
const MAX_OPEN = 3;

/** Opens databases on demand and runs operations on them. Operations of one job run one after another. */
export class OpenDatabases {
  readonly #locks: DuckDBInstance[] = [];
  /** In the order of their last use. The promise of each settles when its last operation has ended. */
  readonly #open = new Map<string, { database: Promise<JobDatabase>; idle: Promise<unknown> }>();
  /** Databases that are being closed. A file is opened again only when it is closed. */
  readonly #closing = new TurnsByKey();

  /** @throws the error of the operation, or of opening the database */
  async run(dir: string, name: StoreCall['name'], args: readonly unknown[]): Promise<unknown> {
    if (name === 'close') {
      await this.#close(dir);
      return;
    }
    if (name === 'clear') {
      await this.#close(dir, { after: () => deleteDatabase(dir) });
      return;
    }
    if (name === 'lock') {
      await this.#lock(dir);
      return;
    }
    const entry = this.#open.get(dir) ?? {
      database: this.#closing.run(dir, () => JobDatabase.open(dir)),
      idle: Promise.resolve(),
    };
    this.#open.delete(dir);
    this.#open.set(dir, entry);
    const operation = operations[name] as (database: JobDatabase, ...args: readonly unknown[]) => unknown;
    const result = entry.idle.then(async () => operation(await entry.database, ...args));
    entry.idle = result.catch(() => undefined);
    // A database that cannot be opened is tried again with the next call.
    entry.database.catch(() => {
      if (this.#open.get(dir) === entry) this.#open.delete(dir);
    });
    if (this.#open.size > MAX_OPEN) void this.#closeOldest();
    return await result;
  }

  /** DuckDB locks its file until the process ends, however it ends. */
  async #lock(dir: string): Promise<void> {
    this.#locks.push(await DuckDBInstance.create(join(dir, 'lock.duckdb'), { threads: '1' }));
  }

  /** The job of the database may be running: its rows are committed. */
  async #closeOldest(): Promise<void> {
    const [oldest] = this.#open.keys();
    if (oldest === undefined) return;
    await this.#close(oldest, {
      // If it fails, the next batch of the job does not follow on the last one, and the job fails.
      before: (database) => database.commit().catch(() => undefined),
    });
  }

  async #close(
    dir: string,
    {
      before,
      after,
    }: { before?: (database: JobDatabase) => Promise<void>; after?: () => Promise<void> } = {},
  ): Promise<void> {
    const entry = this.#open.get(dir);
    this.#open.delete(dir);
    await this.#closing.run(dir, async () => {
      await entry?.idle;
      // A database that could not be opened need not be closed.
      const database = await entry?.database.catch(() => undefined);
      if (database) await before?.(database);
      database?.close();
      await after?.();
    });
  }
}
