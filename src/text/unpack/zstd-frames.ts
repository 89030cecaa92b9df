import { damaged, unpackFailed } from './unpack-errors.js';

const MIB = 1024 * 1024;

/** Every decoder must take 8 MiB (RFC 8878, 3.1.1.1.2). zstd needs more only with --long or --ultra. */
const MAX_WINDOW = 8 * MIB;
const MAX_BLOCK = 128 * 1024;

/** The decoder moves its whole window for each block, so tiny blocks cost far more than they give. */
const FREE_MOVES = 32 * 1024 * MIB;
const MAX_MOVES_PER_BYTE = 1024;

/** A part of a Zstandard frame for the decoder. */
export interface ZstdPart {
  /** Whether a frame starts here; the bytes are its header and its first block. */
  isStart: boolean;
  /** Whether the frame ends here. */
  isEnd: boolean;
  bytes: Buffer;
  /** The most bytes that come out of it. */
  maxOutput: number;
}

interface Frame {
  window: number;
  hasChecksum: boolean;
  /** The header, as long as no block was passed on. */
  header: Buffer | undefined;
}

/** Splits Zstandard data into its blocks, and checks what the decoder does not check. */
export class ZstdFrames {
  #buffer: Buffer = Buffer.alloc(0);
  #offset = 0;
  #frame: Frame | undefined;
  /** How many bytes of a skippable frame or a checksum are still to be skipped. */
  #skip = 0;
  #moved = 0;
  #output = 0;

  /** How many bytes were read. */
  get offset(): number {
    return this.#offset + this.#buffer.length;
  }

  /** Whether the data may end here: no frame is incomplete. */
  get isComplete(): boolean {
    return this.#frame === undefined && this.#skip === 0 && this.#buffer.length === 0;
  }

  /**
   * Yields the blocks that are complete.
   * @throws AppError `unpack_failed` for what no frame is, for a window over 8 MiB, a dictionary, and tiny blocks
   */
  *split(bytes: Uint8Array): Generator<ZstdPart> {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      if (this.#skip > 0 && !this.#skipOver()) return;
      if (!this.#frame && !this.#begin()) return;
      if (!this.#frame) continue;
      const part = this.#nextBlock(this.#frame);
      if (!part) return;
      yield part;
    }
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    this.#offset += length;
    return taken;
  }

  #skipOver(): boolean {
    const length = Math.min(this.#skip, this.#buffer.length);
    this.#take(length);
    this.#skip -= length;
    return this.#skip === 0;
  }

  /** Reads the start of a frame. Returns false if more bytes are needed. */
  #begin(): boolean {
    if (this.#buffer.length < 8) return false;
    const magic = this.#buffer.readUInt32LE(0);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      this.#skip = this.#buffer.readUInt32LE(4);
      this.#take(8);
      return true;
    }
    if (magic !== 0xfd2fb528) throw damaged('Zstandard', 'is followed by other data', this.#offset);
    const length = headerLength(this.#buffer[4] ?? 0);
    if (this.#buffer.length < length) return false;
    this.#frame = this.#readHeader(this.#take(length));
    return true;
  }

  #readHeader(taken: Buffer): Frame {
    const descriptor = taken[4] ?? 0;
    if ((descriptor & 0x08) !== 0) throw damaged('Zstandard', 'has an unknown kind of frame', this.#offset);
    const { window, dictionary } = windowOf(taken);
    if (dictionary !== 0)
      throw unpackFailed('The Zstandard data needs a dictionary. Compress it without one.');
    if (window > MAX_WINDOW) {
      throw unpackFailed(
        `The Zstandard data needs a window of ${Math.ceil(window / MIB)} MiB, more than 8 MiB. Compress it without --long and --ultra.`,
      );
    }
    // The decoder does not check checksums. Without the flag it need not be told of one.
    const header = Buffer.from(taken);
    header[4] = descriptor & ~0x04;
    return { window, hasChecksum: (descriptor & 0x04) !== 0, header };
  }

  #nextBlock(frame: Frame): ZstdPart | undefined {
    if (this.#buffer.length < 3) return undefined;
    const head = this.#buffer.readUIntLE(0, 3);
    const type = (head >> 1) & 3;
    const size = head >> 3;
    const max = Math.min(frame.window, MAX_BLOCK);
    if (type === 3 || size > max) throw damaged('Zstandard', 'has an invalid block', this.#offset);
    const length = 3 + (type === 1 ? 1 : size);
    if (this.#buffer.length < length) return undefined;
    const maxOutput = type === 2 ? max : size;
    this.#countMoves(frame.window, maxOutput);
    const block = this.#take(length);
    const isStart = frame.header !== undefined;
    const part = {
      isStart,
      isEnd: (head & 1) === 1,
      bytes: frame.header ? Buffer.concat([frame.header, block]) : Buffer.from(block),
      maxOutput,
    };
    frame.header = undefined;
    if (part.isEnd) {
      this.#frame = undefined;
      this.#skip = frame.hasChecksum ? 4 : 0;
    }
    return part;
  }

  #countMoves(window: number, output: number): void {
    this.#moved += window;
    this.#output += output;
    if (this.#moved <= FREE_MOVES || this.#moved <= this.#output * MAX_MOVES_PER_BYTE) return;
    throw unpackFailed('The Zstandard data consists of very many tiny blocks. Compress it again.');
  }
}

function headerLength(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  return 5 + (isSingle ? 0 : 1) + dictionaryLength(descriptor) + sizeLength(descriptor);
}

function dictionaryLength(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] ?? 0;
}

function sizeLength(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  return [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
}

/** Returns the size of the window and the number of the dictionary (RFC 8878, 3.1.1.1). */
function windowOf(header: Buffer): { window: number; dictionary: number } {
  const descriptor = header[4] ?? 0;
  const dictionaryBytes = dictionaryLength(descriptor);
  const sizeBytes = sizeLength(descriptor);
  const dictionaryAt = header.length - sizeBytes - dictionaryBytes;
  const dictionary = dictionaryBytes === 0 ? 0 : header.readUIntLE(dictionaryAt, dictionaryBytes);
  if ((descriptor & 0x20) === 0) {
    const byte = header[5] ?? 0;
    const base = 2 ** (10 + (byte >> 3));
    return { window: base + (base / 8) * (byte & 7), dictionary };
  }
  const sizeAt = header.length - sizeBytes;
  const size =
    sizeBytes === 8 ? Number(header.readBigUInt64LE(sizeAt)) : header.readUIntLE(sizeAt, sizeBytes);
  return { window: size + (sizeBytes === 2 ? 256 : 0), dictionary };
}
