import type { Config } from '../config.js';
import { KNOWN_NAMES, queryOf } from '../formats/fields.js';
import type { OpenFile } from '../files/temporary-file.js';
import { CHUNK_CHARS, CHUNK_RECORDS } from './label-input.js';
import type { OpenUploadOptions } from './open-upload.js';
import type { LabelParameters } from './label-parameters.js';

/** The settings of reading. */
export type ReadSettings = Pick<
  Config,
  | 'maxCellChars'
  | 'maxJsonBytes'
  | 'maxUnpackedBytes'
  | 'messageColumns'
  | 'sourceColumns'
  | 'levelColumns'
  | 'spoolDir'
>;

/**
 * Returns a function that says how to read an upload with its parameters. The names of the settings precede the known
 * names. The list of names is made once: readers of JSON remember by it where they found the fields.
 */
export function createReadOptions(
  config: ReadSettings,
  openFile: OpenFile | undefined,
): (parameters: LabelParameters) => OpenUploadOptions {
  const { message, source, level, time } = KNOWN_NAMES;
  const names = {
    message: [...config.messageColumns, ...message],
    source: [...config.sourceColumns, ...source],
    level: [...config.levelColumns, ...level],
    time,
  };
  return (parameters) => ({
    fields: {
      names,
      messageColumn: parameters.message_column,
      sourceColumn: parameters.source_column,
      source: parameters.source,
      otherParameters: queryOf({ ...parameters, message_column: undefined, source_column: undefined }),
    },
    onError: parameters.on_error ?? 'fail',
    multiline: parameters.multiline !== 'off',
    format: parameters.input_format,
    encoding: parameters.encoding,
    sheet: parameters.sheet,
    maxCellChars: config.maxCellChars,
    maxJsonBytes: config.maxJsonBytes,
    maxUnpackedBytes: config.maxUnpackedBytes,
    chunkRecords: CHUNK_RECORDS,
    chunkChars: CHUNK_CHARS,
    dir: config.spoolDir,
    openFile,
  });
}
