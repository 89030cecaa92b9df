import { AppError } from '../../errors.js';
import { firstNumberState, isCompleteNumber, nextNumberState, type NumberState } from './json-number.js';
import { JsonString } from './json-string.js';

/** Maximum depth of nested objects and lists. */
export const MAX_DEPTH = 64;

/** Maximum number of values: objects, lists, strings, numbers, true, false and null. */
export const MAX_VALUES = 4_000_000;

/** A longer field name is reported as an empty name. No handler expects one that long. */
const MAX_NAME_CHARS = 256;

/** Reported for every number and every string value. No handler needs them, and they may have millions of characters. */
const NUMBER_PLACEHOLDER = 0;
const STRING_PLACEHOLDER = '';

const BYTE_ORDER_MARK = '\ufeff';

/** What is found at the end of a text. */
const END = 'the end of the body';

/** The error for a text that is not JSON. */
export class JsonSyntaxError extends AppError {
  readonly line: number;

  constructor(
    place: { line: number; offset: number },
    /** What would be allowed, such as `a colon`. */
    readonly expected: string,
    /** The character in quotes, or `the end of the body`. */
    readonly found: string,
    /** The index of the character in the last piece. */
    readonly index: number,
  ) {
    const where = `line ${place.line}, byte ${place.offset} (counted from 0)`;
    const detail = `The body is not valid JSON: on ${where}, expected ${expected} but found ${found}.`;
    super('json_invalid', detail, place);
    this.line = place.line;
  }

  /** Whether the text ends too early. */
  get isAtEnd(): boolean {
    return this.found === END;
  }
}

/** Receives the parts of a JSON text in order. A method may throw to stop the scanner. */
export interface JsonHandler {
  /** An object or a list begins. */
  open(kind: 'object' | 'list'): void;
  /** The innermost object or list ends. */
  close(): void;
  /** A field of the innermost object begins. */
  name(name: string): void;
  /** A value that is neither object nor list. Numbers are reported as 0, strings as empty. */
  scalar(value: string | number | boolean | null): void;
}

/** What may come next, as named in the error message. */
type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a name in quotes'
  | 'a name in quotes or }'
  | 'a colon'
  | 'a comma or ]'
  | 'a comma or }'
  | 'the end of the body';

/** The literals of JSON, by their first letter. */
const literals: Readonly<Record<string, { text: string; value: boolean | null } | undefined>> = {
  t: { text: 'true', value: true },
  f: { text: 'false', value: false },
  n: { text: 'null', value: null },
};

/**
 * A streaming JSON parser. It accepts pieces of text that may end anywhere, and reports the parts to a handler. It
 * keeps only the current field name in memory.
 *
 * It accepts the same texts as JSON.parse within MAX_DEPTH and MAX_VALUES, and also a byte order mark at the start.
 * `write` and `end` throw AppError `json_invalid` with line and byte offset. After an error it must not be used again.
 */
export class JsonScanner {
  readonly #handler: JsonHandler;
  readonly #string = new JsonString();
  /** The open objects and lists, outermost first. */
  readonly #open: ('object' | 'list')[] = [];
  #expected: Expected = 'a value';
  #inside: 'string' | 'number' | 'literal' | undefined;
  #isName = false;
  #number: NumberState = 'zero';
  #literal: { text: string; value: boolean | null } = { text: '', value: null };
  #literalAt = 0;
  #values = 0;
  #piece = '';
  #at = 0;
  #line: number;
  /** The total bytes of the previous pieces. */
  #bytesBefore: number;

  /** @param start the place of the first character, if text before it has been skipped */
  constructor(handler: JsonHandler, start = { line: 1, offset: 0 }) {
    this.#handler = handler;
    this.#line = start.line;
    this.#bytesBefore = start.offset;
  }

  /** The index in the current piece of the character that the handler is told about. */
  get index(): number {
    return this.#at;
  }

  /** The line of that character, counted from 1. */
  get line(): number {
    return this.#line;
  }

  /** Reads the next piece of the text. */
  write(piece: string): void {
    this.#piece = piece;
    this.#at = 0;
    while (this.#at < piece.length) this.#step();
    this.#bytesBefore += Buffer.byteLength(piece);
  }

  /** Ends the text. Call it once, after the last piece. */
  end(): void {
    this.#piece = '';
    this.#at = 0;
    if (this.#inside === 'number') this.#endNumber();
    if (this.#expected === 'the end of the body') return;
    throw this.#unexpected(this.#inside === undefined ? this.#expected : this.#rest());
  }

  #step(): void {
    if (this.#inside === undefined) this.#readStructure();
    else if (this.#inside === 'string') this.#readString();
    else if (this.#inside === 'number') this.#readNumber();
    else this.#readLiteral();
  }

  #readStructure(): void {
    const char = this.#piece.charAt(this.#at);
    switch (char) {
      case '\n':
        this.#line++;
        break;
      case ' ':
      case '\t':
      case '\r':
        break;
      case BYTE_ORDER_MARK:
        if (this.#bytesBefore + this.#at > 0) throw this.#unexpected();
        break;
      case '{':
        this.#openValue('object', 'a name in quotes or }');
        break;
      case '[':
        this.#openValue('list', 'a value or ]');
        break;
      case '}':
        this.#closeValue('a name in quotes or }', 'a comma or }');
        break;
      case ']':
        this.#closeValue('a value or ]', 'a comma or ]');
        break;
      case ',':
        this.#readComma();
        break;
      case ':':
        if (this.#expected !== 'a colon') throw this.#unexpected();
        this.#expected = 'a value';
        break;
      default:
        this.#beginScalar(char);
    }
    this.#at++;
  }

  #openValue(kind: 'object' | 'list', expected: Expected): void {
    this.#beginValue();
    if (this.#open.length === MAX_DEPTH)
      throw this.#tooMuch(`is nested deeper than the maximum of ${MAX_DEPTH} levels`);
    this.#handler.open(kind);
    this.#open.push(kind);
    this.#expected = expected;
  }

  #closeValue(whenEmpty: Expected, afterValue: Expected): void {
    if (this.#expected !== whenEmpty && this.#expected !== afterValue) throw this.#unexpected();
    this.#open.pop();
    this.#handler.close();
    this.#endValue();
  }

  #readComma(): void {
    if (this.#expected === 'a comma or }') this.#expected = 'a name in quotes';
    else if (this.#expected === 'a comma or ]') this.#expected = 'a value';
    else throw this.#unexpected();
  }

  #beginScalar(char: string): void {
    if (char === '"') {
      this.#beginString();
      return;
    }
    const literal = literals[char];
    const number = firstNumberState(char.charCodeAt(0));
    if (literal === undefined && number === undefined) throw this.#unexpected();
    this.#beginValue();
    if (literal !== undefined) {
      this.#inside = 'literal';
      this.#literal = literal;
      this.#literalAt = 1;
    } else if (number !== undefined) {
      this.#inside = 'number';
      this.#number = number;
    }
  }

  #beginString(): void {
    this.#isName = this.#expected === 'a name in quotes' || this.#expected === 'a name in quotes or }';
    if (!this.#isName) this.#beginValue();
    this.#inside = 'string';
    this.#string.begin(this.#isName ? MAX_NAME_CHARS : undefined);
  }

  #readString(): void {
    const string = this.#string;
    this.#at = string.read(this.#piece, this.#at);
    if (string.state === 'invalid') throw this.#unexpected(this.#rest());
    if (string.state === 'open') return;
    if (this.#isName) {
      this.#inside = undefined;
      this.#expected = 'a colon';
      this.#handler.name(string.value);
    } else this.#endScalar(STRING_PLACEHOLDER);
  }

  #readNumber(): void {
    const next = nextNumberState(this.#number, this.#piece.charCodeAt(this.#at));
    if (next === undefined) {
      this.#endNumber();
      return;
    }
    this.#number = next;
    this.#at++;
  }

  #endNumber(): void {
    if (!isCompleteNumber(this.#number)) throw this.#unexpected(this.#rest());
    this.#endScalar(NUMBER_PLACEHOLDER);
  }

  #readLiteral(): void {
    const { text, value } = this.#literal;
    if (this.#piece.charAt(this.#at) !== text.charAt(this.#literalAt)) throw this.#unexpected(this.#rest());
    this.#at++;
    this.#literalAt++;
    if (this.#literalAt === text.length) this.#endScalar(value);
  }

  #beginValue(): void {
    if (this.#expected !== 'a value' && this.#expected !== 'a value or ]') throw this.#unexpected();
    this.#values++;
    if (this.#values > MAX_VALUES)
      throw this.#tooMuch(`has more values than the maximum of ${MAX_VALUES.toLocaleString('en')}`);
  }

  #endScalar(value: string | number | boolean | null): void {
    this.#inside = undefined;
    this.#handler.scalar(value);
    this.#endValue();
  }

  #endValue(): void {
    const inner = this.#open.at(-1);
    if (inner === undefined) this.#expected = 'the end of the body';
    else this.#expected = inner === 'object' ? 'a comma or }' : 'a comma or ]';
  }

  /** What is expected inside a string, a number or a literal. */
  #rest(): string {
    return this.#inside === 'literal' ? this.#literal.text : `the rest of a ${this.#inside}`;
  }

  #unexpected(expected: string = this.#expected): AppError {
    const char = this.#piece.codePointAt(this.#at);
    const found = char === undefined ? END : JSON.stringify(String.fromCodePoint(char));
    return new JsonSyntaxError(this.#place(), expected, found, this.#at);
  }

  #tooMuch(reason: string): AppError {
    const detail = `The JSON ${reason}. Send a simpler body, or the logs as CSV.`;
    return new AppError('json_invalid', detail, this.#place());
  }

  #place(): { line: number; offset: number } {
    const offset = this.#bytesBefore + Buffer.byteLength(this.#piece.slice(0, this.#at));
    return { line: this.#line, offset };
  }
}
