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
