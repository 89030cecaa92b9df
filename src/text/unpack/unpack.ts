import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../errors.js';
import { openTemporaryFile, toDiskFull, writeFully, type OpenFile } from '../../files/temporary-file.js';
import type { OnError } from '../decoder.js';
import { peek, withFirst } from '../peek.js';
import { refuseBinary } from '../refuse-binary.js';
import { isCutOff, unpackFailed } from './unpack-errors.js';
import { UnpackMeter } from './unpack-meter.js';
import { listZip, onlyFile, readEntry } from './zip-archive.js';
import { inflateEither, unzlib } from './zlib-layer.js';
import { unzstd } from './zstd-layer.js';

/** How an upload is unpacked. */
export interface UnpackOptions {
  /** The Content-Encoding of the request: one, or two with a comma. Blank is the same as none. */
  contentEncoding?: string | undefined;
  /** The most bytes that may come out, all layers together. */
  maxUnpackedBytes: number;
  /** The folder for a temporary file, which a zip archive needs. */
  tempDir: string;
  /** Opens the temporary file. Tests replace it. */
  openFile?: OpenFile | undefined;
  /** `skip` takes what can be unpacked of data that is cut off; `fail`, the default, refuses it. */
  onError?: OnError | undefined;
}

/** An upload without its compression. */
export interface UnpackedBytes {
  kind: 'bytes';
  /** The plain bytes. Returning early closes the source and the temporary file. */
  bytes: AsyncGenerator<Uint8Array>;
  /** What was unpacked, outermost first: `gzip`, `deflate`, `br`, `zstd`, `zip`. */
  packings: string[];
  /** The name of the file inside, if a gzip header or a zip archive tells it, without folders. */
  innerName?: string | undefined;
  /** Whether data that is cut off was used as far as it goes. Final when `bytes` has ended. */
  readonly truncated: boolean;
}

/** An Excel workbook (.xlsx, .xlsm). */
export interface UnpackedWorkbook {
  kind: 'workbook';
  /** The workbook, a zip archive, in a temporary file that can be read at random. */
  file: FileHandle;
  /** Its length in bytes. */
  size: number;
  /** Frees the temporary file. Call it once. */
  close(): Promise<void>;
}

/** What an upload turned out to be. */
export type Unpacked = UnpackedBytes | UnpackedWorkbook;

/** Archives nested deeper than this are refused. */
const MAX_LAYERS = 2;

/** Enough for signatures, for the name in a gzip header, and for the first names of an Office file. */
const PEEK_BYTES = 4096;

/** The names of Content-Encoding, without x-gzip, which is gzip. */
const SUPPORTED = ['gzip', 'deflate', 'br', 'zstd', 'identity'];

/**
 * Unpacks an upload: first what its Content-Encoding says, then what its first bytes show, gzip, Zstandard or a zip
 * archive with one file; at most two layers in all.
 *
 * @throws AppError `media_type_unsupported` for an unknown Content-Encoding
 * @throws AppError `unpack_failed` for damaged data, data that is cut off, a body that is not what its Content-Encoding
 *   says, archives of several files, and more than two layers; `bytes` throws it too
 * @throws AppError `unpacked_too_large` over `maxUnpackedBytes` and for a suspicious ratio; `bytes` throws it too
 * @throws AppError `disk_full`, `not_text` for another file of an office program, and the error of the source
 * @example const unpacked = await unpack(body, { contentEncoding: 'gzip', maxUnpackedBytes: 2 ** 31, tempDir });
 */
export async function unpack(bytes: AsyncIterable<Uint8Array>, options: UnpackOptions): Promise<Unpacked> {
  const upload = new Unpacking(bytes, options);
  try {
    return await upload.run();
  } catch (error) {
    await upload.close();
    throw error;
  }
}

class Unpacking {
  readonly #options: UnpackOptions;
  readonly #meter: UnpackMeter;
  readonly #packings: string[] = [];
  /** All generators, innermost last. A generator that was not started does not close its source. */
  readonly #opened: AsyncGenerator<Uint8Array>[] = [];
  #top: AsyncGenerator<Uint8Array>;
  #file: FileHandle | undefined;
  #innerName: string | undefined;
  #truncated = false;

  constructor(bytes: AsyncIterable<Uint8Array>, options: UnpackOptions) {
    this.#options = options;
    this.#meter = new UnpackMeter(options.maxUnpackedBytes);
    this.#top = this.#open(counted(bytes, this.#meter));
  }

  async run(): Promise<Unpacked> {
    let first = await this.#look();
    for (const encoding of this.#encodings()) {
      // An empty body has nothing to be unpacked.
      if (first.length === 0) break;
      this.#unpackEncoding(encoding, first);
      first = await this.#look();
    }
    for (let packing = packingOf(first); packing; packing = packingOf(first)) {
      if (packing === 'zip') {
        const workbook = await this.#unpackZip(first);
        if (workbook) return workbook;
      } else {
        this.#unpackStream(packing, first);
      }
      first = await this.#look();
    }
    return this.#result();
  }

  /** Closes everything. It may be called again. */
  async close(): Promise<void> {
    for (const opened of this.#opened.toReversed()) await opened.return(undefined);
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #open(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.#opened.push(bytes);
    return bytes;
  }

  /** Returns the first bytes, and leaves them in their place. */
  async #look(): Promise<Buffer> {
    const { first, rest } = await peek(this.#top, PEEK_BYTES);
    this.#open(rest);
    this.#top = this.#open(withFirst(first, rest));
    return first;
  }

  /** @throws AppError `media_type_unsupported` */
  #encodings(): string[] {
    const names = (this.#options.contentEncoding ?? '')
      .split(',')
      .map((name) =>
        name
          .trim()
          .toLowerCase()
          .replace(/^x-gzip$/, 'gzip'),
      )
      .filter((name) => name !== '' && name !== 'identity');
    const unknown = names.find((name) => !SUPPORTED.includes(name));
    if (unknown === undefined && names.length <= MAX_LAYERS) return names.reverse();
    const what =
      unknown === undefined ? 'has more than two encodings' : `"${unknown.slice(0, 40)}" is not supported`;
    throw new AppError(
      'media_type_unsupported',
      `The Content-Encoding ${what}. Supported are ${SUPPORTED.join(', ')}.`,
    );
  }

  #unpackEncoding(encoding: string, first: Buffer): void {
    const magic = { gzip: 'gzip', zstd: 'zstd' }[encoding];
    if (magic !== undefined && packingOf(first) !== magic) {
      throw unpackFailed(
        `The header says Content-Encoding: ${encoding}, but the body is not ${encoding}. Remove the header if the body is not compressed, for example because a proxy has unpacked it.`,
        0,
      );
    }
    this.#unpackStream(encoding, first);
  }

  #unpackStream(packing: string, first: Buffer): void {
    this.#addLayer(packing);
    if (packing === 'gzip') this.#innerName = gzipName(first) ?? this.#innerName;
    this.#pile(streamOf(packing, this.#top, this.#meter));
  }

  #addLayer(packing: string): void {
    this.#packings.push(packing);
    if (this.#packings.length <= MAX_LAYERS) return;
    throw unpackFailed(
      `The file is packed more than ${MAX_LAYERS} times (${this.#packings.join(', in it ')}). Unpack it and send the file inside.`,
    );
  }

  #pile(bytes: AsyncGenerator<Uint8Array>): void {
    this.#top = this.#open(this.#options.onError === 'skip' ? this.#untilCut(this.#open(bytes)) : bytes);
  }

  /** Ends where the data is cut off, and notes it. If nothing came before that, the data is refused all the same. */
  async *#untilCut(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isEmpty = true;
    try {
      for await (const chunk of bytes) {
        isEmpty &&= chunk.length === 0;
        yield chunk;
      }
    } catch (error) {
      if (!isCutOff(error) || isEmpty) throw error;
      this.#truncated = true;
    }
  }

  /** Returns the workbook if the archive is one. */
  async #unpackZip(first: Buffer): Promise<UnpackedWorkbook | undefined> {
    const { file, size } = await this.#spool();
    const { isWorkbook, isOffice, files } = await listZip(file, size);
    if (isWorkbook) return { kind: 'workbook', file, size, close: () => this.close() };
    if (isOffice) refuseBinary(first);
    this.#addLayer('zip');
    const entry = onlyFile(files);
    this.#innerName = baseName(entry.filename);
    this.#pile(readEntry(file, size, entry, this.#meter));
    return undefined;
  }

  /** Writes the rest of the upload into a temporary file. @throws AppError `disk_full` */
  async #spool(): Promise<{ file: FileHandle; size: number }> {
    const previous = this.#file;
    let size = 0;
    const file = await orDiskFull(() => openTemporaryFile(this.#options.tempDir, this.#options.openFile));
    this.#file = file;
    for await (const chunk of this.#top) {
      await orDiskFull(() => writeFully(file, chunk, size));
      size += chunk.length;
    }
    // A zip archive in a zip archive has been read completely.
    await previous?.close();
    return { file, size };
  }

  #result(): UnpackedBytes {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const unpacking = this;
    return {
      kind: 'bytes',
      bytes: closing(this.#top, () => this.close()),
      packings: this.#packings,
      innerName: this.#innerName,
      get truncated() {
        return unpacking.#truncated;
      },
    };
  }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    meter.packed(chunk.length);
    yield chunk;
  }
}

function streamOf(
  packing: string,
  source: AsyncGenerator<Uint8Array>,
  meter: UnpackMeter,
): AsyncGenerator<Uint8Array> {
  if (packing === 'zstd') return unzstd(source, meter);
  if (packing === 'deflate') return inflateEither(source, meter);
  return unzlib(packing === 'br' ? 'br' : 'gzip', source, meter);
}

/**
 * Returns how bytes are packed, from the first four of them. A gzip file of a method other than deflate does not exist. A
 * Zstandard file may begin with a frame that is skipped. A zip archive may be empty.
 */
export function packingOf(first: Buffer): 'gzip' | 'zstd' | 'zip' | undefined {
  const hex = first.toString('hex', 0, 4);
  if (hex.startsWith('1f8b')) return 'gzip';
  if (hex === '28b52ffd' || /^5.2a4d18$/.test(hex)) return 'zstd';
  return hex === '504b0304' || hex === '504b0506' ? 'zip' : undefined;
}

/** Returns the name in a gzip header (RFC 1952), which is Latin-1. */
function gzipName(header: Buffer): string | undefined {
  const flags = header[3] ?? 0;
  if ((flags & 0x08) === 0) return undefined;
  const start = (flags & 0x04) === 0 ? 10 : 12 + (header.length >= 12 ? header.readUInt16LE(10) : 0);
  const end = header.indexOf(0, start);
  return end <= start ? undefined : baseName(header.toString('latin1', start, end));
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

async function orDiskFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDiskFull(error, 'There is no disk space left to unpack the archive.');
  }
}

/** Passes bytes on, and closes what belongs to them at the end, even if no byte was read. */
function closing(bytes: AsyncGenerator<Uint8Array>, close: () => Promise<void>): AsyncGenerator<Uint8Array> {
  const closed = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      await close();
    }
  };
  const generator: AsyncGenerator<Uint8Array> = {
    async next(): Promise<IteratorResult<Uint8Array, unknown>> {
      const result = await bytes.next().catch((error: unknown) => closed(Promise.reject(error as Error)));
      if (result.done === true) await close();
      return result;
    },
    return: (value: unknown) => closed(bytes.return(value)),
    throw: (error: unknown) => closed(bytes.throw(error)),
    [Symbol.asyncIterator]: (): AsyncGenerator<Uint8Array> => generator,
  };
  return generator;
}
