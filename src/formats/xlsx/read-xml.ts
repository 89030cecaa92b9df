import { SaxesParser } from 'saxes';
import { turnToParse } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import { malformedWorkbook } from './errors.js';
import { createXmlDecoder, type XmlDecoder } from './xml-decoder.js';

/** The attributes of an element, with their prefixes. */
export type Attributes = Readonly<Record<string, string>>;

/** Receives the parts of an XML file. Names of elements come without their prefix. */
export interface XmlHandler {
  open(name: string, attributes: Attributes): void;
  /** Receives text, possibly in several parts. */
  text?(text: string): void;
  close?(name: string): void;
}

/** The bytes that are parsed at a time. */
const sliceBytes = 32 * 1024;
/** Maximum depth of elements. Workbooks have less than 20. */
const maxDepth = 100;
/** Maximum number of attributes of an element. */
const maxAttributes = 1_000;

/**
 * Parses an XML file while it is unpacked, and yields after each piece. A document type is refused, so there are no
 * entities to expand. Text, tags and comments have at most `maxPartChars` characters.
 * @throws AppError `xlsx_malformed` for anything that is not well-formed, and what `bytes` and the handler throw
 */
export async function* readXml(
  bytes: AsyncGenerator<Uint8Array, void>,
  handler: XmlHandler,
  maxPartChars: number,
): AsyncGenerator<void, void> {
  const parser = new BoundedParser(handler, maxPartChars);
  let decoder: XmlDecoder | undefined;
  for await (const piece of bytes) {
    decoder ??= createXmlDecoder(piece);
    for (let at = 0; at < piece.length; at += sliceBytes) {
      const slice = piece.subarray(at, at + sliceBytes);
      await turnToParse(slice.length);
      parser.write(decoder.write(slice));
      yield;
    }
  }
  parser.write(decoder?.end() ?? '');
  parser.end();
  yield;
}

/** Parses an XML file completely. */
export async function readWholeXml(
  bytes: AsyncGenerator<Uint8Array, void>,
  handler: XmlHandler,
  maxPartChars: number,
): Promise<void> {
  const pieces = readXml(bytes, handler, maxPartChars);
  while ((await pieces.next()).done !== true);
}

/** A parser that refuses parts without an end before they fill the memory. */
class BoundedParser {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  readonly #maxPartChars: number;
  /** The characters since the last complete tag or text. */
  #openChars = 0;
  #attributes = 0;

  constructor(handler: XmlHandler, maxPartChars: number) {
    this.#maxPartChars = maxPartChars;
    const parser = this.#parser;
    let depth = 0;
    parser.on('error', (error) => {
      throw malformedWorkbook(
        'The workbook is damaged: a file in it is not well-formed XML.',
        undefined,
        error,
      );
    });
    parser.on('doctype', () => {
      throw malformedWorkbook('A file in the workbook has a document type, which is not allowed.');
    });
    parser.on('attribute', () => {
      this.#attributes += 1;
      if (this.#attributes > maxAttributes) throw malformedWorkbook('An element has too many attributes.');
    });
    parser.on('opentag', ({ name, attributes }) => {
      this.#openChars = 0;
      this.#attributes = 0;
      depth += 1;
      if (depth > maxDepth) throw malformedWorkbook('A file in the workbook is nested too deeply.');
      handler.open(localName(name), attributes);
    });
    parser.on('closetag', ({ name }) => {
      this.#openChars = 0;
      depth -= 1;
      handler.close?.(localName(name));
    });
    const text = (part: string): void => {
      this.#openChars = 0;
      handler.text?.(part);
    };
    parser.on('text', text);
    parser.on('cdata', text);
    // More handlers, such as one for comments, would make the parser six times slower: its object then has so many
    // properties that V8 stores them in a hash table.
  }

  write(text: string): void {
    this.#openChars += text.length;
    this.#parse(() => this.#parser.write(text));
    if (this.#openChars > this.#maxPartChars + text.length) {
      const limit = this.#maxPartChars.toLocaleString('en');
      throw malformedWorkbook(`A file in the workbook has a text or tag of more than ${limit} characters.`);
    }
  }

  end(): void {
    this.#parse(() => this.#parser.close());
  }

  #parse(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw malformedWorkbook(
        'The workbook is damaged: a file in it is not well-formed XML.',
        undefined,
        error,
      );
    }
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
