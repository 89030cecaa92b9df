import { RE2JS, RE2Set } from 're2js';
import type { RuleProblem } from './rule-file.js';
import type { Rule } from './schema.js';

/** Everything that is wrong with well-formed rules: labels, ids, patterns, and examples that go elsewhere. */
export function checkRules(rules: readonly Rule[], labels: ReadonlySet<string>): RuleProblem[] {
  const usable: Rule[] = [];
  const problems = rules.flatMap((rule) => {
    const pattern = compilePattern(rule);
    if (pattern instanceof RE2JS) usable.push(rule);
    return [
      ...checkLabel(rule, labels),
      ...(pattern instanceof RE2JS ? checkExamples(rule, pattern) : [pattern]),
    ];
  });
  return [...checkIds(rules), ...problems, ...checkOrder(usable)];
}

/** Joins patterns into one automaton; the index of a pattern is its place. @throws Error when they are too large together. */
export function joinPatterns(rules: readonly Rule[]): RE2Set {
  const set = new RE2Set(RE2Set.UNANCHORED, 0, AUTOMATON_BYTES);
  for (const { pattern } of rules) set.add(pattern);
  set.compile();
  return set;
}

/**
 * The automaton is built as lines come; at this size (re2js's own reckoning) it is thrown away and begun
 * anew, which on every few lines costs a factor of thirty. The built-in rules need 2 MB; one \p{...} class
 * beside them makes it 24.
 */
const AUTOMATON_BYTES = 32 * 1024 * 1024;

function compilePattern({ id, pattern }: Rule): RE2JS | RuleProblem {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { rule: id, reason: `its pattern is not RE2 syntax: ${reason}` };
  }
}

function checkIds(rules: readonly Rule[]): RuleProblem[] {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const { id } of rules) (seen.has(id) ? doubled : seen).add(id);
  return [...doubled].map((rule) => ({ rule, reason: 'its id is there more than once' }));
}

function checkLabel({ id, label }: Rule, labels: ReadonlySet<string>): RuleProblem[] {
  if (labels.has(label)) return [];
  return [
    { rule: id, reason: `its label ${quote(label)} is not in the catalogue (${[...labels].join(', ')})` },
  ];
}

function checkExamples({ id, examples, counterExamples }: Rule, pattern: RE2JS): RuleProblem[] {
  const missed = examples.filter((example) => !pattern.test(example));
  const taken = counterExamples.filter((example) => pattern.test(example));
  return [
    ...missed.map((text) => ({ rule: id, reason: `its pattern does not match its example ${quote(text)}` })),
    ...taken.map((text) => ({ rule: id, reason: `its pattern matches its counter-example ${quote(text)}` })),
  ];
}

/** Finds examples that an earlier rule takes and labels otherwise: the file does not do what it says. */
function checkOrder(rules: readonly Rule[]): RuleProblem[] {
  let set: RE2Set;
  try {
    set = joinPatterns(rules);
  } catch (error) {
    return [
      { reason: `its patterns cannot be joined: ${error instanceof Error ? error.message : String(error)}` },
    ];
  }
  return rules.flatMap((rule, index) =>
    rule.examples.flatMap((example) => {
      const first = set.match(example)[0] ?? index;
      const taker = first < index ? rules[first] : undefined;
      if (taker === undefined || taker.label === rule.label) return [];
      const reason = `its example ${quote(example)} is taken by the earlier rule "${taker.id}" (${taker.label})`;
      return [{ rule: rule.id, reason }];
    }),
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
