import { RE2JS } from 're2js';
import { versionOf } from '../version-of.js';
import { checkRules, joinPatterns } from './check-rules.js';
import { createLiteralScanner } from './literal-scanner.js';
import { parseRules, type Rule } from './parse-rules.js';
import { requiredLiterals } from './required-literals.js';
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

/** With more characters of literals, the scanner's tables would be too large to be fast. */
const MAX_LITERAL_CHARS = 10_000;

function createRuleSet(version: string, rules: readonly Rule[]): RuleSet {
  const numbered = rules.map((rule, index) => ({ rule, index, literals: requiredLiterals(rule.pattern) }));
  const literalChars = numbered.flatMap(({ literals }) => literals ?? []).join('').length;
  const isScanned = ({ literals }: { literals: readonly string[] | undefined }): boolean =>
    literals !== undefined && literalChars <= MAX_LITERAL_CHARS;
  const scanned = numbered.filter((entry) => isScanned(entry));
  const others = numbered.filter((entry) => !isScanned(entry));
  // Most messages contain literals of no rule or of a few rules. So each of these rules has its own small automaton. One
  // automaton for all rules would grow with each new kind of message, and growing takes most of the time.
  const findCandidates = createLiteralScanner(scanned.map(({ literals }) => literals ?? []));
  const patterns = scanned.map(({ rule }) => RE2JS.compile(rule.pattern));
  const matchOthers = createMatcher(others.map(({ rule }) => rule));
  return {
    version,
    rules,
    match: (message) => {
      const candidate = findCandidates(message).find((index) => patterns[index]?.test(message));
      const first = candidate === undefined ? undefined : scanned[candidate];
      const other = matchOthers(message);
      const second = other === undefined ? undefined : others[other];
      if (first === undefined || second === undefined) return (first ?? second)?.rule;
      return first.index < second.index ? first.rule : second.rule;
    },
  };
}

/** Returns a function that finds the index of the first matching rule with one automaton for all rules. */
function createMatcher(rules: readonly Rule[]): (message: string) => number | undefined {
  if (rules.length === 0) return () => undefined;
  const set = joinPatterns(rules);
  return (message) => set.match(message)[0];
}
