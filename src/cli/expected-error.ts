import { EncoderError } from '../classifier/embedding/encoder.js';
import { HeadFileError } from '../classifier/embedding/head.js';
import { LabelFileError } from '../classifier/labels.js';
import { RuleFileError } from '../classifier/rules/rule-file-error.js';
import { DataError } from '../training/data.js';

const EXPECTED = [DataError, EncoderError, HeadFileError, LabelFileError, RuleFileError];

/** Whether the error says what is wrong with a file or setting, and not with the program: its message suffices. */
export function isExpected(error: unknown): error is Error {
  if (EXPECTED.some((kind) => error instanceof kind)) return true;
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
