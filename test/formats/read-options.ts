import { KNOWN_FIELDS } from '../../src/formats/fields.js';
import type { ReadOptions } from '../../src/formats/format.js';

/** Options to read an input, with some of them replaced. */
export function optionsWith(options: Partial<ReadOptions> = {}): ReadOptions {
  return {
    fields: KNOWN_FIELDS,
    onError: 'fail',
    multiline: true,
    fileName: undefined,
    bom: false,
    maxCellChars: 1_000_000,
    maxJsonBytes: 16 * 1024 * 1024,
    chunkRecords: 500,
    chunkChars: 131_072,
    ...options,
  };
}
