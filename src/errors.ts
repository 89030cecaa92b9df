/**
 * Every error that the server sends. Codes are public contract, because programs compare them. Titles are for people. The
 * detail comes from the code that throws the error, which knows the position in the input.
 */
export const errorCatalogue = {
  file_missing: { status: 400, title: 'No file was sent' },
  file_several: { status: 400, title: 'More than one file was sent' },
  csv_empty: { status: 400, title: 'The file is empty' },
  csv_malformed: { status: 400, title: 'The CSV is malformed' },
  column_missing: { status: 400, title: 'A column is missing' },
  column_duplicate: { status: 400, title: 'A column name appears twice' },
  encoding: { status: 400, title: 'The text cannot be decoded' },
  json_invalid: { status: 400, title: 'The JSON is invalid' },
  xlsx_malformed: { status: 400, title: 'The workbook cannot be read' },
  sheet_missing: { status: 400, title: 'The workbook has no such sheet' },
  host_invalid: { status: 400, title: 'The Host header is missing or invalid' },
  parameter_unknown: { status: 400, title: 'A parameter does not exist' },
  field_after_file: { status: 400, title: 'A form field comes after the file' },
  request_invalid: { status: 400, title: 'The request is invalid' },
  upload_incomplete: { status: 400, title: 'The upload is incomplete' },
  unpack_failed: { status: 400, title: 'The compressed data cannot be unpacked' },
  forbidden: { status: 403, title: 'This path is not allowed' },
  corrections_off: { status: 403, title: 'Corrections are off' },
  cross_site: { status: 403, title: 'Requests from other sites are not allowed' },
  not_found: { status: 404, title: 'This address does not exist' },
  correction_unknown: { status: 404, title: 'There is no such correction' },
  job_unknown: { status: 404, title: 'There is no such job' },
  method_not_allowed: { status: 405, title: 'The method is not allowed at this address' },
  not_acceptable: { status: 406, title: 'The answer cannot be sent in an accepted format' },
  upload_timeout: { status: 408, title: 'The request took too long' },
  precondition_failed: { status: 412, title: 'A precondition of the request failed' },
  form_too_large: { status: 413, title: 'The form has too many parts' },
  upload_too_large: { status: 413, title: 'The upload is too large' },
  unpacked_too_large: { status: 413, title: 'The unpacked data is too large' },
  cell_too_large: { status: 413, title: 'A cell or message is too large' },
  not_text: { status: 415, title: 'This is not a text file' },
  media_type_unsupported: { status: 415, title: 'The content type is not supported' },
  range_invalid: { status: 416, title: 'The requested range is outside the file' },
  expectation_failed: { status: 417, title: 'The Expect header is not supported' },
  host_unknown: { status: 421, title: 'The server does not answer to this host name' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'The server failed' },
  busy: { status: 503, title: 'The server is busy' },
  not_ready: { status: 503, title: 'The server is not ready' },
  job_not_done: { status: 409, title: 'The job is not done' },
  job_running: { status: 409, title: 'The job has not ended' },
  job_damaged: { status: 409, title: 'The files of the job are damaged' },
  idempotency_conflict: { status: 409, title: 'The Idempotency-Key belongs to another request' },
  disk_full: { status: 507, title: 'The server has no disk space left' },
  corrections_full: { status: 507, title: 'The server has no room for more corrections' },
  jobs_full: { status: 507, title: 'The server has no room for more jobs' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable name of an error, for programs. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The position of an error in the input, as far as it is known. Its fields are copied to the answer. */
export interface ErrorPlace {
  /** Line of the file or the JSON body, counted from 1. The header of a CSV is line 1; a cell may span several lines. */
  line?: number;
  /** Name of a column, or its number counted from 1. */
  column?: string | number;
  /** Byte offset from the start of the file or the JSON body. */
  offset?: number;
  /** Path of a field in a JSON body, such as `logs.3.source`. */
  path?: string;
  /** The columns of the table, for an error about its columns. At most 200, each cut to 100 characters. */
  columns?: string[];
  /** The number of the column, counted from 1, or the path of the JSON field that may have the message. */
  guess?: number | string;
}

/**
 * An error that is sent to the client.
 * @example throw new AppError('csv_malformed', 'Line 7 has 3 cells where the header has 2.', { line: 7 })
 */
export class AppError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: ErrorCode,
    /** One or two sentences for people: what is wrong and how to fix it. */
    detail: string,
    readonly place: ErrorPlace = {},
    /** `status` replaces the status of the code, for a library's error that has no specific code. */
    { status, ...options }: ErrorOptions & { status?: number } = {},
  ) {
    super(detail, options);
    this.name = 'AppError';
    this.status = status ?? errorCatalogue[code].status;
    this.title = errorCatalogue[code].title;
  }
}
