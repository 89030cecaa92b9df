import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AppError } from '../errors.js';
import { DataError, readLabelled, type LabelledData } from './labelled-rows.js';

/** A labelled file's content, and which bytes it came from. */
export interface LabelledFile extends LabelledData {
  /** Of the file's bytes. */
  sha256: string;
}

/**
 * Reads a labelled CSV file, see readLabelled.
 * @throws DataError naming the file, and the line where there is one; the system's error if it cannot be read.
 */
export async function readLabelledFile(
  file: string,
  options: { maxCellChars: number },
): Promise<LabelledFile> {
  const hash = createHash('sha256');
  try {
    const data = await readLabelled(hashing(createReadStream(file), hash), options);
    return { ...data, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof AppError || error instanceof DataError) {
      throw new DataError(`${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

async function* hashing(bytes: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
