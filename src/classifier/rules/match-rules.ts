import { RE2JS, RE2Set } from 're2js';
import { createLiteralScanner } from './literal-scanner.js';
import type { Rule } from './parse-rules.js';
import { requiredLiterals } from './required-literals.js';

/** With more characters of literals, the tables of the scanner would take more than 10 MB. */
const MAX_LITERAL_CHARS = 40_000;

/**
 * Upper bound on the size of the automaton of rules without literals, as estimated by re2js. The automaton grows with the
 * lines that it sees. At this size re2js discards it and starts again; if that happens every few lines, matching is
 * thirty times slower. One more `\p{...}` class may take 22 MB.
 */
const AUTOMATON_BYTES = 32 * 1024 * 1024;

/**
 * Returns a function that finds the index of the first rule that matches a message.
 * @throws Error when the patterns without literals are too large together
 */
export function createMatcher(rules: readonly Rule[]): (message: string) => number | undefined {
  const literals = rules.map(({ pattern }) => requiredLiterals(pattern));
  const fits = literals.flatMap((ofRule) => ofRule ?? []).join('').length <= MAX_LITERAL_CHARS;
  const indexes = [...rules.keys()];
  const scanned = indexes.filter((index) => fits && literals[index] !== undefined);
  // Most messages contain literals of no rule or of a few rules. So each of these rules has its own small automaton. One
  // automaton for all rules would grow with each new kind of message, and growing takes most of the time.
  const findCandidates = createLiteralScanner(scanned.map((index) => literals[index] ?? []));
  const patterns = scanned.map((index) => RE2JS.compile(rules[index]?.pattern ?? ''));
  const matchOthers = joinPatterns(
    rules,
    indexes.filter((index) => !fits || literals[index] === undefined),
  );
  return (message) => {
    const candidate = findCandidates(message).find((found) => patterns[found]?.test(message));
    const first = candidate === undefined ? undefined : scanned[candidate];
    const other = matchOthers(message);
    return first === undefined || other === undefined ? (first ?? other) : Math.min(first, other);
  };
}

/** Compiles the patterns of some rules into one automaton. Returns a function that finds the first rule that matches. */
function joinPatterns(
  rules: readonly Rule[],
  indexes: readonly number[],
): (message: string) => number | undefined {
  if (indexes.length === 0) return () => undefined;
  const set = new RE2Set(RE2Set.UNANCHORED, 0, AUTOMATON_BYTES);
  for (const index of indexes) set.add(rules[index]?.pattern ?? '');
  set.compile();
  return (message) => {
    const first = set.match(message)[0];
    return first === undefined ? undefined : indexes[first];
  };
}
