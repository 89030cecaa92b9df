import { versionOf } from '../version-of.js';
import { checkRules, joinPatterns } from './check-rules.js';
import { createLiteralScanner } from './literal-scanner.js';
import { parseRules } from './parse-rules.js';
import { requiredLiterals } from './required-literals.js';
import { RuleFileError } from './rule-file.js';
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

/** More than that many characters of literals would make tables too large to be quick. */
const MAX_LITERAL_CHARS = 10_000;

function createRuleSet(version: string, rules: readonly Rule[]): RuleSet {
  const match = createMatcher(rules);
  const required = rules.map(({ pattern }) => requiredLiterals(pattern));
  const literals = required.flatMap((some) => some ?? []);
  if (literals.length === 0 || literals.join('').length > MAX_LITERAL_CHARS) return { version, rules, match };
  // A message without any rule's literals can match only the rules that have none; those are few.
  const mayMatch = createLiteralScanner(literals);
  const matchOthers = createMatcher(rules.filter((_, index) => required[index] === undefined));
  return {
    version,
    rules,
    match: (message) => (mayMatch(message) ? match(message) : matchOthers(message)),
  };
}

/** Finds the first rule that matches, by one automaton of all. */
function createMatcher(rules: readonly Rule[]): RuleSet['match'] {
  if (rules.length === 0) return () => undefined;
  const set = joinPatterns(rules);
  return (message) => {
    const first = set.match(message)[0];
    return first === undefined ? undefined : rules[first];
  };
}
