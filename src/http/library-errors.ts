import type { FastifyError } from 'fastify';
import { AppError, type ErrorCode } from '../errors.js';
import { HOW_TO_SEND } from './upload/content-type.js';
import { FORM_LIMITS } from './upload/upload.js';

/** Our error for an error of a library. */
interface Mapping {
  code: ErrorCode;
  /** Replaces the library's message where it says too little. */
  detail?: string;
}

const TOO_MANY_PARTS: Mapping = {
  code: 'form_too_large',
  detail: `The form has too many parts. Send one file and at most ${FORM_LIMITS.fields} text fields.`,
};

/** Mappings by code, for errors of Fastify and its plugins whose status is too general or wrong. */
const byCode: Record<string, Mapping> = {
  FST_ERR_VALIDATION: { code: 'request_invalid' },
  FST_PARTS_LIMIT: TOO_MANY_PARTS,
  FST_FILES_LIMIT: TOO_MANY_PARTS,
  FST_FIELDS_LIMIT: TOO_MANY_PARTS,
  FST_PROTO_VIOLATION: { code: 'request_invalid' },
  // The plugin's 406 would mean that the client does not accept the answer.
  FST_INVALID_JSON_FIELD_ERROR: { code: 'request_invalid' },
  FST_MP_PREMATURE_CLOSE: { code: 'upload_incomplete' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'media_type_unsupported',
    detail: `The Content-Type is malformed. ${HOW_TO_SEND}`,
  },
};

/** Mappings by status, for all other errors of libraries. */
const byStatus: Record<number, Mapping> = {
  403: {
    code: 'forbidden',
    detail: 'The server does not serve files at this path. /docs lists all addresses.',
  },
  404: { code: 'not_found' },
  405: { code: 'method_not_allowed' },
  406: { code: 'not_acceptable' },
  408: { code: 'upload_timeout' },
  412: { code: 'precondition_failed', detail: 'The file does not match If-Match or If-Unmodified-Since.' },
  413: { code: 'upload_too_large' },
  415: { code: 'media_type_unsupported' },
  416: { code: 'range_invalid', detail: 'The range begins after the end of the file.' },
  431: { code: 'headers_too_large' },
};

/** Converts an error of a library to one of ours. Client errors without a specific code keep the library's status. */
export function toAppError(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error;
  const { code, message, statusCode: status = 500 } = error;
  const known = byCode[code];
  if (known) {
    const detail = known.detail ?? invalidParameter(error) ?? message;
    return new AppError(known.code, detail, {}, { cause: error });
  }
  if (status < 400 || status >= 500) {
    return new AppError(
      'internal',
      'The server failed to process the request. Its log names the cause.',
      {},
      { cause: error },
    );
  }
  const mapping = byStatus[status] ?? { code: 'request_invalid' };
  return new AppError(mapping.code, mapping.detail ?? message, {}, { cause: error, status });
}

/** Returns what is wrong with the query; undefined for another error. The library writes `querystring/on_error must be …`. */
function invalidParameter({ validationContext, validation }: FastifyError): string | undefined {
  const issue = validation?.[0];
  if (validationContext !== 'querystring' || issue?.message === undefined) return undefined;
  return `The parameter ${issue.instancePath.slice(1)} ${issue.message}.`;
}
