import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createAnswerWriter } from '../formats/answer.js';
import { spreadsheetSafe } from '../formats/csv/spreadsheet-safe.js';
import type { AnswerKind, Input, RecordChunk } from '../formats/format.js';
import { selectRecords } from '../formats/select-records.js';
import { makeFolder } from '../files/make-folder.js';
import { toDiskFull, writeFully } from '../files/temporary-file.js';
import { loopTurn } from '../async/loop-turns.js';
import { answerStyle } from '../pipeline/answer-style.js';
import { CHUNK_RECORDS, writeAnswer, type LabelledChunk } from '../pipeline/label-input.js';
import { openUpload, type OpenUploadOptions } from '../pipeline/open-upload.js';
import { AppError } from '../errors.js';
import type { JobFolder } from './job-folder.js';
import { JOB_DISK_FULL } from './job-problem.js';
import { digestOf, type Job, type JobParameters } from './job.js';
import type { RowFilter } from './store/questions.js';
import type { JobStore } from './store/store.js';

/** The formats of a job's answer. */
export type AnswerFormat = AnswerKind | 'parquet';

/** Which answer a client wants. */
export interface AnswerRequest {
  /** undefined: the format of the input. */
  readonly format: AnswerFormat | undefined;
  readonly details: boolean | undefined;
  readonly bom: boolean | undefined;
  /** Whether cells of a CSV that a spreadsheet would run as a formula are defused. */
  readonly excelSafe: boolean;
  readonly filter: RowFilter;
}

/** An answer that is complete on the disk. */
export interface AnswerFile {
  readonly folder: string;
  readonly name: string;
  readonly mediaType: string;
  readonly format: AnswerFormat;
}

/** Answers that are written at the same time. Each reads an input once more. */
const MAX_WRITING = 8;

/** Answers kept for each job: further ones replace the oldest. */
const MAX_ANSWERS = 8;

/** Labels are read from the store for this many rows at a time. */
const LABELS_AT_ONCE = 20_000;

const WRITE_CHARS = 256 * 1024;

const MEDIA_TYPES: Readonly<Record<AnswerFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Writes answers of finished jobs into files. The input is read again and joined with the stored labels, so an answer has
 * the bytes that POST /classify gives.
 */
export class Answers {
  /** Answers that are being written, by file. Clients that ask for the same one at the same time share it. */
  readonly #writing = new Map<string, Promise<AnswerFile>>();

  /** @param onWritten called with the id of the job when an answer has been written */
  constructor(
    private readonly store: JobStore,
    private readonly readOptions: (parameters: JobParameters) => OpenUploadOptions,
    private readonly onWritten: (id: string) => Promise<void>,
  ) {}

  /**
   * Returns an answer. It is written if it does not exist yet.
   * @throws AppError `disk_full`, `busy`; the errors of the store and of `onWritten`
   */
  async get(job: Job, folder: JobFolder, request: AnswerRequest): Promise<AnswerFile> {
    const key = digestOf(JSON.stringify([job.started, job.version, request])).slice(0, 32);
    const file = join(folder.answers, key);
    const running = this.#writing.get(file);
    if (running) return await running;
    if (this.#writing.size >= MAX_WRITING)
      throw new AppError('busy', 'The server writes other results. Try again in a moment.');
    const writing = this.#getOrWrite(job, folder, request, key);
    this.#writing.set(file, writing);
    try {
      return await writing;
    } finally {
      this.#writing.delete(file);
    }
  }

  async #getOrWrite(job: Job, folder: JobFolder, request: AnswerRequest, key: string): Promise<AnswerFile> {
    await makeFolder(folder.answers, 0o700);
    for (const name of await readdir(folder.answers)) {
      const [found, format] = name.split('.');
      if (found === key && format !== undefined && !name.endsWith('.part'))
        return describe(folder, name, format as AnswerFormat);
    }
    await removeOldest(folder.answers);
    const part = join(folder.answers, `${key}.part`);
    await rm(part, { force: true });
    try {
      const format = await this.#write(job, folder, request, part);
      const name = `${key}.${format}`;
      await rename(part, join(folder.answers, name));
      await this.onWritten(job.id);
      return describe(folder, name, format);
    } catch (error) {
      await rm(part, { force: true });
      throw toDiskFull(error, JOB_DISK_FULL);
    }
  }

  async #write(job: Job, folder: JobFolder, request: AnswerRequest, file: string): Promise<AnswerFormat> {
    if (request.format === 'parquet') {
      await this.store.run(folder.path, 'writeParquet', file, request.filter);
      return 'parquet';
    }
    // Opened first: if it fails, no input is open.
    const handle = await open(file, 'wx', 0o600);
    try {
      const out = new BufferedText((text) => writeFully(handle, Buffer.from(text, 'utf8')));
      const kind = await this.#writeText(job, folder, request, (text) => out.add(text));
      await out.flush();
      return kind;
    } finally {
      await handle.close();
    }
  }

  async #writeText(
    job: Job,
    folder: JobFolder,
    request: AnswerRequest,
    write: (text: string) => Promise<void>,
  ): Promise<AnswerKind> {
    const bytes = createReadStream(folder.input) as AsyncIterable<Uint8Array>;
    const opened = await openUpload({ ...job.input, bytes }, this.readOptions(job.parameters));
    const { input } = opened;
    const kind = (request.format as AnswerKind | undefined) ?? input.answerKind;
    const own = answerStyle(job.parameters, opened, job.input.isForm);
    const style = { ...own, details: request.details ?? own.details, bom: request.bom ?? own.bom };
    const isSafe = kind === 'csv' && request.excelSafe;
    const safe = isSafe ? spreadsheetSafe(input.description.delimiter ?? ',') : same;
    const writer = createAnswerWriter(input, kind, style);
    const chunks = this.#labelledChunks(input, folder, request.filter);
    await writeAnswer({ input, writer, inputWarnings: () => opened.warnings() }, chunks, (text) =>
      write(safe(text)),
    );
    return kind;
  }

  /** Joins the records of an input with their stored labels. Leaves out the records that do not fit the filter. */
  async *#labelledChunks<Chunk extends RecordChunk>(
    input: Pick<Input<Chunk>, 'chunks'>,
    { path }: JobFolder,
    filter: RowFilter,
  ): AsyncGenerator<LabelledChunk<Chunk>, void> {
    let first = 0;
    let stored = await this.store.run(path, 'labelsOf', first, LABELS_AT_ONCE, filter);
    let used = 0;
    for await (const chunk of input.chunks()) {
      const count = chunk.records.length;
      if (used + count > stored.labels.length) {
        first += used;
        stored = await this.store.run(path, 'labelsOf', first, Math.max(LABELS_AT_ONCE, count), filter);
        used = 0;
      }
      const labels = stored.labels.slice(used, used + count);
      const fits = stored.fits.slice(used, used + count);
      if (labels.length < count) throw new Error('The store has fewer rows than the input of the job.');
      used += count;
      await loopTurn(Math.min(1, count / CHUNK_RECORDS));
      if (fits.every(Boolean)) yield { chunk, labels };
      else {
        const keep = (index: number): boolean => fits[index] ?? false;
        const kept = labels.filter((_, index) => keep(index));
        if (kept.length > 0) yield { chunk: selectRecords(chunk, keep), labels: kept };
      }
    }
  }
}

function same(text: string): string {
  return text;
}

/** Collects text until it is worth a write. */
class BufferedText {
  #pieces: string[] = [];
  #chars = 0;

  constructor(private readonly write: (text: string) => Promise<void>) {}

  async add(text: string): Promise<void> {
    this.#pieces.push(text);
    this.#chars += text.length;
    if (this.#chars >= WRITE_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#chars = 0;
    await this.write(text);
  }
}

function describe(folder: JobFolder, name: string, format: AnswerFormat): AnswerFile {
  return { folder: folder.answers, name, mediaType: MEDIA_TYPES[format], format };
}

/** Makes room for one more answer. */
async function removeOldest(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => !name.endsWith('.part'));
  if (names.length < MAX_ANSWERS) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(dir, name))).mtimeMs })),
  );
  files.sort((a, b) => a.time - b.time);
  const [oldest] = files;
  if (oldest) await rm(join(dir, oldest.name), { force: true });
}
