import type { FastifyRequest } from 'fastify';
import { AppError } from '../../errors.js';
import { parseContentType } from './content-type.js';
import { guardBytes, type ByteLimits } from './guard-bytes.js';

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
 * @throws AppError `file_missing` when the form ends without a file, or with one that has no name.
 */
export async function openFormUpload(request: FastifyRequest, limits: ByteLimits): Promise<Upload> {
  // One byte more than allowed: then our own count says so, and the file is never silently cut.
  const parts = request.parts({ limits: { fileSize: limits.maxBytes + 1 } });
  const textFields: string[] = [];
  for (;;) {
    const next = await parts.next();
    if (next.done) throw new AppError('file_missing', `${missing(textFields)} ${HOW_TO_SEND}`);
    const part = next.value;
    if (part.type === 'field') {
      textFields.push(part.fieldname);
      continue;
    }
    // A form sent with nothing chosen has a file without a name, whatever the plugin's types say.
    if (!part.filename) {
      part.file.resume();
      throw new AppError('file_missing', `No file was chosen. ${HOW_TO_SEND}`);
    }
    return {
      fileName: part.filename,
      charset: parseContentType(part.mimetype).charset,
      bytes: guardBytes(part.file, limits),
      finish: () => expectNoMore(parts),
    };
  }
}

type Parts = ReturnType<FastifyRequest['parts']>;

async function expectNoMore(parts: Parts): Promise<void> {
  for await (const part of parts) {
    if (part.type === 'file') {
      part.file.resume();
      throw new AppError('file_several', 'The form holds several files. Send one file a request.');
    }
  }
}

function missing(textFields: readonly string[]): string {
  if (textFields.length === 0) return 'The form holds no file.';
  const names = textFields.map((name) => JSON.stringify(name.slice(0, 100))).join(', ');
  return `The form holds no file, only text (${names}); the CSV must be sent as a file.`;
}
