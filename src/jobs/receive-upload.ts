import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { writeFully } from '../files/temporary-file.js';
import type { UploadedBytes } from '../pipeline/open-upload.js';
import { idempotencyOf } from './idempotency.js';
import type { JobFolder } from './job-folder.js';
import type { Job, JobParameters } from './job.js';

/** The caller of `receiveUpload` learns of the bytes after each of these many. */
const STEP_BYTES = 1024 * 1024;

/** An upload that becomes a job. */
export interface NewJob {
  readonly upload: UploadedBytes & { readonly isForm: boolean };
  readonly parameters: JobParameters;
  /** Reads what comes after the file. */
  readonly finish: () => Promise<void>;
  /** The SHA-256 of the owner's cookie. */
  readonly owner?: string | undefined;
  /** The Idempotency-Key of the request. */
  readonly idempotencyKey?: string | undefined;
}

/** An upload that is on the disk. */
export interface ReceivedUpload {
  readonly bytes: number;
  /** What tells whether the same request comes again; undefined without an Idempotency-Key. */
  readonly idempotency: Job['idempotency'];
}

/**
 * Writes an upload to the disk and waits until the disk has it.
 * @param onBytes learns from time to time, and at the end, how many bytes there are; if it throws, the upload ends
 * @throws the errors of the upload, of the system and of `onBytes`
 */
export async function receiveUpload(
  request: NewJob,
  folder: JobFolder,
  onBytes: (bytes: number) => Promise<void>,
): Promise<ReceivedUpload> {
  const { upload, finish } = request;
  const file = await open(folder.input, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  let announced = 0;
  try {
    for await (const piece of upload.bytes) {
      await writeFully(file, piece);
      hash.update(piece);
      bytes += piece.length;
      if (bytes - announced < STEP_BYTES) continue;
      announced = bytes;
      await onBytes(bytes);
    }
    await finish();
    await onBytes(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, idempotency: idempotencyOf(request, hash.digest('hex')) };
}
