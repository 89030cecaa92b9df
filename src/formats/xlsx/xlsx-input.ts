import type { AnswerStyle, AnswerWriter, Input, ReadOptions, RecordChunk } from '../format.js';
import { sheetAsCsv, SheetFindings, type SheetOptions } from './sheet-as-csv.js';
import type { WorkbookFile } from './workbook-archive.js';

export type { WorkbookFile } from './workbook-archive.js';

/** Opens CSV text with commas as a table; `openCsv` is one. */
export type OpenTable<Chunk extends RecordChunk> = (
  text: AsyncGenerator<string, void>,
  options: ReadOptions & { delimiter: ','; lineOf: (line: number) => number },
) => Promise<Input<Chunk>>;

/**
 * Opens a sheet of an Excel workbook. Its rows are read like those of a CSV file: title lines, names of columns and
 * `on_error` mean the same. The answer is a CSV. The file is closed when the input is, and if opening fails.
 * @param openTable the reader of tables
 * @throws AppError `xlsx_malformed`, `sheet_missing` or `unpacked_too_large`; `cell_too_large` with the row
 * @throws what `openTable` throws
 * @example const input = await openXlsx({ file, size, close }, { ...options, maxUnpackedBytes }, openCsv);
 */
export async function openXlsx<Chunk extends RecordChunk>(
  workbook: WorkbookFile,
  options: ReadOptions & SheetOptions,
  openTable: OpenTable<Chunk>,
): Promise<Input<Chunk>> {
  try {
    const findings = new SheetFindings();
    const text = sheetAsCsv(workbook, options, findings);
    const lineOf = (line: number): number => findings.numbers.rowOf(line);
    const table = await openTable(text, { ...options, delimiter: ',', lineOf });
    return new XlsxInput(table, workbook, findings);
  } catch (error) {
    await workbook.close();
    throw error;
  }
}

class XlsxInput<Chunk extends RecordChunk> implements Input<Chunk> {
  readonly format = 'xlsx';
  readonly answerKind = 'csv';

  constructor(
    private readonly table: Input<Chunk>,
    private readonly workbook: WorkbookFile,
    private readonly findings: SheetFindings,
  ) {}

  get description(): Input['description'] {
    return { ...this.table.description, sheets: this.findings.names };
  }

  get counts(): Input['counts'] {
    return { ...this.table.counts, otherSheets: this.findings.otherSheets };
  }

  chunks(): AsyncGenerator<Chunk, void> {
    return this.table.chunks();
  }

  answerWriter(style: AnswerStyle): AnswerWriter<Chunk> {
    return this.table.answerWriter(style);
  }

  async close(): Promise<void> {
    await this.table.close();
    await this.workbook.close();
  }
}
