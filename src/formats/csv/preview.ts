import { turnToParse } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import type { FieldChoice } from '../fields.js';
import { messageByName } from './columns.js';
import type { FoundHeader } from './header-search.js';
import type { TableStart } from './layout.js';
import { isBlank } from './rows.js';
import type { TextStart } from './text-start.js';
import { Tokenizer } from './tokenizer.js';

/** The first attempt reads as many characters from the header on, the last one `previewChars`. */
const leastPreviewChars = 4096;
const previewChars = 65_536;

/** What the first rows tell about the columns. */
export interface Preview extends TableStart {
  /** Whether the rows have one cell more than the header of the file, for which `header` has an empty name. */
  hasNamelessColumn: boolean;
}

/**
 * Reads the header and, if they are needed to choose the columns, the first rows. The rows are read again later.
 * @returns undefined if the header cannot be read, or is not complete in the preview
 */
export async function previewTable(
  start: TextStart,
  found: FoundHeader,
  options: { fields: FieldChoice; maxCellChars: number },
): Promise<Preview | undefined> {
  // The first rows are enough for most tables. Reading four times as much each time keeps the total time linear.
  for (let chars = leastPreviewChars; ; chars *= 4) {
    while (start.text.length - found.at < chars && (await start.readMore()));
    const text = start.text.slice(found.at, found.at + chars);
    const isLast = start.isComplete && text.length === start.text.length - found.at;
    await turnToParse(text.length);
    const table = readRows(text, isLast, found, options.maxCellChars);
    const message = table ? messageByName(table, options.fields) : -1;
    if (isLast || chars >= previewChars) return table && withNamelessColumn(table, message);
    if (table && message !== -1 && table.rows.some((row) => row.length === table.header.length))
      return { ...table, hasNamelessColumn: false };
  }
}

function readRows(
  text: string,
  isLast: boolean,
  { delimiter, line }: FoundHeader,
  maxCellChars: number,
): TableStart | undefined {
  const tokenizer = new Tokenizer({ delimiter, maxCellChars, line });
  tokenizer.push(text);
  if (isLast) tokenizer.end();
  const next = (): string[] | undefined => {
    let row = tokenizer.next();
    while (row && isBlank(row)) row = tokenizer.next();
    return row;
  };
  try {
    const header = next();
    if (!header) return undefined;
    const headerLine = tokenizer.line;
    tokenizer.onBadRow = () => undefined;
    const rows: string[][] = [];
    for (let row = next(); row; row = next()) rows.push(row);
    return { header, line: headerLine, rows };
  } catch (error) {
    // The reader will throw it too.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/**
 * Adds an empty name to the header if the rows have one cell more, as in the CSV of Event Viewer. Shorter rows than the
 * header do not count; they may be a footer. If the message is the last named column and the cells after it begin with a
 * blank, they are the rest of a message with a comma and without quotes.
 */
function withNamelessColumn(table: TableStart, message: number): Preview {
  const { header, rows } = table;
  const width = header.length;
  const full = rows.filter((row) => row.length >= width);
  const surplus = full.flatMap((row) => row[width] ?? []).filter((cell) => cell !== '');
  const isProse = message === width - 1 && surplus.every((cell) => cell.startsWith(' '));
  const hasNamelessColumn = surplus.length > 0 && !isProse && full.every((row) => row.length === width + 1);
  return { ...table, header: hasNamelessColumn ? [...header, ''] : header, hasNamelessColumn };
}
