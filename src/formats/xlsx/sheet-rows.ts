import { columnOf, MAX_COLUMNS, MAX_ROWS, rowOf } from './cell-reference.js';
import { BoundedText } from './bounded-text.js';
import type { NumberMeaning } from './date-styles.js';
import { malformedWorkbook, unpackedTooLarge } from './errors.js';
import { formatExcelDate } from './excel-date.js';
import type { Attributes, XmlHandler } from './read-xml.js';
import { decodeEscapes, TextCollector } from './text-collector.js';

/** The cells of a row that have a value, in the order of the file. */
export interface SheetRow {
  /** The number of the row in the sheet, from 1. */
  readonly number: number;
  /** The index of each cell's column, from 0. */
  readonly columns: number[];
  /** For each cell, its text, or the number of the shared text. */
  readonly values: (string | number)[];
}

/** What a sheet refers to. */
export interface SheetContext {
  meanings: readonly NumberMeaning[];
  date1904: boolean;
  /** The number of shared texts. */
  sharedCount: number;
  /** Maximum number of characters of a text that stands in the sheet. */
  maxTextChars: number;
}

/** Maximum number of cells that have a value. */
const maxCells = 50_000_000;

/** Reads the rows of a sheet. Missing rows and cells take no memory, wherever the next one is. */
export class SheetRows implements XmlHandler {
  /** The complete rows; the caller takes them. */
  rows: SheetRow[] = [];
  readonly #context: SheetContext;
  readonly #inline: TextCollector;
  readonly #raw: BoundedText;
  #root: string | undefined;
  #row: SheetRow | undefined;
  #lastRow = 0;
  #lastColumn = -1;
  #cellsOfRow = 0;
  #cells = 0;
  #type = '';
  #style = '';
  #value = '';
  #inCell = false;
  #inValue = false;
  #hasInline = false;

  constructor(context: SheetContext) {
    this.#context = context;
    this.#inline = new TextCollector(context.maxTextChars);
    this.#raw = new BoundedText(context.maxTextChars);
  }

  open(name: string, attributes: Attributes): void {
    if (this.#root === undefined) {
      this.#root = name;
      if (name !== 'worksheet') throw malformedWorkbook('The sheet is not a table of cells.');
    }
    switch (name) {
      case 'row':
        this.#openRow(attributes.r);
        break;
      case 'c':
        if (this.#row) this.#openCell(attributes);
        break;
      case 'v':
        this.#inValue = this.#inCell;
        break;
      case 'is':
        this.#hasInline = this.#inCell;
        this.#inline.clear();
        break;
      default:
        if (this.#hasInline) this.#inline.open(name);
    }
  }

  text(text: string): void {
    if (this.#inValue) this.#raw.add(text);
    else if (this.#hasInline) this.#inline.text(text);
  }

  close(name: string): void {
    switch (name) {
      case 'row':
        if (this.#row) this.rows.push(this.#row);
        this.#row = undefined;
        break;
      case 'c':
        if (this.#inCell) this.#closeCell();
        break;
      case 'v':
        if (this.#inValue) this.#value = this.#raw.take();
        this.#inValue = false;
        break;
      case 'is':
        this.#value = this.#inline.take();
        break;
      default:
        if (this.#hasInline) this.#inline.close(name);
    }
  }

  #openRow(reference: string | undefined): void {
    if (this.#row) throw malformedWorkbook('A row of the sheet stands inside another one.', this.#lastRow);
    const number = reference === undefined ? this.#lastRow + 1 : rowOf(reference);
    if (number === undefined || number > MAX_ROWS)
      throw malformedWorkbook('A row of the sheet has an invalid number.', this.#lastRow);
    if (number <= this.#lastRow) throw malformedWorkbook('The rows of the sheet are not in order.', number);
    this.#lastRow = number;
    this.#lastColumn = -1;
    this.#cellsOfRow = 0;
    this.#row = { number, columns: [], values: [] };
  }

  #openCell({ r, t, s }: Attributes): void {
    const column = r === undefined ? this.#lastColumn + 1 : columnOf(r);
    this.#cellsOfRow += 1;
    if (column === undefined || column >= MAX_COLUMNS || this.#cellsOfRow > MAX_COLUMNS)
      throw malformedWorkbook(
        `Row ${this.#lastRow} of the sheet has a cell outside of the sheet.`,
        this.#lastRow,
      );
    this.#lastColumn = column;
    this.#type = t ?? 'n';
    this.#style = s ?? '';
    this.#value = '';
    this.#inCell = true;
    this.#hasInline = false;
  }

  #closeCell(): void {
    this.#inCell = false;
    this.#inValue = false;
    this.#hasInline = false;
    if (this.#value === '') return;
    this.#cells += 1;
    if (this.#cells > maxCells)
      throw unpackedTooLarge(`The sheet has more than ${maxCells} cells with a value.`);
    this.#row?.columns.push(this.#lastColumn);
    this.#row?.values.push(this.#cellValue());
  }

  #cellValue(): string | number {
    const value = this.#value;
    switch (this.#type) {
      case 's': {
        const index = Number(value);
        if (Number.isInteger(index) && index >= 0 && index < this.#context.sharedCount) return index;
        throw malformedWorkbook(`Row ${this.#lastRow} refers to a text that does not exist.`, this.#lastRow);
      }
      case 'n':
        return this.#numberText(value);
      case 'b':
        return value.trim() === '1' || value.trim() === 'true' ? 'TRUE' : 'FALSE';
      case 'str':
        return decodeEscapes(value);
      default:
        // Inline text, an error such as #N/A, or a date that stands in ISO form.
        return value;
    }
  }

  #numberText(value: string): string {
    const meaning = this.#style === '' ? undefined : this.#context.meanings[Number(this.#style)];
    if (meaning === undefined || meaning === 'number') return value;
    return formatExcelDate(value, meaning, this.#context.date1904);
  }
}
