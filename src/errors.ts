/**
 * Every way in which the server refuses or fails a request. The code is public contract: programs compare
 * it; the title is for people; the detail is written where the error is thrown, for it knows the line.
 */
export const errorCatalogue = {
  file_missing: { status: 400, title: 'No file was sent' },
  file_several: { status: 400, title: 'More than one file was sent' },
  csv_empty: { status: 400, title: 'The file is empty' },
  csv_malformed: { status: 400, title: 'The CSV is malformed' },
  column_missing: { status: 400, title: 'A column is missing' },
  column_duplicate: { status: 400, title: 'A column is there twice' },
  encoding: { status: 400, title: 'The text cannot be decoded' },
  json_invalid: { status: 400, title: 'The JSON does not fit' },
  host_invalid: { status: 400, title: 'The Host header is missing or wrong' },
  request_invalid: { status: 400, title: 'The request is invalid' },
  upload_incomplete: { status: 400, title: 'The upload broke off' },
  forbidden: { status: 403, title: 'This is not served' },
  cross_site: { status: 403, title: 'Another site may not send this' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  not_acceptable: { status: 406, title: 'None of the accepted types can be sent' },
  upload_timeout: { status: 408, title: 'The upload took too long' },
  precondition_failed: { status: 412, title: 'The condition of the request does not hold' },
  form_too_large: { status: 413, title: 'The form has too many parts' },
  upload_too_large: { status: 413, title: 'The upload is too large' },
  cell_too_large: { status: 413, title: 'A cell is too large' },
  not_csv: { status: 415, title: 'This is not a CSV file' },
  media_type_unsupported: { status: 415, title: 'The content type is not supported' },
  range_invalid: { status: 416, title: 'The range is not in the file' },
  expectation_failed: { status: 417, title: 'The Expect header cannot be met' },
  host_unknown: { status: 421, title: 'This server is not known by that name' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong here' },
  busy: { status: 503, title: 'Too many uploads at once' },
  not_ready: { status: 503, title: 'Not ready' },
  disk_full: { status: 507, title: 'The server has no room left' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable name of a kind of error. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Where in the input the trouble is, as far as it is known; goes into the answer as it is. */
export interface ErrorPlace {
  /**
   * Line of the file, counted from 1 with the header as line 1; a cell with line breaks spans several.
   * In a JSON body the line of the text.
   */
  line?: number;
  /** Name of a column, or its number from 1. */
  column?: string | number;
  /** Byte offset from the start of the file or the JSON body. */
  offset?: number;
  /** Path of a field in a JSON body, such as `logs.3.source`. */
  path?: string;
}

/**
 * An error that its cause, the client or the machine, may be told about.
 * @example throw new AppError('csv_malformed', 'Line 7 has 3 cells where the header has 2.', { line: 7 })
 */
export class AppError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: ErrorCode,
    /** One or two sentences for a person: what is wrong and what to do. */
    detail: string,
    readonly place: ErrorPlace = {},
    /** The status replaces that of the code; for a library's error whose status has no code of its own. */
    { status, ...options }: ErrorOptions & { status?: number } = {},
  ) {
    super(detail, options);
    this.name = 'AppError';
    this.status = status ?? errorCatalogue[code].status;
    this.title = errorCatalogue[code].title;
  }
}
