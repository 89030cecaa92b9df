import type { FastifyError } from 'fastify';
import { AppError, type ErrorCode } from '../errors.js';
import { HOW_TO_SEND } from './how-to-send.js';
import { FORM_LIMITS } from './upload/form-limits.js';

/** One of our errors: its code, and what to tell the client where the library says too little. */
interface Meaning {
  code: ErrorCode;
  detail?: string;
}

const TOO_MANY_PARTS: Meaning = {
  code: 'form_too_large',
  detail: `The form has too many parts. Send one file, and not more than ${FORM_LIMITS.fields} text fields before it.`,
};

/** Errors of Fastify and its plugins whose code says more than their status. */
const meaningOfCode: Record<string, Meaning> = {
  FST_ERR_VALIDATION: { code: 'request_invalid' },
  FST_PARTS_LIMIT: TOO_MANY_PARTS,
  FST_FILES_LIMIT: TOO_MANY_PARTS,
  FST_FIELDS_LIMIT: TOO_MANY_PARTS,
  FST_PROTO_VIOLATION: { code: 'request_invalid' },
  // The plugin says 406, which is for answers that the client does not accept.
  FST_INVALID_JSON_FIELD_ERROR: { code: 'request_invalid' },
  FST_MP_PREMATURE_CLOSE: { code: 'upload_incomplete' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'media_type_unsupported',
    detail: `The Content-Type is not well formed. ${HOW_TO_SEND}`,
  },
};

/** Our codes for the statuses of all other errors of libraries. */
const meaningOfStatus: Record<number, Meaning> = {
  403: { code: 'forbidden', detail: 'Nothing is served at a path of this form.' },
  404: { code: 'not_found' },
  405: { code: 'method_not_allowed' },
  406: { code: 'not_acceptable' },
  408: { code: 'upload_timeout' },
  412: { code: 'precondition_failed', detail: 'The file has changed, or has not, since the client saw it.' },
  413: { code: 'upload_too_large' },
  415: { code: 'media_type_unsupported' },
  416: { code: 'range_invalid', detail: 'The file is shorter than the range begins.' },
  431: { code: 'headers_too_large' },
};

/** The error of ours that an error of a library stands for. A client's error keeps the status that the library gave. */
export function toAppError(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error;
  const { code, message, statusCode: status = 500 } = error;
  const known = meaningOfCode[code];
  if (known) return new AppError(known.code, known.detail ?? message, {}, { cause: error });
  if (status < 400 || status >= 500) {
    return new AppError('internal', 'The server failed at this; its log says why.', {}, { cause: error });
  }
  const meaning = meaningOfStatus[status] ?? { code: 'request_invalid' };
  return new AppError(meaning.code, meaning.detail ?? message, {}, { cause: error, status });
}
