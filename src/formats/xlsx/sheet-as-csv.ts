import { turnToParse } from '../../async/loop-turns.js';
import { maxRowChars } from '../csv/tokenizer.js';
import type { ReadOptions } from '../format.js';
import { readNumberMeanings } from './date-styles.js';
import { xlsxCellTooLarge } from './errors.js';
import { readXml } from './read-xml.js';
import { readSharedStrings, type SharedStrings } from './shared-strings.js';
import { RowNumbers } from './row-numbers.js';
import { SheetRows, type SheetRow } from './sheet-rows.js';
import { UnpackBudget } from './unpack-budget.js';
import { countFilledSheets, findSheet } from './workbook.js';
import { WorkbookArchive, type WorkbookFile } from './workbook-archive.js';

/** How to read a workbook. */
export interface SheetOptions extends Pick<ReadOptions, 'maxCellChars'> {
  /** The name of the sheet, in any case, or its number from 1. Default: the first visible sheet. */
  sheet?: string | undefined;
  /** Maximum number of bytes of the unpacked files, and of characters of all cells together. */
  maxUnpackedBytes: number;
}

/** What reading a sheet finds out besides its rows. */
export class SheetFindings {
  /** Tells which row begins on a line of the text. */
  readonly numbers = new RowNumbers();
  /** The names of all sheets; empty until the text has begun. */
  names: readonly string[] = [];
  /** How many other visible sheets have cells; 0 until the text has begun. */
  otherSheets = 0;
}

/** The rows from which the common width is taken. */
const firstRows = 64;
/** A wider table gets no empty cells at the end of its rows. A single far cell would blow up all others. */
const maxCommonWidth = 256;
/** More blank rows than this in a row become one blank line. */
const maxBlankRows = 1_000;
/** The characters that are returned at a time. */
const pieceChars = 65_536;

/**
 * Reads a sheet of a workbook as CSV text with commas and LF. Each row is one line, blank rows too, so that the number of
 * a line is that of the row as long as no cell has line breaks. More than 1,000 blank rows on end become one blank line.
 *
 * Rows are filled with empty cells to the width of the widest of the first 64 rows, if it is at most 256. Numbers come as
 * they stand in the file, dates in ISO form, formulas as their last result. The file is closed in the end, once reading
 * has begun.
 * @param findings learns on which line each row begins, and what other sheets there are
 * @throws AppError `xlsx_malformed`, `sheet_missing`, `unpacked_too_large` or `cell_too_large`
 */
export async function* sheetAsCsv(
  workbook: WorkbookFile,
  { sheet, maxUnpackedBytes, maxCellChars }: SheetOptions,
  findings = new SheetFindings(),
): AsyncGenerator<string, void> {
  let xml: AsyncGenerator<void, void> | undefined;
  try {
    const budget = new UnpackBudget(maxUnpackedBytes);
    const archive = await WorkbookArchive.open(workbook, budget);
    const paths = await findSheet(archive, sheet);
    findings.names = paths.names;
    findings.otherSheets = await countFilledSheets(archive, paths.others);
    // An escape takes seven characters in the file.
    const maxTextChars = 8 * maxCellChars + 65_536;
    const shared = await readSharedStrings(archive, paths.sharedStrings, maxTextChars);
    const meanings = await readNumberMeanings(archive, paths.styles);
    const { date1904 } = paths;
    const reader = new SheetRows({ meanings, date1904, sharedCount: shared.count, maxTextChars });
    const writer = new RowWriter(shared, budget, Math.max(maxRowChars, maxCellChars), findings.numbers);
    const first: SheetRow[] = [];
    xml = readXml(archive.bytes(paths.sheet), reader, maxTextChars);
    while ((await xml.next()).done !== true) {
      const rows = reader.rows;
      reader.rows = [];
      if (writer.width === undefined) {
        first.push(...rows);
        if (first.length < firstRows) continue;
        writer.width = commonWidth(first);
        yield* inPieces(first.splice(0), writer);
      } else yield* inPieces(rows, writer);
    }
    writer.width ??= commonWidth(first);
    yield* inPieces(first, writer);
  } finally {
    await xml?.return();
    await workbook.close();
  }
}

function commonWidth(rows: readonly SheetRow[]): number {
  let width = 0;
  for (const { columns } of rows.slice(0, firstRows))
    for (const column of columns) width = Math.max(width, column + 1);
  return width > maxCommonWidth ? 0 : width;
}

async function* inPieces(rows: readonly SheetRow[], writer: RowWriter): AsyncGenerator<string, void> {
  let text = '';
  for (const row of rows) {
    text += writer.write(row);
    if (text.length < pieceChars) continue;
    yield text;
    await turnToParse(text.length);
    text = '';
  }
  if (text !== '') yield text;
}

/** Writes rows as lines of CSV. */
class RowWriter {
  /** The number of cells that every line has at least; undefined until it is known. */
  width: number | undefined;
  #lastRow = 0;
  /** The line after the last row. */
  #nextLine = 1;

  constructor(
    private readonly shared: SharedStrings,
    private readonly budget: UnpackBudget,
    private readonly maxChars: number,
    private readonly numbers: RowNumbers,
  ) {}

  /** Returns the blank lines before a row, and its line. */
  write(row: SheetRow): string {
    const gap = row.number - this.#lastRow - 1;
    this.#lastRow = row.number;
    this.#charge(row);
    const blanks = gap > maxBlankRows ? 1 : gap;
    const text = this.#line(row);
    this.#number(row.number, this.#nextLine + blanks, lineBreaksIn(text));
    return '\n'.repeat(blanks) + text + '\n';
  }

  #number(row: number, line: number, lineBreaks: number): void {
    this.#nextLine = line + 1 + lineBreaks;
    this.numbers.add(line, row);
    if (lineBreaks > 0) this.numbers.add(this.#nextLine, row + 1);
  }

  /** Counts a row before it takes memory. */
  #charge({ number, columns, values }: SheetRow): void {
    let chars = 1;
    for (const value of values)
      chars += typeof value === 'number' ? this.shared.bytesOf(value) : value.length;
    let last = 0;
    for (const column of columns) if (column > last) last = column;
    this.budget.addEmptyCells(Math.max(0, last + 1 - columns.length));
    chars = Math.max(chars, last);
    this.budget.addChars(chars);
    if (chars > this.maxChars) throw xlsxCellTooLarge(number, this.maxChars);
  }

  #line({ columns, values }: SheetRow): string {
    if (columns.length === 0) return '';
    let line = '';
    let last = 0;
    for (const i of inColumnOrder(columns)) {
      const column = columns[i] ?? 0;
      const value = values[i] ?? '';
      line += ','.repeat(column - last) + quoted(typeof value === 'number' ? this.shared.get(value) : value);
      last = column;
    }
    const missing = (this.width ?? 0) - 1 - last;
    return missing > 0 ? line + ','.repeat(missing) : line;
  }
}

/** Counts the line breaks inside cells. */
function lineBreaksIn(line: string): number {
  if (!line.includes('\n') && !line.includes('\r')) return 0;
  return line.match(/\r{1,2}\n|[\r\n]/g)?.length ?? 0;
}

/** Returns the order in which to write cells. They nearly always are in the order of their columns. */
function inColumnOrder(columns: readonly number[]): Iterable<number> {
  if (columns.every((column, i) => i === 0 || column > (columns[i - 1] ?? 0))) return columns.keys();
  // The last of several cells in one column counts, as in Excel.
  const byColumn = new Map(columns.map((column, i) => [column, i]));
  return [...byColumn].sort(([a], [b]) => a - b).map(([, i]) => i);
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
