import type { Config } from '../config.js';
import { KNOWN_NAMES } from '../formats/fields.js';
import type { OpenFile } from '../files/temporary-file.js';
import { CHUNK_CHARS, CHUNK_RECORDS } from '../pipeline/label-input.js';
import type { OpenUploadOptions } from '../pipeline/open-upload.js';
import type { ClassifyParameters } from './parameters.js';

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

/** Returns how to read an upload with these parameters. The names of the settings precede the known names. */
export function readOptions(
  parameters: ClassifyParameters,
  config: ReadSettings,
  openFile: OpenFile | undefined,
): OpenUploadOptions {
  const { message, source, level } = KNOWN_NAMES;
  return {
    fields: {
      names: {
        message: [...config.messageColumns, ...message],
        source: [...config.sourceColumns, ...source],
        level: [...config.levelColumns, ...level],
      },
      messageColumn: parameters.message_column,
      sourceColumn: parameters.source_column,
      source: parameters.source,
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
  };
}
