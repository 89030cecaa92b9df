import { readRegularText } from '../../files/regular-file.js';

/** One problem of a rule file. */
export interface RuleProblem {
  /** The id of the rule with the problem, if it is known. */
  readonly rule?: string;
  /** The problem, without the names of file and rule. */
  readonly reason: string;
}

/** Thrown when a rule file cannot be used. The message names the file and lists all problems with their rules. */
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

/** Returns a problem in one line: `rule "disk-full": its pattern does not match its example "..."`. */
export function describeProblem({ rule, reason }: RuleProblem): string {
  return rule === undefined ? reason : `rule "${rule}": ${reason}`;
}

function describe(file: string, lines: readonly string[]): string {
  if (lines.length === 1) return `${file}: ${lines.join('')}`;
  return [`${file} has ${lines.length} problems:`, ...lines].join('\n  - ');
}

/** The text of a rule file, or the error from reading it. */
export type RuleFileText = string | RuleFileError;

/** Reads a rule file. Returns errors instead of throwing them. */
export async function readRuleFile(file: string): Promise<RuleFileText> {
  try {
    return await readRegularText(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new RuleFileError(file, [{ reason: `cannot be read: ${reason}` }], { cause: error });
  }
}

/** Whether two readings have the same text or the same error message. */
export function sameText(a: RuleFileText, b: RuleFileText | undefined): boolean {
  return typeof a === 'string' ? a === b : b instanceof RuleFileError && a.message === b.message;
}
