import { versionOf } from '../version-of.js';
import { checkRules } from './check-rules.js';
import { createMatcher } from './match-rules.js';
import { parseRules, type Rule } from './parse-rules.js';
import { RuleFileError } from './rule-file.js';

export type { Rule } from './parse-rules.js';

/** Checked and compiled rules. Immutable: when the file is edited, a new rule set is compiled. */
export interface RuleSet {
  /** The first 16 hex digits of the file's SHA-256. */
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Returns the first rule, in the file's order, whose pattern matches in the message. Takes linear time. */
  match(message: string): Rule | undefined;
}

/** Options of `compileRules`. */
export interface CompileOptions {
  /** Named in errors. Not read. */
  file: string;
  /** The labels that rules may have. */
  labels: ReadonlySet<string>;
}

/**
 * Compiles the text of a rule file. Each rule must match the schema and have a known label. Its pattern must be RE2
 * syntax, match the examples and not match the counter-examples. No earlier rule with another label may match an example.
 * @throws RuleFileError with all problems
 */
export function compileRules(text: string, { file, labels }: CompileOptions): RuleSet {
  // Some editors on Windows write a byte order mark, which is not valid JSON.
  const parsed = parseRules(text.replace(/^\uFEFF/, ''));
  const problems = [...parsed.problems, ...checkRules(parsed.rules, labels)];
  if (problems.length > 0) throw new RuleFileError(file, problems);
  return createRuleSet(versionOf(text), parsed.rules);
}

/** Returns a rule set without rules. */
export function emptyRuleSet(): RuleSet {
  return createRuleSet(versionOf(''), []);
}

function createRuleSet(version: string, rules: readonly Rule[]): RuleSet {
  const match = createMatcher(rules);
  return {
    version,
    rules,
    match: (message) => {
      const first = match(message);
      return first === undefined ? undefined : rules[first];
    },
  };
}
