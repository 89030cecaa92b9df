import { readRegularText } from '../regular-file.js';
import { RuleFileError } from './rule-file-error.js';
import { compileRules, type CompileOptions, type RuleSet } from './rule-set.js';

/** The text of a rule file, or why there is none. */
export type Reading = string | RuleFileError;

/** Reads a rule file; a file that cannot be read is an answer too. */
export async function readRules(file: string): Promise<Reading> {
  try {
    return await readRegularText(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new RuleFileError(file, [{ reason: `cannot be read: ${reason}` }], { cause: error });
  }
}

/** Makes rules of what was read. @throws RuleFileError when nothing could be read or it cannot be used. */
export function compileReading(reading: Reading, options: CompileOptions): RuleSet {
  if (reading instanceof RuleFileError) throw reading;
  return compileRules(reading, options);
}

/** Whether two readings found the same text, or the same reason for having none. */
export function sameReading(a: Reading, b: Reading | undefined): boolean {
  return typeof a === 'string' ? a === b : b instanceof RuleFileError && a.message === b.message;
}
