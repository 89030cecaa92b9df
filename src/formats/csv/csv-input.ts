import { turnToParse } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import { FIELD } from '../../log-record.js';
import type { FoundField } from '../fields.js';
import {
  SkippedRecords,
  type AnswerStyle,
  type AnswerWriter,
  type Input,
  type InputDescription,
  type ReadCounts,
  type ReadOptions,
} from '../format.js';
import { ChunkCollector, type ChunkBounds, type CsvChunk } from './chunks.js';
import { chooseColumns, type RecordColumns } from './columns.js';
import { createCsvAnswer } from './csv-answer.js';
import { findHeader, type Delimiter, type FoundHeader } from './header-search.js';
import type { TableLayout } from './layout.js';
import { LeftOutRows } from './left-out-rows.js';
import { previewTable } from './preview.js';
import { RowSource } from './rows.js';
import { inPieces } from '../text-pieces.js';
import { TextStart } from './text-start.js';
import { Tokenizer } from './tokenizer.js';

export type { CsvChunk } from './chunks.js';

/** How to read a table. */
export interface CsvOptions
  extends Pick<ReadOptions, 'fields' | 'onError' | 'onSkip' | 'bom' | 'maxCellChars'>, ChunkBounds {
  /** The delimiter if it is known. By default the header tells it. */
  delimiter?: Delimiter | undefined;
  /** Returns what to call a line of the text for users. Default: its number. */
  lineOf?: ((line: number) => number) | undefined;
  /** The characters parsed at a time. Default: 65,536. */
  pieceChars?: number;
}

/** A table whose header has been read. */
export interface CsvInput extends Input<CsvChunk> {
  readonly layout: TableLayout;
  readonly columns: RecordColumns;
}

/** The first search for the header looks at as many characters, the last one at `maxHeaderLookahead`. */
const leastHeaderLookahead = 4096;
const maxHeaderLookahead = 65_536;

/**
 * Opens CSV text as a table: finds delimiter, header and the columns of the records. Lines end with LF, CRLF, CR or CR CR
 * LF, also mixed. Line breaks inside quoted cells are kept. Only one piece of text and one chunk of rows are in memory.
 *
 * A table whose columns the user names by numbers may have no header; its answer has none either.
 *
 * Rows have as many cells as the header. Empty cells at the end may be too many or missing, but a row that lacks message
 * or source, or has a single cell in a table of several columns, is an error.
 * @throws AppError `csv_empty`, `column_missing` or `column_duplicate`
 * @throws what `chunks` throws, if the error is in the header or in the first piece of text
 * @example
 * const input = await openCsv(text, { bom, fields: KNOWN_FIELDS, onError: 'fail', maxCellChars: 1_000_000 });
 * for await (const { records } of input.chunks()) use(records);
 */
export async function openCsv(text: AsyncIterable<string>, options: CsvOptions): Promise<CsvInput> {
  const pieces = inPieces(text, options.pieceChars ?? 65_536);
  try {
    const start = new TextStart(pieces);
    const found = await readHeaderPlace(start, options);
    const preview = await previewTable(start, found, options);
    const { delimiter } = found;
    const { maxCellChars, lineOf } = options;
    const tokenizer = new Tokenizer({ delimiter, maxCellChars, line: found.line, lineOf });
    await turnToParse(start.text.length);
    const skipped = new SkippedRecords(options.onSkip);
    const leftOut = skipped.hasListener ? new LeftOutRows(skipped) : undefined;
    const source = new RowSource(pieces, tokenizer, delimiter, leftOut);
    source.push(start.text.slice(found.at));
    const first = await source.header();
    if (!first) {
      const names = `${FIELD.source},${FIELD.message}`;
      throw new AppError('csv_empty', `The file is empty. Its first line must name the columns: ${names}`);
    }
    const { isHeadless } = found;
    if (isHeadless) source.putBack(first);
    const hasNameless = !isHeadless && preview?.hasNamelessColumn === true;
    const header = isHeadless ? numbered(first) : hasNameless ? [...first, ''] : first;
    const table = { header, line: tokenizer.numberOf(tokenizer.line), rows: preview?.rows ?? [] };
    const columns = chooseColumns(table, options.fields, hasNameless ? header.length - 1 : -1);
    if (!isHeadless) tokenizer.columns = header;
    const leastWidth = Math.max(columns.message, columns.source) + 1;
    source.begin({ width: header.length, leastWidth }, options.onError === 'skip' ? skipped : undefined);
    const collector = new ChunkCollector(source, columns, options.fields.source, options);
    // The line ending of the layout is counted from the rows, so read some rows first.
    collector.fill();
    const newline = source.mostFrequentNewline();
    const preamble = start.text.slice(0, found.at);
    const layout = { preamble, header, isHeadless, delimiter, newline, bom: options.bom };
    return new OpenedCsv(layout, columns, isHeadless ? undefined : table.line, skipped, source, collector);
  } catch (error) {
    await pieces.return();
    throw error;
  }
}

/** Returns the names of the columns of a table without a header: their numbers. */
function numbered(cells: readonly string[]): string[] {
  return cells.map((_, index) => String(index + 1));
}

/** Reads text until the header is found, or `maxHeaderLookahead` characters of it. */
async function readHeaderPlace(start: TextStart, { fields, delimiter }: CsvOptions): Promise<FoundHeader> {
  // Most headers are short. Searching four times as much each time keeps the total time linear.
  for (let chars = leastHeaderLookahead; ; chars *= 4) {
    while (start.text.length < chars && (await start.readMore()));
    const isAll = start.isComplete && start.text.length <= chars;
    const isComplete = isAll || chars >= maxHeaderLookahead;
    const text = isComplete ? start.text : start.text.slice(0, chars);
    await turnToParse(text.length);
    const found = findHeader(text, { fields, delimiter, isComplete });
    if (found) return found;
  }
}

class OpenedCsv implements CsvInput {
  readonly format = 'csv';
  readonly answerKind = 'csv';
  readonly description: InputDescription;
  readonly counts: ReadCounts;

  constructor(
    readonly layout: TableLayout,
    readonly columns: RecordColumns,
    headerLine: number | undefined,
    skipped: SkippedRecords,
    private readonly source: RowSource,
    private readonly collector: ChunkCollector,
  ) {
    const { header, delimiter } = layout;
    this.description = {
      delimiter,
      ...(headerLine === undefined ? {} : { headerLine }),
      columns: header,
      ...foundFields(header, columns),
    };
    this.counts = {
      get blankLines() {
        return source.blankLines;
      },
      get overwrittenLabels() {
        return collector.labels;
      },
      skipped,
    };
  }

  async *chunks(): AsyncGenerator<CsvChunk, void> {
    try {
      do {
        while (this.collector.fill()) {
          // The turn for the text does not cover cells that it does not have.
          if (this.collector.addedCells > 0) await turnToParse(this.collector.addedCells);
          yield this.collector.take();
        }
      } while (await this.source.refill());
      const last = this.collector.take();
      if (last.rows.length > 0) yield last;
    } finally {
      await this.source.close();
    }
  }

  answerWriter(style: AnswerStyle): AnswerWriter<CsvChunk> {
    return createCsvAnswer({ ...this.layout, bom: style.bom }, style);
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

function foundFields(
  header: readonly string[],
  columns: RecordColumns,
): Pick<InputDescription, 'message' | 'source' | 'level'> {
  const fields: Partial<Record<'message' | 'source' | 'level', FoundField>> = {};
  for (const field of ['message', 'source', 'level'] as const) {
    const index = columns[field];
    if (index !== -1) fields[field] = { name: header[index] ?? '', index };
  }
  return fields;
}
