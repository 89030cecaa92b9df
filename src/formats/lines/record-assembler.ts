import type { BlockStart } from './blocks.js';
import { ContinuationRules, type LineRole } from './continuation.js';
import type { LineEnding } from './line-splitter.js';
import { startsRecord } from './record-start.js';

/** A message of one or several lines. */
export interface AssembledRecord {
  /** The lines as they stood, with the line endings between them. */
  message: string;
  firstLine: string;
  /** The second line, if the first one is a head without text. */
  textLine?: string;
  /** The number of the first line. */
  lineNumber: number;
}

/** Maximum number of lines of a record. */
export const MAX_RECORD_LINES = 1_000;

interface OpenRecord extends AssembledRecord {
  lines: number;
  /** The ending of the last line. */
  ending: LineEnding;
}

interface HeldLine {
  line: string;
  ending: LineEnding;
  lineNumber: number;
}

/** How to join lines to records. */
export interface AssemblerOptions {
  /** Whether lines may continue the record before. */
  multiline: boolean;
  /** See `indentationMatters`. */
  indentationMatters: boolean;
  /** Where records begin, if the file has blocks of lines; see `findBlocks`. */
  startsBlock?: BlockStart | undefined;
  /** Maximum number of characters of a record of several lines. */
  maxChars: number;
}

/**
 * Joins lines to records. A record has at most MAX_RECORD_LINES lines and `maxChars` characters; a line that would exceed
 * this begins a new record. A blank line belongs to a record only if a continuation follows it.
 *
 * A line that names an exception belongs to the record before if a stack frame follows it and that record begins with a
 * time stamp or a level, as loggers write it. Otherwise it is a record of its own.
 */
export class RecordAssembler {
  /** The number of blank lines that belong to no record. */
  blankLines = 0;
  readonly #rules: ContinuationRules;
  #open: OpenRecord | undefined;
  /** The blank lines after the open record, with the line endings around them; they are dropped if a record follows. */
  #blanks = '';
  #blankCount = 0;
  /** A line that names an exception, until the next line tells where it belongs. */
  #held: HeldLine | undefined;

  /** @param emit receives each complete record, in order */
  constructor(
    private readonly options: AssemblerOptions,
    private readonly emit: (record: AssembledRecord) => void,
  ) {
    this.#rules = new ContinuationRules(options.indentationMatters, options.startsBlock);
  }

  /** Adds a line. */
  add(line: string, ending: LineEnding, lineNumber: number): void {
    if (isBlank(line)) {
      this.#addBlank(line, ending);
      return;
    }
    if (!this.options.multiline) {
      this.emit({ message: line, firstLine: line, lineNumber });
      return;
    }
    const isText = this.#rules.expectsText;
    const role = this.#rules.roleOf(line);
    this.#settleHeld(role);
    if (this.#open === undefined || role === 'record') this.#begin(line, ending, lineNumber);
    else if (role === 'exception') this.#hold(line, ending, lineNumber);
    else {
      if (isText && this.#open.lines === 1) this.#open.textLine = line;
      this.#join(line, ending, lineNumber);
    }
  }

  /** Completes the open record: a line was left out, or the text has ended. */
  finish(): void {
    this.#settleHeld('record');
    this.#rules.blank();
    this.#dropBlanks();
    if (this.#open) this.emit(this.#open);
    this.#open = undefined;
  }

  #begin(line: string, ending: LineEnding, lineNumber: number): void {
    this.#dropBlanks();
    if (this.#open) this.emit(this.#open);
    this.#open = { message: line, firstLine: line, lineNumber, lines: 1, ending };
  }

  #join(line: string, ending: LineEnding, lineNumber: number): void {
    const open = this.#open;
    if (!open || !this.#fits(open, line.length, 1)) {
      this.#begin(line, ending, lineNumber);
      return;
    }
    open.message += open.ending + this.#blanks + line;
    open.lines += this.#blankCount + 1;
    open.ending = ending;
    this.#blanks = '';
    this.#blankCount = 0;
  }

  #fits(open: OpenRecord, chars: number, lines: number): boolean {
    const length = open.message.length + open.ending.length + this.#blanks.length + chars;
    return length <= this.options.maxChars && open.lines + this.#blankCount + lines <= MAX_RECORD_LINES;
  }

  #hold(line: string, ending: LineEnding, lineNumber: number): void {
    if (this.#open && startsRecord(this.#open.firstLine)) this.#held = { line, ending, lineNumber };
    else this.#begin(line, ending, lineNumber);
  }

  /** Decides where a held line belongs, now that the role of the next line is known. */
  #settleHeld(next: LineRole): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    if (next === 'frame') this.#join(held.line, held.ending, held.lineNumber);
    else this.#begin(held.line, held.ending, held.lineNumber);
  }

  #addBlank(line: string, ending: LineEnding): void {
    this.#settleHeld('record');
    this.#rules.blank();
    const open = this.#open;
    if (!open) {
      this.blankLines += 1;
      return;
    }
    this.#blanks += line + ending;
    this.#blankCount += 1;
    // No line fits behind so many blank lines, so nothing needs to be kept.
    if (!this.#fits(open, 1, 1)) this.finish();
  }

  #dropBlanks(): void {
    this.blankLines += this.#blankCount;
    this.#blanks = '';
    this.#blankCount = 0;
  }
}

const blank = /^[ \t]*$/;

function isBlank(line: string): boolean {
  const first = line.charCodeAt(0);
  return line === '' || ((first === 32 || first === 9) && blank.test(line));
}
