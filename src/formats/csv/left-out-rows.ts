import { MAX_REJECTED_CHARS, type SkippedRecords } from '../format.js';

const lfCode = 0x0a;
const crCode = 0x0d;

/** A bad row, while it is not known where its text ends. */
interface OpenRow {
  line: number;
  reason: string;
  start: number;
  /** The text, if it is longer than MAX_REJECTED_CHARS. */
  text?: string;
}

/**
 * Tells of the rows that are left out, with their texts. A bad row extends to the next row that is good or another bad one:
 * its own lines may have been read again in between. Positions are counted from the first pushed character.
 *
 * It keeps the text from the bad row or from the current row on.
 */
export class LeftOutRows {
  #pieces: { start: number; text: string }[] = [];
  #end = 0;
  #open: OpenRow | undefined;

  constructor(private readonly skipped: SkippedRecords) {}

  /**
   * Adds text.
   * @param rowStart the position at which the current row begins. No later row begins before it
   */
  push(text: string, rowStart: number): void {
    const open = this.#open;
    if (open !== undefined && rowStart - open.start > MAX_REJECTED_CHARS)
      open.text ??= this.#textOf(open.start, open.start + MAX_REJECTED_CHARS + 1);
    const from = open === undefined || open.text !== undefined ? rowStart : open.start;
    const first = this.#pieces.findIndex(({ start, text }) => start + text.length > from);
    this.#pieces.splice(0, first === -1 ? this.#pieces.length : first);
    this.#pieces.push({ start: this.#end, text });
    this.#end += text.length;
  }

  /** A bad row begins at a position. It ends the bad row before it. */
  begin(line: number, reason: string, start: number): void {
    this.end(start);
    this.#open = { line, reason, start };
  }

  /** The bad row, if there is one, ends before a position. */
  end(position = this.#end): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const last = Math.min(position, open.start + MAX_REJECTED_CHARS + 1);
    this.skipped.tell(open.line, open.reason, () => open.text ?? this.#lines(open.start, last, position));
  }

  #lines(start: number, last: number, position: number): string {
    const text = this.#textOf(start, last);
    return last === position ? withoutLineBreaks(text) : text;
  }

  #textOf(from: number, to: number): string {
    let all = '';
    for (const { start, text } of this.#pieces) {
      if (start >= to) break;
      if (start + text.length > from) all += text.slice(Math.max(0, from - start), to - start);
    }
    return all;
  }
}

function withoutLineBreaks(text: string): string {
  let end = text.length;
  while (end > 0 && isLineBreak(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function isLineBreak(code: number): boolean {
  return code === lfCode || code === crCode;
}
