import type { FastifyRequest } from 'fastify';
import { withFirst } from '../../text/peek.js';
import { AppError } from '../../errors.js';
import { isParameter, refuseMisspeltField } from '../parameters.js';
import { parseContentType } from './content-type.js';
import { guardBytes, orIncomplete, type SizeLimit } from './guard-bytes.js';
import { watchPartCharset } from './part-charset.js';
import type { UploadRate } from './upload-rate.js';

/** An upload that is still being received. */
export interface Upload {
  /** The file name from the form, if any. */
  fileName: string | undefined;
  /** The media type of the body, or of the file's part in a form, in lower case. */
  mediaType: string | undefined;
  /** The parameters that stand in the form before the file. */
  fields: Readonly<Record<string, string>>;
  /** The charset from the Content-Type of the body, or of the file's part in a form. */
  charset: string | undefined;
  /** Bytes of the file, read on demand. Throws an AppError when they are too many or arrive too slowly. */
  bytes: AsyncIterable<Uint8Array>;
  /**
   * Reads a form to its end. To be called after `bytes` has been read.
   * @throws AppError `file_several` when another file follows, `field_after_file` when a parameter follows,
   *   `parameter_unknown` when a misspelt one follows; the errors of `bytes`
   */
  finish(): Promise<void>;
}

/** Limits on the parts of a form. Text fields are held in memory before the upload has a slot. */
export const FORM_LIMITS = { files: 10, fields: 20, fieldSize: 4 * 1024, parts: 30 } as const;

const FORM_BROKEN = 'The form is malformed, or the upload ended before it was complete. Send it again.';
const HOW_TO_SEND_A_FILE = 'Send it as the form field "file", for example: curl -F file=@logs.csv';

/** Opens an upload that is the body of the request. */
export function openBodyUpload(request: FastifyRequest, limit: SizeLimit, rate: UploadRate): Upload {
  return {
    fileName: undefined,
    ...parseContentType(request.headers['content-type']),
    fields: {},
    bytes: guardBytes(request.raw, limit, rate, (bytes) => rate.count(bytes)),
    finish: () => Promise.resolve(),
  };
}

/**
 * Opens the upload of a form: its only file, in any field. An empty file without a name is skipped, because browsers send one
 * for a file input in which nothing was chosen.
 * @throws AppError `file_missing` when the form has no file or none was chosen, `request_invalid` when a parameter
 *   appears twice, `parameter_unknown` when the name of a field is nearly that of a parameter
 */
export async function openFormUpload(
  request: FastifyRequest,
  limit: SizeLimit,
  rate: UploadRate,
): Promise<Upload> {
  const charset = watchPartCharset(request.raw);
  // All bytes of the form count for the rate, not only those of the file.
  request.raw.on('data', ({ length }: Buffer) => rate.count(length));
  // One byte above our limit, so that guardBytes reports the excess. The plugin would silently truncate the file.
  const parts = request.parts({ limits: { fileSize: limit.maxBytes + 1 } });
  const nextPart = (): Promise<IteratorResult<Part>> => rate.waitFor(orIncomplete(parts.next(), FORM_BROKEN));
  const textFields: string[] = [];
  const fields: Record<string, string> = {};
  let unchosen = false;
  for (;;) {
    const next = await nextPart();
    if (next.done)
      throw new AppError('file_missing', `${whyMissing(textFields, unchosen)} ${HOW_TO_SEND_A_FILE}`);
    const part = next.value;
    if (part.type === 'field') {
      refuseMisspeltField(part.fieldname);
      textFields.push(part.fieldname);
      if (isParameter(part.fieldname)) addParameter(fields, part.fieldname, String(part.value));
      continue;
    }
    const bytes = guardBytes(part.file, limit, rate);
    const first = isNamed(part) ? undefined : await bytes.next();
    if (first?.done) {
      unchosen = true;
      continue;
    }
    return {
      fileName: part.filename,
      mediaType: parseContentType(part.mimetype).mediaType,
      fields,
      charset: charset(),
      bytes: first ? withFirst(first.value, bytes) : bytes,
      finish: () => expectNoMoreFiles(nextPart, limit, rate),
    };
  }
}

function addParameter(fields: Record<string, string>, name: string, value: string): void {
  if (Object.hasOwn(fields, name))
    throw new AppError('request_invalid', `The form field ${name} appears more than once. Send it once.`);
  fields[name] = value;
}

type Parts = ReturnType<FastifyRequest['parts']>;
type Part = Parts extends AsyncIterableIterator<infer P> ? P : never;

async function expectNoMoreFiles(
  nextPart: () => Promise<IteratorResult<Part>>,
  limit: SizeLimit,
  rate: UploadRate,
): Promise<void> {
  for (;;) {
    const next = await nextPart();
    if (next.done) return;
    if (next.value.type === 'field') {
      refuseParameter(next.value.fieldname);
      continue;
    }
    const first = isNamed(next.value) ? undefined : await guardBytes(next.value.file, limit, rate).next();
    if (first?.done) continue;
    throw new AppError('file_several', 'The form contains several files. Send one file per request.');
  }
}

/** The file has been read without the parameter. To ignore it would give an answer that the client did not ask for. */
function refuseParameter(name: string): void {
  refuseMisspeltField(name);
  if (!isParameter(name)) return;
  throw new AppError(
    'field_after_file',
    `The form field ${name} comes after the file. Send it before the file, or in the query: ?${name}=…`,
  );
}

/** The plugin's types say that every file has a name, but it may be missing or empty. */
function isNamed(part: { filename: string | undefined }): boolean {
  return part.filename !== undefined && part.filename !== '';
}

function whyMissing(textFields: readonly string[], unchosen: boolean): string {
  if (unchosen) return 'No file was chosen.';
  if (textFields.length === 0) return 'The form contains no file.';
  const names = textFields.map((name) => JSON.stringify(name.slice(0, 100))).join(', ');
  return `The form contains only text fields (${names}), but the log lines must be a file.`;
}
