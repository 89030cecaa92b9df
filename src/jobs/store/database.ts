import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import { AppError } from '../../errors.js';
import type { RejectedRow, RowBatch } from './batch.js';
import { BatchChunks, charsOfBatch, charsOfRejected } from './batch-chunks.js';
import type { StoredLabel } from './questions.js';

/** The name of the database in the folder of a job. */
export const DATABASE_FILE = 'rows.duckdb';

/** Rows and rejected rows are committed together after this many. Less often is faster, and costs more after a crash. */
const ROWS_PER_COMMIT = 20_000;
/** They are also committed after this many characters, because DuckDB keeps uncommitted rows in memory. */
const CHARS_PER_COMMIT = 8 * 1024 * 1024;

/**
 * DuckDB compresses its last group of rows anew with each checkpoint. With groups of long messages of its usual size,
 * 122,880 rows, that takes a gigabyte of memory and most of the time.
 */
const ROW_GROUP_ROWS = 16_384;

/** What DuckDB may use. Pages that do not fit into the memory go to the disk. */
const USUAL: Resources = { threads: 2, memory: '64MB' };

const TEMPORARY_FOLDER = 'tmp';

/** DuckDB reads and writes nothing outside the folder of the job, and loads no extensions. */
const settingsFor = (dir: string): Record<string, string> => ({
  threads: String(USUAL.threads),
  memory_limit: USUAL.memory,
  temp_directory: join(dir, TEMPORARY_FOLDER),
  max_temp_directory_size: '8GB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
});

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rows (
    row INTEGER, line INTEGER, kind BIGINT, source VARCHAR, label SMALLINT, tier SMALLINT, confidence DOUBLE,
    rule SMALLINT, note SMALLINT, top VARCHAR, time BIGINT, own_label VARCHAR, is_cut BOOLEAN, message VARCHAR);
  CREATE TABLE IF NOT EXISTS templates (kind BIGINT, template VARCHAR, example VARCHAR);
  CREATE TABLE IF NOT EXISTS names (id SMALLINT, name VARCHAR);
  CREATE TABLE IF NOT EXISTS rejected (line INTEGER, reason VARCHAR, text VARCHAR, is_cut BOOLEAN);
`;

/** What DuckDB may use. */
export interface Resources {
  readonly threads: number;
  readonly memory: string;
}

/** A row of a query, by the names of its columns. */
export type ResultRow = Record<string, DuckDBValue>;

/**
 * The rows of one job in a DuckDB file. What is committed survives a crash of the process. Appending is synchronous and
 * may block for a quarter of a second, so a worker thread uses this class, see store-worker.ts.
 */
export class JobDatabase {
  /** Labels, tiers, rules and notes are kept as numbers, because they repeat in every row. */
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];
  /** How many names are committed. */
  #committedNames = 0;
  #rows: DuckDBAppender | undefined;
  #templates: DuckDBAppender | undefined;
  #rejected: DuckDBAppender | undefined;
  #uncommitted = 0;
  #uncommittedChars = 0;
  readonly #chunks = new BatchChunks();
  /** The number of the row that comes next. */
  #nextRow = 0;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /**
   * Opens the database in a folder, or creates it.
   * @throws AppError `disk_full`; the errors of DuckDB for a damaged file or one that another process uses
   */
  static async open(dir: string): Promise<JobDatabase> {
    const instance = await DuckDBInstance.create(':memory:', settingsFor(dir));
    const database = new JobDatabase(instance, await instance.connect());
    try {
      const file = quotedText(join(dir, DATABASE_FILE));
      await database.run(`ATTACH ${file} AS job (ROW_GROUP_SIZE ${ROW_GROUP_ROWS}); USE job;`);
      await database.run(SCHEMA);
      await database.#loadNames();
      database.#nextRow = await database.rowCount();
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  }

  /** Removes the rejected rows. A job that goes on after a restart reads its input, and rejects them, once more. */
  async clearRejected(): Promise<void> {
    await this.run('DELETE FROM rejected');
  }

  /** Returns how many rows are committed. */
  async rowCount(): Promise<number> {
    const [row] = await this.all('SELECT count(*) AS count FROM rows');
    return Number(row?.count ?? 0);
  }

  /**
   * Appends rows. They are committed when many have come together, or with `commit`.
   * @throws AppError `disk_full`; an Error if they do not follow on the last ones
   */
  async append(batch: RowBatch): Promise<void> {
    const { lines, firstRow } = batch;
    if (firstRow !== this.#nextRow)
      throw new Error(`Row ${firstRow} does not follow: the next row is ${this.#nextRow}.`);
    await this.#write(lines.length, charsOfBatch(batch), () => {
      this.#rows?.appendDataChunk(this.#chunks.rows(batch, (name) => this.#idOf(name)));
      if (batch.templates.length > 0)
        this.#templates?.appendDataChunk(this.#chunks.templates(batch.templates));
    });
    this.#nextRow += lines.length;
  }

  /** Appends rejected rows, to be committed with the next rows. @throws AppError `disk_full` */
  async appendRejected(rows: readonly RejectedRow[]): Promise<void> {
    await this.#write(rows.length, charsOfRejected(rows), () =>
      this.#rejected?.appendDataChunk(this.#chunks.rejected(rows)),
    );
  }

  /** Commits what was appended. @throws AppError `disk_full` */
  async commit(): Promise<void> {
    if (!this.#rows) return;
    try {
      for (const appender of [this.#rows, this.#templates, this.#rejected]) appender?.closeSync();
      this.#forgetAppenders();
      await this.#insertNames();
      await this.connection.run('COMMIT');
    } catch (error) {
      throw toDiskFull(error);
    }
  }

  /** Runs statements. @throws AppError `disk_full`; the errors of DuckDB */
  async run(sql: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw toDiskFull(error);
    }
  }

  /** Returns the rows of a query as objects. 64-bit integers come as bigint. */
  async all(sql: string, values: DuckDBValue[] = []): Promise<ResultRow[]> {
    try {
      const reader = await this.connection.runAndReadAll(sql, values);
      return reader.getRowObjects();
    } catch (error) {
      throw toDiskFull(error);
    }
  }

  /** Returns the columns of a query as arrays, which is faster than objects for many rows. */
  async columns(sql: string, values: DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    try {
      const reader = await this.connection.runAndReadAll(sql, values);
      return reader.getColumns();
    } catch (error) {
      throw toDiskFull(error);
    }
  }

  /** Runs something with other resources than usual. @throws what it throws */
  async using<Result>(others: Partial<Resources>, run: () => Promise<Result>): Promise<Result> {
    await this.#limitTo({ ...USUAL, ...others });
    try {
      return await run();
    } finally {
      await this.#limitTo(USUAL);
    }
  }

  async #limitTo({ threads, memory }: Resources): Promise<void> {
    await this.run(`SET threads = ${threads}; SET memory_limit = '${memory}'`);
  }

  /** Returns the name of a stored number; null for null. */
  nameOf(id: DuckDBValue | undefined): string | null {
    return id === null || id === undefined ? null : (this.#names[Number(id)] ?? null);
  }

  /** Returns the label in a row of a query that selects these columns. */
  labelOf({ label, tier, confidence, rule, note }: ResultRow): StoredLabel {
    return {
      label: this.nameOf(label) ?? '',
      tier: this.nameOf(tier) ?? '',
      confidence: confidence as number | null,
      rule: this.nameOf(rule),
      note: this.nameOf(note),
    };
  }

  /** All names. The index of each is its stored number. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Returns the numbers of those names that occur in this job. */
  idsOf(names: readonly string[]): number[] {
    return names.map((name) => this.#ids.get(name)).filter((id) => id !== undefined);
  }

  /** Closes the file. What was appended since the last commit is lost. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Writes rows in the current transaction, or a new one, and commits it when it has many. */
  async #write(rows: number, chars: number, append: () => void): Promise<void> {
    try {
      await this.#begin();
      append();
    } catch (error) {
      throw toDiskFull(error);
    }
    this.#uncommitted += rows;
    this.#uncommittedChars += chars;
    if (this.#uncommitted >= ROWS_PER_COMMIT || this.#uncommittedChars >= CHARS_PER_COMMIT)
      await this.commit();
  }

  async #begin(): Promise<void> {
    if (this.#rows) return;
    await this.run('BEGIN');
    this.#rows = await this.connection.createAppender('rows');
    this.#templates = await this.connection.createAppender('templates');
    this.#rejected = await this.connection.createAppender('rejected');
  }

  #forgetAppenders(): void {
    this.#rows = undefined;
    this.#templates = undefined;
    this.#rejected = undefined;
    this.#uncommitted = 0;
    this.#uncommittedChars = 0;
  }

  #idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#names.push(name);
    this.#ids.set(name, id);
    return id;
  }

  /** In the same transaction as the rows that use them. */
  async #insertNames(): Promise<void> {
    for (let id = this.#committedNames; id < this.#names.length; id += 1)
      await this.connection.run('INSERT INTO names VALUES (?, ?)', [id, this.#names[id] ?? '']);
    this.#committedNames = this.#names.length;
  }

  async #loadNames(): Promise<void> {
    for (const { id, name } of await this.all('SELECT id, name FROM names ORDER BY id')) {
      this.#names[Number(id)] = String(name);
      this.#ids.set(String(name), Number(id));
    }
    this.#committedNames = this.#names.length;
  }
}

/** Returns a text as SQL writes it, for statements that take no parameters. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Deletes the database of a folder, which must be closed. Does nothing if there is none. */
export async function deleteDatabase(dir: string): Promise<void> {
  for (const name of [DATABASE_FILE, `${DATABASE_FILE}.wal`, TEMPORARY_FOLDER])
    await rm(join(dir, name), { recursive: true, force: true });
}

/** DuckDB reports a full disk as a text. */
function toDiskFull(error: unknown): unknown {
  const { message } = error as Error;
  if (!/No space left|disk is full|max_temp_directory_size/i.test(message)) return error;
  return new AppError('disk_full', 'The disk is too full to keep the rows of the job.', {}, { cause: error });
}
