import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Reader, ZipReader, type Entry } from '@zip.js/zip.js';
import { loopTurn } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import { readFully } from '../../files/temporary-file.js';
import { damaged, unpackFailed } from './unpack-errors.js';
import type { UnpackMeter } from './unpack-meter.js';
import { unzlib } from './zlib-layer.js';

/** The central directory and the extra fields of an archive must fit into this. zip.js takes 40 ms for so many names. */
const MAX_READ = 1024 * 1024;

/** How many entries are looked at. Each takes about 4 kB of memory. */
const MAX_ENTRIES = 5_000;

/** zip.js takes about 2 ms for so many entries, and does not let the event loop turn itself. */
const ENTRIES_PER_TURN = 100;

/** How many names are shown to the user. */
const SHOWN_NAMES = 5;

const SLICE = 64 * 1024;
const LOCAL_HEADER = 30;

/** The names of an archive's files, and those that matter. */
export interface ZipContents {
  /** Whether it is an .xlsx or .xlsm workbook. */
  isWorkbook: boolean;
  /** Whether it is another file of an office program. */
  isOffice: boolean;
  files: Entry[];
}

/** Random access to an open file, for zip.js. */
class FileReader extends Reader<FileHandle> {
  constructor(
    private readonly file: FileHandle,
    override size: number,
  ) {
    super(file);
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    if (length > MAX_READ) throw unpackFailed('The list of files in the zip archive is too large.');
    return readFully(this.file, index, Math.min(length, this.size - index));
  }
}

/**
 * Lists the files of a zip archive, without directories and the shadow files of macOS.
 * @throws AppError `unpack_failed` for an archive that is damaged or cut off, and for more than 5,000 entries
 */
export async function listZip(file: FileHandle, size: number): Promise<ZipContents> {
  const reader = new ZipReader(new FileReader(file, size), {
    useWebWorkers: false,
    filenameValidation: 'tolerant',
  });
  const files: Entry[] = [];
  let count = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      count += 1;
      if (count % ENTRIES_PER_TURN === 0) await loopTurn();
      if (count > MAX_ENTRIES)
        throw unpackFailed(`The zip archive has more than ${MAX_ENTRIES.toLocaleString('en')} entries.`);
      if (!entry.directory && !/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(entry.filename)) files.push(entry);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged(
      'the zip archive',
      `says "${(error as Error).message}". It may be cut off`,
      undefined,
      error,
    );
  }
  const has = (name: RegExp): boolean => files.some(({ filename }) => name.test(filename));
  const isWorkbook = has(/^xl\/workbook\.xml$/);
  return { isWorkbook, isOffice: has(/^(word|ppt|xl)\/|^mimetype$|^\[Content_Types\]\.xml$/), files };
}

/**
 * Returns the only file of an archive.
 * @throws AppError `unpack_failed` for none, several, an encrypted one, and one in a method other than deflate
 */
export function onlyFile(files: readonly Entry[]): Entry {
  const [entry] = files;
  if (!entry) throw unpackFailed('The zip archive has no file in it.');
  if (files.length > 1) {
    const names = files.slice(0, SHOWN_NAMES).map(({ filename }) => shortName(filename));
    const more = files.length > SHOWN_NAMES ? ', …' : '';
    throw unpackFailed(
      `The zip archive has ${files.length} files (${names.join(', ')}${more}). Send one, or an archive with one file.`,
    );
  }
  if (entry.encrypted)
    throw unpackFailed(`The file ${shortName(entry.filename)} in the zip archive is encrypted.`);
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw unpackFailed(
      `The file ${shortName(entry.filename)} in the zip archive is packed with method ${entry.compressionMethod}. Only deflate is unpacked here.`,
    );
  }
  return entry;
}

/**
 * Unpacks one file of an archive, and checks its length and checksum.
 * @throws AppError `unpack_failed` for damaged data
 * @throws the error of `meter`
 */
export async function* readEntry(
  file: FileHandle,
  size: number,
  entry: Entry,
  meter: UnpackMeter,
): AsyncGenerator<Uint8Array> {
  const start = await dataOffset(file, size, entry);
  const packed = slices(file, start, entry.compressedSize);
  const isStored = entry.compressionMethod === 0;
  let sum = 0;
  let length = 0;
  for await (const piece of isStored ? packed : unzlib('deflate-raw', packed, meter)) {
    if (isStored) meter.unpacked(piece.length);
    sum = crc32(piece, sum);
    length += piece.length;
    yield piece;
  }
  if (length !== entry.uncompressedSize) throw damaged('the file in the zip archive', 'has another length');
  if (sum !== entry.crc32) throw damaged('the file in the zip archive', 'has a wrong checksum');
}

async function dataOffset(file: FileHandle, size: number, entry: Entry): Promise<number> {
  const header = Buffer.from(await readFully(file, entry.offset, LOCAL_HEADER));
  if (header.length < LOCAL_HEADER || header.readUInt32LE(0) !== 0x04034b50) {
    throw damaged('the zip archive', 'has no file where its list says', entry.offset);
  }
  const start = entry.offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > size)
    throw damaged('the zip archive', 'ends inside its file', entry.offset);
  return start;
}

async function* slices(file: FileHandle, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += SLICE) {
    const slice = await readFully(file, start + at, Math.min(SLICE, length - at));
    if (slice.length === 0) return;
    yield slice;
  }
}

function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
