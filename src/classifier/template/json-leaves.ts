/** A scalar value of an object. */
export interface Leaf {
  /** The names on the way to the value. The elements of a list have the names of their list. */
  readonly path: readonly string[];
  /** The text of the value, without the escapes of JSON. */
  readonly text: string;
  readonly isString: boolean;
}

/** Only this many characters of an object are read. */
export const MAX_JSON_CHARS = 128 * 1024;
/** Values are kept down to this depth. OTLP has the text of a record at the seventh level. */
const MAX_DEPTH = 8;
const MAX_LEAVES = 400;
/** Values of this many elements of a list are kept. */
const MAX_ELEMENTS = 4;

/**
 * Returns the scalar values of a JSON object. The object may be cut off anywhere: what was read before counts. Values that
 * are not JSON end the reading, too. Takes linear time and does not recurse.
 * @param text begins with `{`
 * @returns undefined if the text is no object, not even the start of one
 */
export function jsonLeaves(text: string): Leaf[] | undefined {
  return new LeafReader(text).read();
}

/** An object or a list that is being read. */
interface Level {
  readonly isList: boolean;
  /** The number of elements of a list so far. */
  elements: number;
}

class LeafReader {
  #at = 0;
  readonly #end: number;
  readonly #leaves: Leaf[] = [];
  readonly #levels: Level[] = [];
  readonly #path: string[] = [];

  constructor(private readonly text: string) {
    this.#end = Math.min(text.length, MAX_JSON_CHARS);
  }

  read(): Leaf[] | undefined {
    if (this.#next() !== 0x7b) return undefined;
    this.#open(false);
    const first = this.#next();
    if (first !== 0x22) return undefined;
    while (this.#levels.length > 0 && this.#leaves.length < MAX_LEAVES && this.#step());
    return this.#leaves.length > 0 ? this.#leaves : undefined;
  }

  /** Reads a name with its value, an element of a list, or a closing bracket. Returns whether more may follow. */
  #step(): boolean {
    const level = this.#levels[this.#levels.length - 1];
    let code = this.#next();
    if (level === undefined || Number.isNaN(code)) return false;
    if (code === 0x7d || code === 0x5d) {
      this.#at += 1;
      this.#close();
      return true;
    }
    if (code === 0x2c) {
      this.#at += 1;
      return true;
    }
    if (level.isList) level.elements += 1;
    else {
      if (code !== 0x22) return false;
      const name = this.#string();
      if (this.#next() !== 0x3a) return false;
      this.#at += 1;
      this.#path.push(name);
      code = this.#next();
    }
    if (code === 0x7b || code === 0x5b) {
      this.#open(code === 0x5b);
      return true;
    }
    const isRead = code === 0x22 ? this.#addString() : this.#addLiteral();
    if (!level.isList) this.#path.pop();
    return isRead;
  }

  #open(isList: boolean): void {
    this.#at += 1;
    this.#levels.push({ isList, elements: 0 });
  }

  /** An object or list in an object ends, and with it its name. */
  #close(): void {
    this.#levels.pop();
    const outer = this.#levels[this.#levels.length - 1];
    if (outer !== undefined && !outer.isList) this.#path.pop();
  }

  #addString(): boolean {
    const text = this.#string();
    if (text !== '') this.#add(text, true);
    return true;
  }

  #addLiteral(): boolean {
    const start = this.#at;
    while (this.#at < this.#end && isOfLiteral(this.text.charCodeAt(this.#at))) this.#at += 1;
    if (this.#at === start) return false;
    const literal = this.text.slice(start, this.#at);
    if (literal !== 'null' && literal.length < 40) this.#add(literal, false);
    return true;
  }

  #add(text: string, isString: boolean): void {
    if (this.#path.length > MAX_DEPTH) return;
    if (this.#levels.some(({ isList, elements }) => isList && elements > MAX_ELEMENTS)) return;
    this.#leaves.push({ path: [...this.#path], text, isString });
  }

  /** Reads the string whose quote is next. A string that is cut off ends with the text. */
  #string(): string {
    const start = this.#at + 1;
    let end = start;
    let hasEscape = false;
    for (; end < this.#end; end += 1) {
      const code = this.text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c) {
        hasEscape = true;
        end += 1;
      }
    }
    end = Math.min(end, this.#end);
    this.#at = Math.min(end + 1, this.#end);
    const raw = this.text.slice(start, end);
    return hasEscape ? unescaped(raw) : raw;
  }

  /** Skips white space. Returns the next character's code; NaN at the end. */
  #next(): number {
    for (; this.#at < this.#end; this.#at += 1) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && (code < 0x09 || code > 0x0d)) return code;
    }
    return NaN;
  }
}

/** A letter, a digit, `+`, `-` or `.`. */
function isOfLiteral(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e
  );
}

const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|([\s\S])|$)/g;
const ESCAPED: Readonly<Record<string, string | undefined>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
};

/** Returns a string without its escapes. It tolerates escapes that JSON does not know. */
export function unescaped(raw: string): string {
  return raw.replace(ESCAPE, (_, unit: string | undefined, character: string | undefined) =>
    unit === undefined
      ? (ESCAPED[character ?? ''] ?? character ?? '')
      : String.fromCharCode(parseInt(unit, 16)),
  );
}
