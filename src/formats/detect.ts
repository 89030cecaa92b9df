import { comparableName, type FieldChoice } from './fields.js';
import type { FormatName } from './format.js';

/** What a client says about its input besides the content. */
export interface FormatHints {
  /** The media type of the body, or of the file's part in a form, in lower case. */
  readonly mediaType?: string | undefined;
  /** The name of the file, without the ending of its compression. */
  readonly fileName?: string | undefined;
  readonly fields: FieldChoice;
}

/** The formats that are text. An Excel workbook is recognised before, by its bytes. */
export type TextFormat = Exclude<FormatName, 'xlsx'>;

/** The formats that a media type declares. */
const byMediaType: Readonly<Record<string, TextFormat>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/vnd.ms-excel': 'csv',
  'text/tab-separated-values': 'csv',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
  'application/json-seq': 'ndjson',
};

/** The formats that the ending of a file name declares. */
const byEnding: Readonly<Record<string, TextFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  psv: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** How many lines show whether a text is a table. */
const SAMPLE_LINES = 20;

/**
 * Decides the format of a text: by its content, then by its media type, then by its name. A text that is declared as a
 * table, or begins like one, is never taken for plain lines.
 * @param start the start of the text; 64 KiB are enough
 */
export function detectFormat(start: string, hints: FormatHints): TextFormat {
  const declared = byMediaType[hints.mediaType ?? ''] ?? byEnding[endingOf(hints.fileName)];
  if (isJsonList(start)) return 'json';
  if (isJsonObject(start))
    return declared === 'csv' || declared === undefined ? defaultJson(hints) : declared;
  if (declared !== undefined) return declared;
  return isTable(start, hints.fields) ? 'csv' : 'lines';
}

/** A body without a name or a type may be `{"logs": [...]}`. A file of log lines has an object on each line. */
function defaultJson({ mediaType, fileName }: FormatHints): TextFormat {
  return mediaType === 'text/plain' || fileName !== undefined ? 'ndjson' : 'json';
}

function endingOf(fileName: string | undefined): string {
  return /\.([^.]+)$/.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
}

/** A log line may begin with a bracket, too, but not with a bracket and a brace or a quote. */
function isJsonList(start: string): boolean {
  return /^\s*\[\s*(?:[{\]"]|$)/.test(start);
}

/** May precede each object (RFC 7464). */
const RECORD_SEPARATOR = '\u001E';

function isJsonObject(start: string): boolean {
  const text = start.trimStart();
  return /^\s*\{\s*["}]/.test(text.startsWith(RECORD_SEPARATOR) ? text.slice(1) : text);
}

/** Whether a text that nothing declares to be a table reads as one. */
function isTable(start: string, fields: FieldChoice): boolean {
  const lines = start.split(/\r\n|\n|\r/, SAMPLE_LINES + 1).filter((line) => line.trim() !== '');
  // The last line may be cut off.
  const sample = lines.length > SAMPLE_LINES ? lines.slice(0, SAMPLE_LINES) : lines;
  const [first = '', ...others] = sample;
  // A client of a database underlines the header: ---+---.
  const rows = isRuler(others[0]) ? others.slice(1) : others;
  if (/^"?sep=[,;\t|]"?$/i.test(first) || first.startsWith('#TYPE ')) return true;
  const maskedFirst = maskQuoted(first);
  const maskedRows = rows.map(maskQuoted);
  return [',', ';', '\t', '|'].some((delimiter) => {
    const header = cellsOf(maskedFirst, delimiter);
    if (!isHeader(header)) return false;
    if (rows.length < others.length && header.length > 1) return true;
    const isDelimited = header.length === 1 || rows[0]?.includes(delimiter) !== false;
    return (isDelimited && hasMessage(header, fields)) || fitsRows(header, maskedRows, delimiter);
  });
}

/** Replaces delimiters inside quotes, where they do not count. A line break inside quotes is not looked for. */
function maskQuoted(line: string): string {
  return line.replace(/"[^"]*"/g, (quoted) => quoted.replace(/[,;\t|]/g, ' '));
}

function isRuler(line = ''): boolean {
  return /^[-+|,;\s]*$/.test(line) && line.includes('--');
}

function cellsOf(masked: string, delimiter: string): string[] {
  return masked.split(delimiter).map((cell) => cell.replaceAll('"', '').trim());
}

/** Whether cells may be the names of columns: each has letters, few words and no digit first, and none appears twice. */
function isHeader(cells: readonly string[]): boolean {
  const isName = (cell: string): boolean =>
    cell.length <= 40 && /^[\p{L}@_#$][^=:"{}<>]*$/u.test(cell) && cell.split(/\s+/).length <= 4;
  return cells.every(isName) && new Set(cells.map(comparableName)).size === cells.length;
}

function hasMessage(header: readonly string[], { names, messageColumn }: FieldChoice): boolean {
  const wanted = new Set((messageColumn === undefined ? names.message : [messageColumn]).map(comparableName));
  return header.some((cell) => wanted.has(comparableName(cell)));
}

/** Whether all rows have as many cells as the header, and no cell repeats the name of its column. */
function fitsRows(header: readonly string[], rows: readonly string[], delimiter: string): boolean {
  if (header.length < 2 || rows.length < 2) return false;
  return rows.every((row) => {
    const cells = cellsOf(row, delimiter);
    return cells.length === header.length && !cells.some((cell, i) => cell !== '' && cell === header[i]);
  });
}
