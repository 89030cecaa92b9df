import { isAscii } from 'node:buffer';
import { AppError } from '../errors.js';
import { createDecoder } from './create-decoder.js';
import { type BadBytes, type Decoder } from './decoder.js';
import { guessEncoding, mayHoldUtf8ByChance } from './guess-encoding.js';
import { Utf8Census } from './utf8-census.js';

/** How much is read, from the first byte that is not ASCII, before the encoding is decided. */
const sampleBytes = 256 * 1024;

/** After so many bytes it is checked whether the decision is clear already. */
const stepBytes = 4096;

/** How much of the line before that byte belongs to the sample. */
const contextBytes = 1024;

/** With so many characters of UTF-8 and no other byte, a file is UTF-8 for sure, and no larger sample is needed. */
const surelyUtf8 = 64;

/**
 * Decodes a file whose encoding nobody names. ASCII needs no decision. From the first other byte on, a sample is
 * collected and judged: mostly UTF-8 is UTF-8, and for anything else a detector is asked.
 *
 * At the end it checks the whole file against the decision, so that no file comes out as nonsense because its sample was
 * not typical.
 */
export class GuessingDecoder implements Decoder {
  readonly #bad: BadBytes;
  #decoder: Decoder | undefined;
  #guessed: string | undefined;
  readonly #census = new Utf8Census();
  /** Bytes that wait for a decision. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** The end of the last line before the first waiting byte. */
  #context: Buffer = Buffer.alloc(0);
  /** The offset of the next byte to be decoded. */
  #offset = 0;

  constructor(bad: BadBytes) {
    this.#bad = bad;
  }

  get encoding(): string {
    return this.#decoder?.encoding ?? 'utf-8';
  }

  /** The encoding, if it is not UTF-8; undefined as long as there is no decision. */
  get guessed(): string | undefined {
    return this.#guessed;
  }

  write(bytes: Buffer): string {
    if (this.#decoder) return this.#decode(this.#decoder, bytes);
    if (this.#waitingBytes > 0) return this.#collect(bytes);
    if (!isAscii(bytes)) return this.#writeFirst(bytes);
    return this.#passAscii(bytes);
  }

  /** Decides by what has arrived. */
  flush(): string {
    return this.#waitingBytes > 0 ? this.#decide(false) : '';
  }

  end(): string {
    const decided = this.#waitingBytes > 0 ? this.#decide(true) : '';
    const text = decided + (this.#decoder?.end() ?? '');
    this.#checkAll();
    return text;
  }

  #passAscii(bytes: Buffer): string {
    this.#offset += bytes.length;
    this.#context = lastLine(this.#context, bytes);
    const text = bytes.toString('latin1');
    this.#bad.passed(text);
    return text;
  }

  /** Passes the ASCII before the first other byte, and collects the rest. */
  #writeFirst(bytes: Buffer): string {
    const first = bytes.findIndex((byte) => byte >= 0x80);
    return this.#passAscii(bytes.subarray(0, first)) + this.#collect(bytes.subarray(first));
  }

  #collect(bytes: Buffer): string {
    // In steps that do not depend on the chunks, so that the decision does not either.
    const used = bytes.subarray(0, stepBytes - (this.#waitingBytes % stepBytes));
    this.#census.add(used);
    // Copied, because the caller may reuse its buffer.
    this.#waiting.push(Buffer.from(used));
    this.#waitingBytes += used.length;
    const isStep = this.#waitingBytes % stepBytes === 0;
    const isSure = isStep && this.#census.stray === 0 && this.#census.multibyte >= surelyUtf8;
    const decided = isSure || this.#waitingBytes >= sampleBytes ? this.#decide(false) : '';
    const rest = bytes.subarray(used.length);
    return rest.length === 0 ? decided : decided + this.write(rest);
  }

  /** @throws AppError `encoding` if no encoding is plausible */
  #decide(isAll: boolean): string {
    const waiting = Buffer.concat(this.#waiting);
    const encoding = this.#judge(waiting, isAll);
    this.#decoder = createDecoder(encoding, this.#offset, this.#bad);
    if (encoding !== 'utf-8') this.#guessed = this.#decoder.encoding;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return this.#decoder.write(waiting);
  }

  #judge(waiting: Buffer, isAll: boolean): string {
    const { multibyte, stray } = this.#census;
    if (multibyte > 0 && multibyte >= stray) return 'utf-8';
    // Less than one character: more of it may be still to come.
    if (!isAll && stray === 0) return 'utf-8';
    const { encoding, tried } = guessEncoding(Buffer.concat([this.#context, waiting]), isAll);
    if (encoding !== undefined) return encoding;
    const examples = tried.length === 0 ? '' : `, for example ${tried.slice(0, 4).join(', ')},`;
    throw new AppError(
      'encoding',
      `The encoding cannot be told from the bytes. Name it with encoding=${examples} or save the file as UTF-8.`,
      { offset: this.#offset },
    );
  }

  #decode(decoder: Decoder, bytes: Buffer): string {
    // Strict UTF-8 has nothing left to be counted.
    if (this.#guessed !== undefined || this.#bad.onError === 'skip') this.#census.add(bytes);
    return decoder.write(bytes);
  }

  /** @throws AppError `encoding` if the whole file does not confirm the decision */
  #checkAll(): void {
    const { multibyte, stray } = this.#census;
    if (this.#guessed === undefined) {
      if (this.#decoder === undefined || stray <= multibyte) return;
      throw mixed('UTF-8', `later ${stray} bytes are not`);
    }
    const chance = mayHoldUtf8ByChance(this.#guessed)
      ? stray
      : Math.max(2, Math.min(stray / 20, surelyUtf8 - 1));
    if (multibyte > chance) throw mixed(this.#guessed, `it has ${multibyte} characters of UTF-8`);
  }
}

function mixed(encoding: string, why: string): AppError {
  return new AppError(
    'encoding',
    `The file seems to have more than one encoding: most of its beginning is ${encoding}, but ${why}. Save it in one encoding, or name the encoding with encoding=.`,
  );
}

/** Returns a copy of the last line, at most `contextBytes`, of bytes that follow others. */
function lastLine(before: Buffer, bytes: Buffer): Buffer {
  const feed = bytes.lastIndexOf(0x0a);
  if (feed === -1) return Buffer.concat([before, bytes.subarray(-contextBytes)]).subarray(-contextBytes);
  return Buffer.from(bytes.subarray(Math.max(feed + 1, bytes.length - contextBytes)));
}
