import { CHAR } from './chars.js';
import { MAX_DEPTH } from './json-scanner.js';

/** The result of a scan: the value has ended, the text ends before it does, it is not JSON, or it is nested too deeply. */
export type ScanResult = 'closed' | 'open' | 'broken' | 'deep';

/**
 * Finds the end of a JSON value: an object, a list, or a string, number or literal. It is fast because it does not check
 * everything; JSON.parse must still parse the value. It notices at once what would hide the end of the value: a line
 * break in a string, brackets that do not match, an object where no value may begin, and too much depth.
 */
export class ElementScanner {
  /** Where the scan stopped: after the end of a closed value, or at the character that is wrong. */
  at = 0;
  /** The number of line breaks in the value so far. */
  newlines = 0;
  /** The index after the last line break; -1 if there was none. */
  lineStart = -1;
  /** The number of commas outside strings. The number of values is at most one more than commas and brackets. */
  commas = 0;
  #depth = 0;
  #isInString = false;
  /** For each open level, whether it is a list. */
  readonly #lists = new Uint8Array(MAX_DEPTH);
  /** The last character that is neither white space nor in a string. */
  #last = 0;

  /** Starts at the first character of a value. */
  begin(at: number): void {
    this.at = at;
    this.newlines = 0;
    this.lineStart = -1;
    this.commas = 0;
    this.#depth = 0;
    this.#isInString = false;
    this.#last = 0;
  }

  /** Adapts the indices to a text whose first characters were dropped. */
  shift(dropped: number): void {
    this.at -= dropped;
    if (this.lineStart !== -1) this.lineStart -= dropped;
  }

  /** Scans on. After 'open', call it again with the same text made longer. */
  scan(text: string): ScanResult {
    while (this.at < text.length) {
      if (this.#isInString) {
        const end = endOfString(text, this.at);
        if (end < 0) {
          this.at = -end - 1;
          return this.at < text.length && text.charCodeAt(this.at) !== CHAR.backslash
            ? 'broken'
            : this.#rest(text);
        }
        this.at = end;
        this.#isInString = false;
        if (this.#depth === 0) return 'closed';
        continue;
      }
      const result = this.#readStructure(text);
      if (result !== undefined) return result;
    }
    return 'open';
  }

  /** A backslash may be the last character of the text: its escape follows in the next piece. */
  #rest(text: string): ScanResult {
    return this.at >= text.length - 1 ? 'open' : 'broken';
  }

  #readStructure(text: string): ScanResult | undefined {
    const code = text.charCodeAt(this.at);
    switch (code) {
      case CHAR.newline:
        if (this.#endsScalar()) return 'closed';
        this.newlines += 1;
        this.lineStart = this.at + 1;
        this.at += 1;
        return undefined;
      case CHAR.space:
      case CHAR.tab:
      case CHAR.return:
        if (this.#endsScalar()) return 'closed';
        this.at += 1;
        return undefined;
      case CHAR.quote:
        if (this.#depth === 0 && this.#last !== 0) return 'broken';
        this.#isInString = true;
        break;
      case CHAR.openObject:
      case CHAR.openList: {
        if (!this.#mayOpen()) return 'broken';
        if (this.#depth === MAX_DEPTH) return 'deep';
        this.#lists[this.#depth] = code === CHAR.openList ? 1 : 0;
        this.#depth += 1;
        break;
      }
      case CHAR.closeObject:
      case CHAR.closeList: {
        if (this.#endsScalar()) return 'closed';
        const isList = code === CHAR.closeList ? 1 : 0;
        if (this.#depth === 0 || this.#lists[this.#depth - 1] !== isList) return 'broken';
        this.#depth -= 1;
        this.at += 1;
        this.#last = code;
        return this.#depth === 0 ? 'closed' : undefined;
      }
      case CHAR.comma:
        if (this.#endsScalar()) return 'closed';
        this.commas += 1;
        break;
      default:
    }
    this.at += 1;
    this.#last = code;
    return undefined;
  }

  /** Returns whether a number or literal, which is the whole value, ends before this character. */
  #endsScalar(): boolean {
    return this.#depth === 0 && this.#last !== 0;
  }

  /** Returns whether an object or a list may begin here. */
  #mayOpen(): boolean {
    if (this.#depth === 0) return this.#last === 0;
    return this.#lists[this.#depth - 1] === 1
      ? this.#last === CHAR.openList || this.#last === CHAR.comma
      : this.#last === CHAR.colon;
  }
}

/**
 * Returns the index after the closing quote of a string.
 * @param from an index in the string, after its opening quote
 * @returns a negative number, `-1 - index`, if the string does not end: the index is the end of the text, a backslash whose
 * escape is not in the text, or a character that is not allowed
 */
export function endOfString(text: string, from: number): number {
  const { length } = text;
  for (let at = from; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === CHAR.quote) return at + 1;
    if (code < CHAR.space) return -1 - at;
    if (code === CHAR.backslash) {
      // NaN, at the end of the text, is not at least a space.
      if (!(text.charCodeAt(at + 1) >= CHAR.space)) return -1 - at;
      at += 1;
    }
  }
  return -1 - length;
}
