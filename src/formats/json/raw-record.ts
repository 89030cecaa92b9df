/** A JSON value as it stands in the text. It has been found, but not parsed. */
export interface RawRecord {
  readonly text: string;
  /** The text in the input, if `text` is an object that stands for it. */
  readonly sent?: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
  /** The character of that line, counted from 1. */
  readonly column: number;
}

/** Reads raw records from a text. */
export interface RecordSource {
  /** Returns the next record of the text read so far; undefined if `more` must be called first. */
  next(): RawRecord | undefined;
  /** Reads more text. Returns false if no text and no records are left. */
  more(): Promise<boolean>;
  /** Whether the text ends with a flush mark so far. */
  readonly isFlushed: boolean;
  /** The number of blank lines between records, so far. */
  readonly blankLines: number;
  close(): Promise<void>;
}

/** Maximum number of characters of a record whose message may have `maxCellChars`, with its escapes and other fields. */
export function maxRecordChars(maxCellChars: number): number {
  return 2 * maxCellChars + 1_000_000;
}
