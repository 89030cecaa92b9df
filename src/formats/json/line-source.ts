import type { AppError } from '../../errors.js';
import { MAX_REJECTED_CHARS } from '../format.js';
import type { BadRecords } from './bad-records.js';
import { CHAR, isBlank, isRecordMark } from './chars.js';
import { recordTooLarge } from './json-errors.js';
import type { RawRecord, RecordSource } from './raw-record.js';
import type { SlidingText } from './sliding-text.js';

/** Reads the lines of a text as records. Blank lines are counted. A line that is too long is a bad record. */
export class LineSource implements RecordSource {
  blankLines = 0;
  /** No line break is in the text between `at` and this index. */
  #searched = 0;
  /** Whether the rest of a line that is too long is being dropped. */
  #isDropping = false;

  constructor(
    private readonly text: SlidingText,
    private readonly bad: BadRecords,
    private readonly maxChars: number,
  ) {
    // Lines that were skipped in search of the first record.
    this.blankLines = text.line - 1;
  }

  next(): RawRecord | undefined {
    const { text } = this;
    for (;;) {
      const newline = text.text.indexOf('\n', Math.max(text.at, this.#searched));
      if (newline === -1 && !text.isEnded) {
        this.#searched = text.text.length;
        if (this.#searched - text.at > this.maxChars) this.#dropLine();
        if (this.#isDropping) text.at = text.text.length;
        return undefined;
      }
      const end = newline === -1 ? text.text.length : newline;
      if (newline === -1 && text.at === end) return undefined;
      const record = this.#take(end);
      if (record !== undefined) return record;
    }
  }

  get isFlushed(): boolean {
    return this.text.isFlushed;
  }

  async more(): Promise<boolean> {
    const dropped = await this.text.more();
    this.#searched = Math.max(0, this.#searched - (dropped ?? 0));
    return dropped !== undefined;
  }

  async close(): Promise<void> {
    await this.text.close();
  }

  /** Reads the line that ends at an index; undefined if it is blank or dropped. */
  #take(end: number): RawRecord | undefined {
    const { text } = this;
    if (end - text.at > this.maxChars) this.#dropLine();
    const isDropped = this.#isDropping;
    const { line } = text;
    const start = text.at;
    text.at = end;
    if (end < text.text.length) {
      text.at = end + 1;
      text.passNewline(end);
    }
    this.#isDropping = false;
    return isDropped ? undefined : this.#trimmed(start, end, line);
  }

  #trimmed(start: number, end: number, line: number): RawRecord | undefined {
    const { text } = this.text;
    let from = start;
    let to = end;
    while (from < to && isIgnored(text.charCodeAt(from))) from += 1;
    while (from < to && isBlank(text.charCodeAt(to - 1))) to -= 1;
    if (from === to) {
      this.blankLines += 1;
      return undefined;
    }
    return { text: text.slice(from, to), line, column: from - start + 1 };
  }

  #dropLine(): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    const { text } = this;
    const { line } = text;
    const problem = (): AppError => recordTooLarge(line, 'line', this.maxChars);
    this.bad.take(line, problem, () => text.text.slice(text.at, text.at + MAX_REJECTED_CHARS + 1));
  }
}

/** Returns whether a character before an object is ignored. */
function isIgnored(code: number): boolean {
  return code < CHAR.quote ? isBlank(code) || isRecordMark(code) : isRecordMark(code);
}
