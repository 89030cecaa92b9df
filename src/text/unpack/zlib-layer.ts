import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { peek, withFirst } from '../peek.js';
import { cutOff, damaged } from './unpack-errors.js';
import type { UnpackMeter } from './unpack-meter.js';

/** What Node's zlib unpacks. `deflate-raw` is deflate without the header of zlib. */
export type ZlibPacking = 'gzip' | 'deflate' | 'deflate-raw' | 'br';

const streams = {
  gzip: createGunzip,
  deflate: createInflate,
  'deflate-raw': createInflateRaw,
  br: createBrotliDecompress,
};

type ZlibStream = ReturnType<(typeof streams)[ZlibPacking]>;

/**
 * Unpacks with Node's zlib, in threads of its own. It holds one chunk of the source and a few chunks of output.
 * @throws AppError `unpack_failed` for damaged data with its offset, for data that is cut off, and for other data after
 *   the end (zeros are padding)
 * @throws the error of `meter` and of the source
 */
export async function* unzlib(
  packing: ZlibPacking,
  source: AsyncGenerator<Uint8Array>,
  meter: UnpackMeter,
): AsyncGenerator<Uint8Array> {
  const stream = new Pulled(packing);
  try {
    for await (const chunk of source) {
      for await (const piece of stream.write(chunk)) {
        meter.unpacked(piece.length);
        yield piece;
      }
    }
    for await (const piece of stream.end()) {
      meter.unpacked(piece.length);
      yield piece;
    }
  } finally {
    stream.close();
    await source.return(undefined);
  }
}

/** Unpacks `deflate` as HTTP means it, with the header of zlib, and as some clients send it, without. */
export async function* inflateEither(
  source: AsyncGenerator<Uint8Array>,
  meter: UnpackMeter,
): AsyncGenerator<Uint8Array> {
  const { first, rest } = await peek(source, 2);
  const [a = 0, b = 0] = first;
  const isZlib = (a & 0x0f) === 8 && (a * 256 + b) % 31 === 0;
  yield* unzlib(isZlib ? 'deflate' : 'deflate-raw', withFirst(first, rest), meter);
}

/** A zlib stream that is driven by its reader: nothing is written before all output of the last chunk is taken. */
class Pulled {
  readonly #stream: ZlibStream;
  readonly #packing: ZlibPacking;
  #error: Error | undefined;
  #hasEnded = false;
  #fed = 0;
  /** The offset of the last chunk, because zlib does not tell where in it an error is. */
  #chunkAt = 0;
  #wake: () => void = () => undefined;

  constructor(packing: ZlibPacking) {
    this.#packing = packing;
    this.#stream = streams[packing]();
    this.#stream.on('readable', () => this.#wake());
    this.#stream.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    this.#stream.on('error', (error: Error) => {
      this.#error = error;
      this.#wake();
    });
  }

  async *write(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    this.#chunkAt = this.#fed;
    this.#fed += chunk.length;
    if (this.#isOver()) {
      this.#refuseRest(chunk);
      return;
    }
    let isWritten = false;
    this.#stream.write(chunk, () => {
      isWritten = true;
      this.#wake();
    });
    yield* this.#read(() => isWritten);
    if (this.#isOver())
      this.#refuseRest(chunk.subarray(chunk.length - (this.#fed - this.#stream.bytesWritten)));
  }

  async *end(): AsyncGenerator<Uint8Array> {
    if (this.#hasEnded) return;
    this.#stream.end();
    yield* this.#read(() => false);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#read(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const waiting = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const piece = this.#stream.read() as Buffer | null;
      if (piece) {
        yield piece;
        continue;
      }
      if (this.#error) throw this.#described(this.#error);
      if (this.#hasEnded || isDone()) return;
      await waiting;
    }
  }

  /** A function, because the compiler does not know that events change the field. */
  #isOver(): boolean {
    return this.#hasEnded;
  }

  #refuseRest(rest: Uint8Array): void {
    if (rest.every((byte) => byte === 0)) return;
    throw damaged(this.#name(), 'is followed by other data', this.#stream.bytesWritten);
  }

  #described(error: Error): Error {
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR')
      return cutOff(this.#name(), this.#fed, error);
    return damaged(this.#name(), `says "${error.message}"`, this.#chunkAt, error);
  }

  #name(): string {
    return { gzip: 'gzip', deflate: 'deflate', 'deflate-raw': 'deflate', br: 'brotli' }[this.#packing];
  }
}
