import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.js';
import { parseContentType } from './content-type.js';
import { guardBytes, unbroken, type ByteLimits } from './guard-bytes.js';
import { watchPartCharset } from './part-charset.js';
import { withinTime } from './within-time.js';

/** A CSV on its way in. */
export interface Upload {
  /** The name that the client gave the file, if any. */
  fileName: string | undefined;
  charset: string | undefined;
  /** Bytes of the file, read on demand. Rejects with an AppError when too many come, or none for too long. */
  bytes: AsyncIterable<Uint8Array>;
  /** To be called after the bytes have been read: @throws AppError when the form goes on as it must not. */
  finish(): Promise<void>;
}

const FORM_BROKEN = 'The form broke off before its end, or is not well formed.';
const HOW_TO_SEND = 'Send it as the form field "file", for example: curl -F file=@logs.csv';

/** A CSV that is the request's whole body. */
export function openPlainUpload(request: FastifyRequest, limits: ByteLimits): Upload {
  return {
    fileName: undefined,
    charset: parseContentType(request.headers['content-type']).charset,
    bytes: guardBytes(request.raw, limits),
    finish: () => Promise.resolve(),
  };
}

/**
 * The CSV of a form: its only file, in whatever field.
 * @throws AppError `file_missing` when the form ends without a file, or with none chosen.
 */
export async function openFormUpload(request: FastifyRequest, limits: ByteLimits): Promise<Upload> {
  const charset = watchPartCharset(request.raw);
  // One byte more than allowed: then our own count says so, and the file is never silently cut.
  const parts = request.parts({ limits: { fileSize: limits.maxBytes + 1 } });
  const nextPart = (): Promise<IteratorResult<Part>> =>
    withinTime(unbroken(parts.next(), FORM_BROKEN), limits.idleTimeoutMs);
  const textFields: string[] = [];
  let unchosen = false;
  for (;;) {
    const next = await nextPart();
    if (next.done) throw new AppError('file_missing', `${missing(textFields, unchosen)} ${HOW_TO_SEND}`);
    const part = next.value;
    if (part.type === 'field') {
      textFields.push(part.fieldname);
      continue;
    }
    if (isUnchosen(part)) {
      unchosen = true;
      part.file.resume();
      continue;
    }
    return {
      fileName: part.filename,
      charset: charset(),
      bytes: guardBytes(part.file, limits),
      finish: () => expectNoMore(nextPart),
    };
  }
}

type Parts = ReturnType<FastifyRequest['parts']>;
type Part = Parts extends AsyncIterableIterator<infer P> ? P : never;

async function expectNoMore(nextPart: () => Promise<IteratorResult<Part>>): Promise<void> {
  for (;;) {
    const next = await nextPart();
    if (next.done) return;
    if (next.value.type === 'file') {
      next.value.file.resume();
      if (isUnchosen(next.value)) continue;
      throw new AppError('file_several', 'The form holds several files. Send one file a request.');
    }
  }
}

/** A file input sent with nothing chosen is a file without a name, whatever the plugin's types say. */
function isUnchosen(part: { filename: string | undefined }): boolean {
  return part.filename === undefined || part.filename === '';
}

function missing(textFields: readonly string[], unchosen: boolean): string {
  if (unchosen) return 'No file was chosen.';
  if (textFields.length === 0) return 'The form holds no file.';
  const names = textFields.map((name) => JSON.stringify(name.slice(0, 100))).join(', ');
  return `The form holds no file, only text (${names}); the CSV must be sent as a file.`;
}
