import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';
import { readAhead } from '../../pipeline/read-ahead.js';
import type { UploadedBytes } from '../../pipeline/open-upload.js';
import type { OpenFile } from '../../files/temporary-file.js';
import { peek, withFirst } from '../../text/peek.js';
import type { LabelParameters } from '../../pipeline/label-parameters.js';
import { mergeParameters } from '../parameters.js';
import { BODY_TYPES, HOW_TO_SEND, parseContentType } from './content-type.js';
import { refuseDeclaredSize, type SizeLimit } from './guard-bytes.js';
import type { SlotHolder } from './slot-pool.js';
import { openBodyUpload, openFormUpload, type Upload } from './upload.js';
import type { UploadRate } from './upload-rate.js';
import { isSmallUpload, SMALL_BYTES, type UploadSlots } from './upload-slots.js';

/** Maximum number of bytes of a form besides its file: text fields and the headers of its parts. */
const FORM_OVERHEAD_BYTES = 1024 * 1024;

/** The settings of uploads. */
export type ReceiveSettings = Pick<
  Config,
  'maxUploadBytes' | 'spoolDir' | 'spoolMemoryBytes' | 'readAheadBytes'
> & { openSpoolFile?: OpenFile | undefined };

/** An upload whose slot is taken. Its bytes are still arriving. */
export interface ReceivedUpload extends UploadedBytes {
  readonly parameters: LabelParameters;
  readonly isForm: boolean;
  /** Whether the upload has few records, so that a person may be waiting for the answer. */
  readonly isSmall: boolean;
  /** Reads a form to its end. To be called after `bytes` has been read. */
  finish(): Promise<void>;
}

/**
 * Begins to receive the upload of a request: checks type and declared size, finds the file of a form, and takes a slot
 * when the first bytes have arrived. The caller releases the slot.
 * @throws AppError when the request cannot be an upload, or no slot is free
 */
export async function receive(
  request: FastifyRequest,
  response: ServerResponse,
  query: LabelParameters,
  { slots, rate, holder = rate, settings, limit = uploadLimit(settings) }: ReceiveParts,
): Promise<ReceivedUpload> {
  const isForm = request.isMultipart();
  refuseOtherTypes(request.headers['content-type']);
  refuseDeclaredSize(request.headers['content-length'], limit, isForm ? FORM_OVERHEAD_BYTES : 0);
  sendContinue(request.raw, response);
  const upload: Upload = isForm
    ? await openFormUpload(request, limit, rate)
    : openBodyUpload(request, limit, rate);
  const parameters = mergeParameters(query, upload.fields);
  const contentEncoding = request.headers['content-encoding'];
  const { first, rest, isEnded } = await peek(upload.bytes, SMALL_BYTES + 1);
  const isSmall = isSmallUpload(first, contentEncoding);
  try {
    slots.take(holder, isSmall);
  } catch (error) {
    await rest.return();
    throw error;
  }
  const all = withFirst(first, rest);
  return {
    parameters,
    isForm,
    isSmall,
    // An upload that has arrived completely needs no buffer.
    bytes: isEnded ? all : readAhead(all, overflowSettings(settings)),
    mediaType: upload.mediaType,
    charset: upload.charset,
    contentEncoding,
    fileName: upload.fileName,
    finish: () => upload.finish(),
  };
}

/** What receiving an upload needs besides the request. */
export interface ReceiveParts {
  slots: UploadSlots;
  rate: UploadRate;
  /** Holds the slot. Default: `rate`. */
  holder?: SlotHolder;
  settings: ReceiveSettings;
  /** The largest upload. Default: MAX_UPLOAD_BYTES. */
  limit?: SizeLimit;
}

function uploadLimit({ maxUploadBytes }: ReceiveSettings): SizeLimit {
  return { maxBytes: maxUploadBytes, setting: 'MAX_UPLOAD_BYTES' };
}

/** Returns where the bytes of an upload wait that have arrived but are not read yet. */
function overflowSettings(settings: ReceiveSettings): Parameters<typeof readAhead>[1] {
  return {
    dir: settings.spoolDir,
    memoryBytes: settings.spoolMemoryBytes,
    fileBytes: settings.readAheadBytes,
    openFile: settings.openSpoolFile,
  };
}

/** Sends 100 to a client that waits for it. Only after the checks of the headers: a refused body need not be sent. */
function sendContinue(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

function refuseOtherTypes(contentType: string | undefined): void {
  const { mediaType } = parseContentType(contentType);
  if (mediaType === 'multipart/form-data' || (mediaType !== undefined && BODY_TYPES.has(mediaType))) return;
  const problem =
    mediaType === undefined ? 'The request has no Content-Type.' : `${mediaType} is not supported.`;
  throw new AppError('media_type_unsupported', `${problem} ${HOW_TO_SEND}`);
}
