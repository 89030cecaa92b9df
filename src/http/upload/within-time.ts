import { AppError } from '../../errors.js';

/**
 * What the promise gives, if it comes in time.
 * @throws AppError `upload_timeout` when the client has sent nothing for so many milliseconds.
 */
export async function withinTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('upload_timeout', `Nothing came for ${milliseconds} ms; the upload was given up.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
