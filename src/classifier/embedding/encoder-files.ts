import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openRegularFile } from '../../files/regular-file.js';
import { EncoderError, type EncoderManifest } from './encoder.js';

type Files = EncoderManifest['files'];

/** The remedy for an unusable encoder, as a sentence for error messages. */
export const ENCODER_ADVICE =
  'Export the encoder again with scripts/export_encoder.py, or set ENCODER_DIR to another encoder.';

/**
 * Checks that the encoder's files exist and have the sizes in the manifest. Do this before loading: a thread that loads
 * a pipe or a half-copied file may block.
 * @throws EncoderError that names the file
 */
export async function checkSizes(dir: string, files: Files): Promise<void> {
  await forEach(dir, files, async (path, { bytes }) => {
    const found = await stat(path);
    if (!found.isFile()) throw new EncoderError(`${path}: is not a regular file. ${ENCODER_ADVICE}`);
    if (found.size === bytes) return;
    throw new EncoderError(
      `${path}: has ${found.size} bytes, but manifest.json says ${bytes}. ${ENCODER_ADVICE}`,
    );
  });
}

/**
 * Checks that the encoder's files have the SHA-256 hashes in the manifest.
 * @throws EncoderError that names the file
 */
export async function checkContents(dir: string, files: Files): Promise<void> {
  await forEach(dir, files, async (path, { sha256 }) => {
    const hash = createHash('sha256');
    await pipeline((await openRegularFile(path)).createReadStream({ highWaterMark: 256 * 1024 }), hash);
    if (hash.digest('hex') === sha256) return;
    throw new EncoderError(`${path}: its SHA-256 differs from the one in manifest.json. ${ENCODER_ADVICE}`);
  });
}

async function forEach(
  dir: string,
  files: Files,
  check: (path: string, file: Files[string]) => Promise<void>,
): Promise<void> {
  for (const [name, file] of Object.entries(files)) {
    const path = join(dir, name);
    try {
      await check(path, file);
    } catch (error) {
      if (error instanceof EncoderError) throw error;
      throw new EncoderError(`${path}: cannot be read (${String(error)}). ${ENCODER_ADVICE}`, {
        cause: error,
      });
    }
  }
}
