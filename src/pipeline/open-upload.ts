import { untilAborted } from '../async/until-aborted.js';
import { AppError } from '../errors.js';
import type { TextFormat } from '../formats/detect.js';
import type { Input, ReadOptions } from '../formats/format.js';
import { openTextInput } from '../formats/open.js';
import type { WarningCounts } from '../formats/warnings.js';
import { openCsv } from '../formats/csv/csv-input.js';
import { openXlsx } from '../formats/xlsx/xlsx-input.js';
import type { OpenFile } from '../files/temporary-file.js';
import { openText } from '../text/open-text.js';
import { unpack, type Unpacked } from '../text/unpack/unpack.js';

/** Bytes from a client, and what the client says about them. */
export interface UploadedBytes {
  /** Read no faster than the records are classified. Always closed in the end. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** In lower case, without parameters. */
  readonly mediaType?: string | undefined;
  /** The charset of the Content-Type. */
  readonly charset?: string | undefined;
  /** The Content-Encoding. */
  readonly contentEncoding?: string | undefined;
  readonly fileName?: string | undefined;
}

/** How to read an upload. */
export interface OpenUploadOptions extends Omit<ReadOptions, 'bom' | 'fileName'> {
  /** The format that the client states. */
  format: TextFormat | 'xlsx' | undefined;
  /** The encoding that the client states. */
  encoding: string | undefined;
  /** The sheet of a workbook: its name, or its number counted from 1. */
  sheet: string | undefined;
  /** Maximum number of bytes of an upload after unpacking. */
  maxUnpackedBytes: number;
  /** The folder of temporary files. */
  dir: string;
  openFile?: OpenFile | undefined;
  /** Called with the format of a text before its reader opens. It throws to refuse the format. */
  onFormat?: ((format: TextFormat) => void) | undefined;
  /** Ends the reading when the client has gone. */
  signal?: AbortSignal | undefined;
}

/** An upload that is open as records. */
export interface OpenedUpload {
  readonly input: Input;
  /** How the upload was packed, outermost first, such as `gzip`. */
  readonly packings: readonly string[];
  /** The name of the encoding; undefined for a workbook. */
  readonly encoding: string | undefined;
  /** Whether the input was a workbook or began with a byte order mark. */
  readonly bom: boolean;
  /** Returns the warnings about bytes and text so far; final when all records have been read. */
  warnings(): WarningCounts;
}

/**
 * Opens an upload: unpacks it, decodes its text and finds its format and columns. It closes the bytes if it fails.
 * @throws AppError when the upload is damaged, not text, too large, or not in a readable format
 */
export async function openUpload(upload: UploadedBytes, options: OpenUploadOptions): Promise<OpenedUpload> {
  return await openUnpacked(await unpackUpload(upload, options), upload, options);
}

/** The first step of `openUpload`. */
export function unpackUpload(
  { bytes, contentEncoding }: UploadedBytes,
  { maxUnpackedBytes, dir, openFile, onError }: OpenUploadOptions,
): Promise<Unpacked> {
  return unpack(bytes, { contentEncoding, maxUnpackedBytes, tempDir: dir, openFile, onError });
}

/** The second step of `openUpload`. */
export async function openUnpacked(
  unpacked: Unpacked,
  { mediaType, charset, fileName }: Omit<UploadedBytes, 'bytes'>,
  options: OpenUploadOptions,
): Promise<OpenedUpload> {
  if (unpacked.kind === 'workbook') {
    const input = await openXlsx(unpacked, { ...options, fileName, bom: true }, (text, how) =>
      openCsv(untilAborted(text, options.signal), how),
    );
    return { input, packings: [], encoding: undefined, bom: true, warnings: () => ({}) };
  }
  const { encoding, onError, format, signal } = options;
  const opened = await openText(untilAborted(unpacked.bytes, signal), { charset, encoding, onError });
  if (format === 'xlsx') {
    await opened.text.return();
    throw new AppError('request_invalid', 'input_format is xlsx, but the input is not an .xlsx workbook.');
  }
  const input = await openTextInput(opened.text, {
    ...options,
    format,
    mediaType,
    fileName: unpacked.innerName ?? fileName,
    bom: opened.bom,
  });
  return {
    input,
    packings: unpacked.packings,
    get encoding() {
      return opened.encoding;
    },
    bom: opened.bom,
    warnings: () => ({
      'bytes-replaced': opened.bytesReplaced,
      ...(opened.guessed === undefined ? {} : { 'encoding-guessed': opened.guessed }),
      'input-truncated': unpacked.truncated ? 1 : 0,
    }),
  };
}
