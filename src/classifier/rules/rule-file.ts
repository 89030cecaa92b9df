import { readRegularText } from '../../files/regular-file.js';

/** One thing that is wrong with a rule file. */
export interface RuleProblem {
  /** The rule's id, if the trouble is with one rule and its id is known. */
  readonly rule?: string;
  /** What is wrong, without file and rule. */
  readonly reason: string;
}

/** A rule file cannot be used; the message names the file and every problem, each with its rule. */
export class RuleFileError extends Error {
  override name = 'RuleFileError';

  constructor(
    readonly file: string,
    readonly problems: readonly RuleProblem[],
    options?: ErrorOptions,
  ) {
    super(describe(file, problems.map(describeProblem)), options);
  }
}

/** A problem in one line: `rule "disk-full": its pattern does not match its example "..."`. */
export function describeProblem({ rule, reason }: RuleProblem): string {
  return rule === undefined ? reason : `rule "${rule}": ${reason}`;
}

function describe(file: string, lines: readonly string[]): string {
  if (lines.length === 1) return `${file}: ${lines.join('')}`;
  return [`${file} has ${lines.length} problems:`, ...lines].join('\n  - ');
}

/** The text of a rule file, or the error that reading it gave. */
export type RuleFileReading = string | RuleFileError;

/** Reads a rule file. An error is returned, not thrown. */
export async function readRuleFile(file: string): Promise<RuleFileReading> {
  try {
    return await readRegularText(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new RuleFileError(file, [{ reason: `cannot be read: ${reason}` }], { cause: error });
  }
}

/** Whether two readings found the same text, or the same reason for having none. */
export function sameReading(a: RuleFileReading, b: RuleFileReading | undefined): boolean {
  return typeof a === 'string' ? a === b : b instanceof RuleFileError && a.message === b.message;
}
