import { AppError } from '../../errors.js';

/** Returns the error for compressed data that is damaged. `offset` counts the bytes of the compressed data. */
export function damaged(what: string, why: string, offset?: number, cause?: unknown): AppError {
  const at = offset === undefined ? '' : ` near byte ${offset} (counted from 0)`;
  return unpackFailed(`The compressed data is damaged${at}: ${what} ${why}.`, offset, cause);
}

/** Returns the error for compressed data that ends too early. */
export function cutOff(what: string, offset: number, cause?: unknown): AppError {
  const detail =
    `The compressed data is cut off: ${what} ends at byte ${offset}, before its end. Send the complete file. ` +
    'on_error=skip takes what could be unpacked.';
  return unpackFailed(detail, offset, cause, true);
}

/** Returns the error for compressed data that is not unpacked, with a sentence for the user. */
export function unpackFailed(detail: string, offset?: number, cause?: unknown, isCutOff = false): AppError {
  return new UnpackError(detail, offset, cause, isCutOff);
}

/** Compressed data cannot be unpacked. */
class UnpackError extends AppError {
  constructor(
    detail: string,
    offset: number | undefined,
    cause: unknown,
    readonly isCutOff: boolean,
  ) {
    super(
      'unpack_failed',
      detail,
      offset === undefined ? {} : { offset },
      cause === undefined ? {} : { cause },
    );
  }
}

/** Whether an error means that the data ended too early, so that what came before it may be used. */
export function isCutOff(error: unknown): boolean {
  return error instanceof UnpackError && error.isCutOff;
}
