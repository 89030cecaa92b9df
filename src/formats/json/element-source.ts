import { TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';
import type { AppError } from '../../errors.js';
import { MAX_REJECTED_CHARS } from '../format.js';
import type { BadRecords } from './bad-records.js';
import { CHAR, isRecordMark } from './chars.js';
import { MAX_RECORD_VALUES, TOO_DEEP, TOO_MANY_VALUES } from './complexity.js';
import { ElementScanner } from './element-scanner.js';
import { misplaced, notJson, recordTooComplex, recordTooLarge } from './json-errors.js';
import { LeftOutElement } from './left-out-element.js';
import type { RawRecord, RecordSource } from './raw-record.js';
import type { SlidingText } from './sliding-text.js';

/** How objects follow each other: as elements of a list, or one after the other, with or without commas between them. */
export type Sequence = 'list' | 'objects';

/** What comes next between the elements of a list. */
type Expected = '[' | 'an element or ]' | 'an element' | 'a comma or ]' | 'the end of the text';

/**
 * After a bad element, reading goes on at a line after its beginning, so that it does not take good elements with it. At
 * most this many times the text may be read again; after that, reading goes on where the error is.
 */
const MAX_REPETITIONS = 4;

/** After as many characters that are read again, the event loop turns. */
const MAX_REPEATED_IN_TURN = 4 * TEXT_PER_TURN;

/**
 * Reads the elements of a list, or objects that follow each other. An element may span lines.
 *
 * If bad records are skipped, an element that is broken ends before the next line that begins with `{`, or with a comma
 * and `{`, and is not indented further than the broken element. The time stays linear in the length of the text.
 */
export class ElementSource implements RecordSource {
  readonly blankLines = 0;
  readonly #scanner = new ElementScanner();
  #state: 'between' | 'inside' | 'seeking' = 'between';
  #expected: Expected = '[';
  /** Whether the text of the current element is dropped, because it is too long. */
  #isDropping = false;
  /** The place at which the current element begins. `start` is an index in the text; it is not used while dropping. */
  #start = 0;
  #line = 1;
  #column = 1;
  /** The column of the first element that begins on the current line; 0 if none does. */
  #indent = 0;
  #indentLine = 0;
  /** The number of characters that were read again. */
  #repeated = 0;
  #repeatedInTurn = 0;
  /** The bad element whose end is sought. */
  #leftOut: LeftOutElement | undefined;

  constructor(
    private readonly text: SlidingText,
    private readonly sequence: Sequence,
    private readonly bad: BadRecords,
    private readonly maxChars: number,
  ) {}

  next(): RawRecord | undefined {
    while (this.#repeatedInTurn < MAX_REPEATED_IN_TURN) {
      if (this.#state === 'between' && !this.#findElement()) return undefined;
      if (this.#state === 'inside') {
        const record = this.#readElement();
        // Without a record, a bad element has been passed, or the element goes on in the next piece.
        if (record !== undefined || this.#isInside()) return record;
      }
      if (this.#state === 'seeking' && !this.#seek()) return undefined;
    }
    return undefined;
  }

  get isFlushed(): boolean {
    return this.text.isFlushed;
  }

  async more(): Promise<boolean> {
    if (this.#repeatedInTurn >= MAX_REPEATED_IN_TURN) {
      this.#repeatedInTurn = 0;
      await turnToParse(TEXT_PER_TURN);
      return true;
    }
    this.#repeatedInTurn = 0;
    if (this.text.isEnded) this.#endLeftOut();
    else this.#leftOut?.collect(this.text);
    const dropped = await this.text.more();
    this.#scanner.shift(dropped ?? 0);
    this.#start -= dropped ?? 0;
    return dropped !== undefined;
  }

  async close(): Promise<void> {
    await this.text.close();
  }

  /** Passes what stands between elements. Returns false if the text read so far ends before an element begins. */
  #findElement(): boolean {
    const { text } = this;
    for (; text.at < text.text.length; text.at += 1) {
      const code = text.text.charCodeAt(text.at);
      if (code === CHAR.newline) text.passNewline(text.at);
      else if (code === CHAR.space || code === CHAR.return || code === CHAR.tab) continue;
      else if (!this.#passSeparator(code)) {
        if (this.#mayBegin(code)) this.#begin();
        else this.#refuseSeparator();
        return true;
      }
    }
    if (text.isEnded) this.#end();
    return false;
  }

  /** Returns whether this character is a separator that may stand here. */
  #passSeparator(code: number): boolean {
    if (this.sequence === 'objects') return code === CHAR.comma || isRecordMark(code);
    switch (code) {
      case CHAR.openList:
        if (this.#expected !== '[') return false;
        this.#expected = 'an element or ]';
        return true;
      case CHAR.comma:
        if (this.#expected !== 'a comma or ]') return false;
        this.#expected = 'an element';
        return true;
      case CHAR.closeList:
        if (!this.#mayEnd()) return false;
        this.#expected = 'the end of the text';
        return true;
      default:
        return false;
    }
  }

  /** Returns whether the list may end here. */
  #mayEnd(): boolean {
    if (this.#expected === 'a comma or ]' || this.#expected === 'an element or ]') return true;
    // A comma after the last element does not hide an element.
    return this.bad.areSkipped && this.#expected === 'an element';
  }

  #mayBegin(code: number): boolean {
    if (this.sequence === 'objects') return code === CHAR.openObject;
    if (code === CHAR.closeList || code === CHAR.closeObject) return false;
    if (this.#expected === 'an element' || this.#expected === 'an element or ]') return true;
    // An element without a comma before it can be read nevertheless.
    return this.bad.areSkipped && code === CHAR.openObject && this.#expected === 'a comma or ]';
  }

  #begin(): void {
    const { text } = this;
    this.#state = 'inside';
    this.#isDropping = false;
    this.#start = text.at;
    this.#line = text.line;
    this.#column = text.column;
    if (this.#indentLine !== text.line) {
      this.#indentLine = text.line;
      this.#indent = text.column;
    }
    this.#scanner.begin(text.at);
  }

  /** Returns the current element; undefined if it is bad, or if the text read so far ends before it does. */
  #readElement(): RawRecord | undefined {
    const { text } = this;
    const scanner = this.#scanner;
    const result = scanner.scan(text.text);
    if (result === 'broken' || result === 'deep') {
      this.#refuse(result);
      return undefined;
    }
    if (!this.#isDropping && scanner.at - this.#start > this.maxChars) {
      this.#isDropping = true;
      this.bad.take(
        this.#line,
        () => recordTooLarge(this.#line, this.#noun, this.maxChars),
        () => text.text.slice(this.#start, this.#start + MAX_REJECTED_CHARS + 1),
      );
    }
    if (result === 'open') {
      if (this.#isDropping) this.#passTo(scanner.at);
      else if (text.isEnded) this.#refuse('cut');
      return undefined;
    }
    const { line, column } = { line: this.#line, column: this.#column };
    const raw = this.#isDropping ? '' : text.text.slice(this.#start, scanner.at);
    this.#passTo(scanner.at);
    this.#state = 'between';
    this.#expected = 'a comma or ]';
    if (this.#isDropping) return undefined;
    if (scanner.commas < MAX_RECORD_VALUES) return { text: raw, line, column };
    const problem = (): AppError => recordTooComplex(line, this.#noun, TOO_MANY_VALUES);
    this.bad.take(line, problem, () => raw);
    return undefined;
  }

  /** Moves forward in the current element, whose line breaks the scanner has counted. */
  #passTo(index: number): void {
    const { text } = this;
    text.at = index;
    text.line = this.#line + this.#scanner.newlines;
    if (this.#scanner.lineStart !== -1) text.lineStart = this.#scanner.lineStart;
  }

  #refuse(result: 'broken' | 'deep' | 'cut'): void {
    const { text } = this;
    const { at } = this.#scanner;
    // An element that is too long has been counted.
    if (!this.#isDropping) {
      this.#leaveOut(result === 'cut', this.#line, this.#start, () => {
        if (result === 'deep') return recordTooComplex(this.#line, this.#noun, TOO_DEEP);
        const raw = text.text.slice(this.#start, at + 1);
        return notJson({ text: raw, line: this.#line, column: this.#column }, this.#noun);
      });
    }
    this.#state = 'seeking';
    const again = at - this.#start;
    if (this.#isDropping || this.#repeated + again > MAX_REPETITIONS * text.total) this.#passTo(at);
    else {
      this.#repeated += again;
      this.#repeatedInTurn += again;
    }
  }

  /** @param from the index at which the text that is left out begins */
  #leaveOut(isCut: boolean, line: number, from: number, problem: () => AppError): void {
    const reason = isCut ? this.bad.countAtEnd(line, problem) : this.bad.count(line, problem);
    if (reason !== undefined && this.bad.skipped.hasListener)
      this.#leftOut = new LeftOutElement(line, reason, from);
  }

  #endLeftOut(): void {
    this.#leftOut?.end(this.text, this.bad.skipped);
    this.#leftOut = undefined;
  }

  #refuseSeparator(): void {
    const { text } = this;
    const { line, column } = text;
    const char = String.fromCodePoint(text.text.codePointAt(text.at) ?? 0);
    const expected = this.sequence === 'objects' ? 'an object' : this.#expected;
    this.#leaveOut(false, line, text.at, () => misplaced(expected, char, line, column));
    this.#state = 'seeking';
    this.#indent = Infinity;
  }

  /** Seeks the line on which reading goes on. Returns false if it is not in the text read so far. */
  #seek(): boolean {
    const { text } = this;
    for (;;) {
      const newline = text.text.indexOf('\n', text.at);
      if (newline === -1) {
        text.at = text.text.length;
        return false;
      }
      const brace = this.#beginOfElement(newline + 1);
      if (brace === 'unknown') {
        text.at = text.isEnded ? text.text.length : newline;
        return false;
      }
      text.passNewline(newline);
      text.at = newline + 1;
      if (brace !== undefined) {
        this.#endLeftOut();
        text.at = brace;
        this.#begin();
        return true;
      }
    }
  }

  /** Returns the index of the `{` with which an element begins on this line; 'unknown' if more text is needed. */
  #beginOfElement(lineStart: number): number | 'unknown' | undefined {
    const { text } = this.text;
    let hasComma = false;
    for (let at = lineStart; at - lineStart < this.#indent; at += 1) {
      if (at === text.length) return 'unknown';
      const code = text.charCodeAt(at);
      if (code === CHAR.openObject) return at;
      if (code === CHAR.comma && !hasComma) hasComma = true;
      else if (code !== CHAR.space && code !== CHAR.tab && !isRecordMark(code)) return undefined;
    }
    return undefined;
  }

  #end(): void {
    const { text } = this;
    const isComplete = this.sequence === 'objects' || this.#expected === 'the end of the text';
    if (isComplete || this.bad.areSkipped) return;
    throw misplaced(this.#expected, '', text.line, text.column);
  }

  /** A method, because the state has changed behind the compiler's back. */
  #isInside(): boolean {
    return this.#state === 'inside';
  }

  get #noun(): 'element' | 'object' {
    return this.sequence === 'list' ? 'element' : 'object';
  }
}
