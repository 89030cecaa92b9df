import { AppError } from '../../errors.js';

/** Returns the error for a line with more than `limit` characters. */
export function lineTooLong(line: number, limit: number): AppError {
  const detail = `Line ${line} has more than ${limit.toLocaleString('en')} characters. Split it, or set on_error=skip, which leaves out such lines and counts them.`;
  return new AppError('cell_too_large', detail, { line });
}

/** Returns the error for a text without a line that is not blank. */
export function noLines(): AppError {
  return new AppError('csv_empty', 'The file is empty. It must have at least one line that is not blank.');
}
