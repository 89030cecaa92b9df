import type { Newline } from './text-window.js';

/** The properties of a table that are needed to write it back unchanged. */
export interface TableLayout {
  /** The text before the header with its line endings: blank lines, `sep=`, comments and titles. Default: empty. */
  preamble?: string;
  /** The cells of the header as in the file, with their spaces and case. The numbers of the columns if there is none. */
  header: readonly string[];
  /** Whether the table has no header, so that none is written. */
  isHeadless: boolean;
  delimiter: string;
  /** The file's most frequent line ending. */
  newline: Newline;
  /** Whether the table is written with a byte order mark. */
  bom: boolean;
}

/** What is known of a table when its columns are chosen. */
export interface TableStart {
  /** The cells of the header as in the file. */
  header: readonly string[];
  /** The line of the header, counted from 1. */
  line: number;
  /** Some of the first rows. */
  rows: readonly (readonly string[])[];
}
