import type { FastifyRequest } from 'fastify';
import { withFirst } from '../../text/peek.js';
import { AppError } from '../../errors.js';
import { parseContentType } from './content-type.js';
import { guardBytes, unbroken, type SizeLimit } from './guard-bytes.js';
import { watchPartCharset } from './part-charset.js';
import type { UploadPace } from './upload-pace.js';

/** A CSV on its way in. */
export interface Upload {
  /** The name that the client gave the file, if any. */
  fileName: string | undefined;
  charset: string | undefined;
  /** Bytes of the file, read on demand. Rejects with an AppError when too many come, or too slowly. */
  bytes: AsyncIterable<Uint8Array>;
  /** To be called after the bytes have been read: @throws AppError when the form goes on as it must not. */
  finish(): Promise<void>;
}

const FORM_BROKEN = 'The form broke off before its end, or is not well formed.';
const HOW_TO_SEND_A_FILE = 'Send it as the form field "file", for example: curl -F file=@logs.csv';

/** A CSV that is the request's whole body. */
export function openPlainUpload(request: FastifyRequest, limit: SizeLimit, pace: UploadPace): Upload {
  return {
    fileName: undefined,
    charset: parseContentType(request.headers['content-type']).charset,
    bytes: guardBytes(request.raw, limit, pace, (bytes) => pace.move(bytes)),
    finish: () => Promise.resolve(),
  };
}

/**
 * The CSV of a form: its only file, in whatever field. A file without a name counts if it holds anything: a file
 * input with nothing chosen is sent as an empty file without a name.
 * @throws AppError `file_missing` when the form ends without a file, or with none chosen.
 */
export async function openFormUpload(
  request: FastifyRequest,
  limit: SizeLimit,
  pace: UploadPace,
): Promise<Upload> {
  const charset = watchPartCharset(request.raw);
  // Every byte of the form counts, not only those of the file: they all show that the client goes on.
  request.raw.on('data', ({ length }: Buffer) => pace.move(length));
  // One byte more than allowed: then our own count says so, and the file is never silently cut.
  const parts = request.parts({ limits: { fileSize: limit.maxBytes + 1 } });
  const nextPart = (): Promise<IteratorResult<Part>> => pace.waitFor(unbroken(parts.next(), FORM_BROKEN));
  const textFields: string[] = [];
  let unchosen = false;
  for (;;) {
    const next = await nextPart();
    if (next.done)
      throw new AppError('file_missing', `${missing(textFields, unchosen)} ${HOW_TO_SEND_A_FILE}`);
    const part = next.value;
    if (part.type === 'field') {
      textFields.push(part.fieldname);
      continue;
    }
    const bytes = guardBytes(part.file, limit, pace);
    const first = isNamed(part) ? undefined : await bytes.next();
    if (first?.done) {
      unchosen = true;
      continue;
    }
    return {
      fileName: part.filename,
      charset: charset(),
      bytes: first ? withFirst(first.value, bytes) : bytes,
      finish: () => expectNoMore(nextPart, limit, pace),
    };
  }
}

type Parts = ReturnType<FastifyRequest['parts']>;
type Part = Parts extends AsyncIterableIterator<infer P> ? P : never;

async function expectNoMore(
  nextPart: () => Promise<IteratorResult<Part>>,
  limit: SizeLimit,
  pace: UploadPace,
): Promise<void> {
  for (;;) {
    const next = await nextPart();
    if (next.done) return;
    if (next.value.type === 'field') continue;
    const first = isNamed(next.value) ? undefined : await guardBytes(next.value.file, limit, pace).next();
    if (first?.done) continue;
    throw new AppError('file_several', 'The form holds several files. Send one file a request.');
  }
}

/** A part may be a file without a name, whatever the plugin's types say. */
function isNamed(part: { filename: string | undefined }): boolean {
  return part.filename !== undefined && part.filename !== '';
}

function missing(textFields: readonly string[], unchosen: boolean): string {
  if (unchosen) return 'No file was chosen.';
  if (textFields.length === 0) return 'The form holds no file.';
  const names = textFields.map((name) => JSON.stringify(name.slice(0, 100))).join(', ');
  return `The form holds no file, only text (${names}); the CSV must be sent as a file.`;
}
