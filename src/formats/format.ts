import type { LogRecord, RecordLabel } from '../log-record.js';
import type { OnError } from '../text/decoder.js';
import type { FieldChoice, FoundField } from './fields.js';
import type { SkipListener, SkippedRecords } from './skipped-records.js';
import type { Warning } from './warnings.js';

/** The formats of an input, as the parameter `input_format` names them. */
export type FormatName = 'csv' | 'lines' | 'ndjson' | 'json' | 'xlsx';

/** The formats of an answer. `json` is either one JSON object with `results`, or the list that the client sent. */
export type AnswerKind = 'csv' | 'json' | 'ndjson';

export type { OnError };
export * from './skipped-records.js';

/** How to read an input. */
export interface ReadOptions {
  fields: FieldChoice;
  onError: OnError;
  /** Whether plain lines that continue the line before belong to its message. */
  multiline: boolean;
  /** The name of the uploaded file, if any. */
  fileName: string | undefined;
  /** Whether the text came with a byte order mark. The mark is not part of the text. */
  bom: boolean;
  /** Whether the text is only the start of the input, so that its last record may be cut off. Default: false. */
  isStart?: boolean;
  /** Called for each record that is left out, once its text has ended. Without it, no such text is kept. */
  onSkip?: SkipListener | undefined;
  /** Maximum number of characters of a message or a cell. */
  maxCellChars: number;
  /** Maximum number of bytes of a JSON body that is kept in memory as a whole. */
  maxJsonBytes: number;
  /** Maximum number of records of a chunk. */
  chunkRecords: number;
  /** A chunk ends when its records have at least this many characters. */
  chunkChars: number;
}

/**
 * Consecutive records. A reader adds what its writer needs to write them back. Each of its lists has one entry for each
 * record; `selectRecords` depends on this.
 */
export interface RecordChunk {
  readonly records: readonly LogRecord[];
  /**
   * For each record, the line of the decoded input on which it begins, counted from 1. In a workbook, it is the number of
   * the sheet's row.
   */
  readonly lines: readonly number[];
  /** Whether the input is live and its next record may take long. Such a chunk may have no records. Default: false. */
  readonly isFlushed?: boolean;
  /** The cells of each record, if the input is a table. */
  readonly rows?: readonly (readonly string[])[];
}

/** What a reader counts. The counts are final when its chunks have ended. */
export interface ReadCounts {
  readonly blankLines: number;
  /** Records whose own label the answer replaces. */
  readonly overwrittenLabels: number;
  readonly skipped: SkippedRecords;
  /** The sheets of a workbook that are not read although they have cells. Default: 0. */
  readonly otherSheets?: number;
}

/** How an answer is written. */
export interface AnswerStyle {
  /** Whether a CSV answer, or a record written back as JSON, has the details of the label. */
  details: boolean;
  /** Whether a CSV answer has a column of the likeliest labels. Default: false. */
  top?: boolean;
  /** Whether a CSV answer begins with a byte order mark. */
  bom: boolean;
}

/** Formats an answer piece by piece. The answer is the concatenation of the returned texts. */
export interface AnswerWriter<Chunk extends Pick<RecordChunk, 'records'> = RecordChunk> {
  readonly mediaType: string;
  /** Returns the text before the first chunk. Call it once. */
  begin(): string;
  /**
   * Returns the text of one chunk. Call it in the order of the input.
   * @param labels one for each record of the chunk, in order
   */
  chunk(chunk: Chunk, labels: readonly RecordLabel[]): string;
  /** Returns the text after the last chunk. Call it once. */
  end(warnings: readonly Warning[]): string;
}

/** Facts about an input that its start shows, for POST /inspect. */
export interface InputDescription {
  /** The delimiter of a table. */
  delimiter?: string;
  /** The line of a table's header, counted from 1. */
  headerLine?: number;
  /** The names of a table's columns, or of the fields that the first records have. */
  columns?: readonly string[];
  /** Where the records' fields come from; missing if the input has no such field. */
  message?: FoundField;
  source?: FoundField;
  level?: FoundField;
  /** The names of the sheets of a workbook. */
  sheets?: readonly string[];
  /** The path of the JSON field that may have the message, if a skipped record has no known one. */
  messageGuess?: string | undefined;
}

/**
 * An input whose format and columns are known. Readers of all formats return it.
 * `chunks` may be called once. Returning early from it closes the text; `close` does it when `chunks` never started.
 */
export interface Input<Chunk extends RecordChunk = RecordChunk> {
  readonly format: FormatName;
  /** The kind of answer if the client does not ask for another one. */
  readonly answerKind: AnswerKind;
  readonly description: InputDescription;
  readonly counts: ReadCounts;
  /**
   * Reads the records on demand.
   * @throws AppError with the position in the input, for a record that cannot be read
   * @throws the error of the text
   */
  chunks(): AsyncGenerator<Chunk, void>;
  /** Creates the writer of the format's own answer. */
  answerWriter(style: AnswerStyle): AnswerWriter<Chunk>;
  /** Creates a writer of NDJSON that keeps the objects of the input. Missing if the records were no objects. */
  ndjsonWriter?(style: AnswerStyle): AnswerWriter<Chunk>;
  close(): Promise<void>;
}

/** Opens text in one format. It closes the text if it fails. */
export type OpenInput = (text: AsyncGenerator<string, void>, options: ReadOptions) => Promise<Input>;
