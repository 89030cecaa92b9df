import { AppError } from '../../errors.js';
import { firstNumberState, isWholeNumber, nextNumberState, type NumberState } from './json-number.js';
import { JsonString } from './json-string.js';

/** JSON that is nested deeper is refused. */
export const MAX_DEPTH = 64;

/** JSON of more values (objects, lists, strings, numbers, words) is refused. */
export const MAX_VALUES = 4_000_000;

/** A longer field name is reported as an empty one, because no handler knows such a name. */
const MAX_NAME_CHARS = 256;

/** Stands for each number: no handler needs the digits, of which there may be millions. */
const A_NUMBER = 0;

const BYTE_ORDER_MARK = '\ufeff';

/** Receives the parts of a JSON text in order. Each method may throw, which ends the reading. */
export interface JsonHandler {
  /** An object or a list begins. */
  open(kind: 'object' | 'list'): void;
  /** The innermost object or list ends. */
  close(): void;
  /** A field of the innermost object begins. */
  name(name: string): void;
  /** A value that is neither object nor list. Numbers are 0, and strings without a limit are empty. */
  scalar(value: string | number | boolean | null): void;
  /** The most characters that the string value which begins now may have; undefined if it is not needed. */
  stringLimit(): number | undefined;
  /** The string value, which need not have ended, has more characters than its limit. */
  stringTooLong(): never;
}

/** What may come next, in the words of the error. */
type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a name in quotes'
  | 'a name in quotes or }'
  | 'a colon'
  | 'a comma or ]'
  | 'a comma or }'
  | 'the end';

const words: Readonly<Record<string, { text: string; value: boolean | null } | undefined>> = {
  t: { text: 'true', value: true },
  f: { text: 'false', value: false },
  n: { text: 'null', value: null },
};

/**
 * Checks a JSON text that comes in pieces, cut anywhere, and tells a handler what is in it. It takes what
 * JSON.parse takes, within MAX_DEPTH and MAX_VALUES, and a byte order mark before it. It holds nothing but the
 * string at hand.
 * @throws AppError `json_invalid` with line and byte offset, from write() and end(); then it is of no more use.
 */
export class JsonScanner {
  readonly #handler: JsonHandler;
  readonly #string = new JsonString();
  /** The objects and lists that are open, outermost first. */
  readonly #open: ('object' | 'list')[] = [];
  #expected: Expected = 'a value';
  #inside: 'string' | 'number' | 'word' | undefined;
  #isName = false;
  #number: NumberState = 'zero';
  #word: { text: string; value: boolean | null } = { text: '', value: null };
  #wordAt = 0;
  #values = 0;
  #piece = '';
  #at = 0;
  #line = 1;
  /** How many bytes the former pieces have. */
  #bytesBefore = 0;

  constructor(handler: JsonHandler) {
    this.#handler = handler;
  }

  /** Reads the next piece of the text. */
  write(piece: string): void {
    this.#piece = piece;
    this.#at = 0;
    while (this.#at < piece.length) this.#step();
    this.#bytesBefore += Buffer.byteLength(piece);
  }

  /** To be called once, after the last piece. */
  end(): void {
    this.#piece = '';
    this.#at = 0;
    if (this.#inside === 'number') this.#endNumber();
    if (this.#expected === 'the end') return;
    const missing = this.#inside === undefined ? this.#expected : `the rest of a ${this.#inside}`;
    throw this.#invalid(`ends where ${missing} is expected`);
  }

  #step(): void {
    if (this.#inside === undefined) this.#readStructure();
    else if (this.#inside === 'string') this.#readString();
    else if (this.#inside === 'number') this.#readNumber();
    else this.#readWord();
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
    if (this.#open.length === MAX_DEPTH) throw this.#tooMuch(`is nested more than ${MAX_DEPTH} deep`);
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
    const word = words[char];
    const number = firstNumberState(char.charCodeAt(0));
    if (word === undefined && number === undefined) throw this.#unexpected();
    this.#beginValue();
    if (word !== undefined) {
      this.#inside = 'word';
      this.#word = word;
      this.#wordAt = 1;
    } else if (number !== undefined) {
      this.#inside = 'number';
      this.#number = number;
    }
  }

  #beginString(): void {
    this.#isName = this.#expected === 'a name in quotes' || this.#expected === 'a name in quotes or }';
    if (!this.#isName) this.#beginValue();
    this.#inside = 'string';
    this.#string.begin(this.#isName ? MAX_NAME_CHARS : this.#handler.stringLimit());
  }

  #readString(): void {
    const string = this.#string;
    this.#at = string.read(this.#piece, this.#at);
    if (string.state === 'invalid') throw this.#unexpected('the rest of a string');
    if (string.isTooLong && !this.#isName) this.#handler.stringTooLong();
    if (string.state === 'open') return;
    if (this.#isName) {
      this.#inside = undefined;
      this.#expected = 'a colon';
      this.#handler.name(string.value);
    } else this.#endScalar(string.value);
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
    if (!isWholeNumber(this.#number)) throw this.#unexpected('the rest of a number');
    this.#endScalar(A_NUMBER);
  }

  #readWord(): void {
    const { text, value } = this.#word;
    if (this.#piece.charAt(this.#at) !== text.charAt(this.#wordAt)) throw this.#unexpected(text);
    this.#at++;
    this.#wordAt++;
    if (this.#wordAt === text.length) this.#endScalar(value);
  }

  #beginValue(): void {
    if (this.#expected !== 'a value' && this.#expected !== 'a value or ]') throw this.#unexpected();
    this.#values++;
    if (this.#values > MAX_VALUES) throw this.#tooMuch(`has more than ${MAX_VALUES} values`);
  }

  #endScalar(value: string | number | boolean | null): void {
    this.#inside = undefined;
    this.#handler.scalar(value);
    this.#endValue();
  }

  #endValue(): void {
    const inner = this.#open.at(-1);
    if (inner === undefined) this.#expected = 'the end';
    else this.#expected = inner === 'object' ? 'a comma or }' : 'a comma or ]';
  }

  #unexpected(expected: string = this.#expected): AppError {
    if (this.#at === this.#piece.length) return this.#invalid(`ends where ${expected} is expected`);
    const char = String.fromCodePoint(this.#piece.codePointAt(this.#at) ?? 0);
    return this.#invalid(`has ${JSON.stringify(char)} where ${expected} is expected`);
  }

  #invalid(reason: string): AppError {
    const place = this.#place();
    const where = `line ${place.line}, byte ${place.offset} (counted from 0),`;
    return new AppError('json_invalid', `The body is not JSON: ${where} ${reason}.`, place);
  }

  #tooMuch(reason: string): AppError {
    return new AppError('json_invalid', `The JSON ${reason}, which is the most taken here.`, this.#place());
  }

  #place(): { line: number; offset: number } {
    const offset = this.#bytesBefore + Buffer.byteLength(this.#piece.slice(0, this.#at));
    return { line: this.#line, offset };
  }
}
