import { versionOf } from '../version-of.js';
import { checkRules, joinPatterns } from './check-rules.js';
import { parseRules } from './parse-rules.js';
import { RuleFileError } from './rule-file-error.js';
import type { Rule } from './schema.js';

export type { Rule } from './schema.js';

/** Rules that have passed every check, ready to match. Immutable: an edit of the file makes another one. */
export interface RuleSet {
  /** Changes with the content of the file: 16 hex digits of its sha256. */
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The first rule in the file's order whose pattern is somewhere in the message; time linear in its length. */
  match(message: string): Rule | undefined;
}

/** Where the text comes from, and which labels rules may give. */
export interface CompileOptions {
  /** Named in errors; not read. */
  file: string;
  labels: ReadonlySet<string>;
}

/**
 * Makes rules of a rule file's text: each must fit the schema, give a known label, have a pattern in RE2
 * syntax that matches its examples and not its counter-examples, and lose no example to an earlier rule of
 * another label.
 * @throws RuleFileError with all problems found, not only the first.
 */
export function compileRules(text: string, { file, labels }: CompileOptions): RuleSet {
  // Editors on Windows put a byte order mark first, which is not JSON.
  const parsed = parseRules(text.replace(/^\uFEFF/, ''));
  const problems = [...parsed.problems, ...checkRules(parsed.rules, labels)];
  if (problems.length > 0) throw new RuleFileError(file, problems);
  return createRuleSet(versionOf(text), parsed.rules);
}

/** No rules: nothing matches. */
export function emptyRuleSet(): RuleSet {
  return createRuleSet(versionOf(''), []);
}

function createRuleSet(version: string, rules: readonly Rule[]): RuleSet {
  if (rules.length === 0) return { version, rules, match: () => undefined };
  const set = joinPatterns(rules);
  return {
    version,
    rules,
    match: (message) => {
      const first = set.match(message)[0];
      return first === undefined ? undefined : rules[first];
    },
  };
}
