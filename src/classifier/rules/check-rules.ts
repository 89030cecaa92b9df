import { RE2JS } from 're2js';
import { createMatcher } from './match-rules.js';
import type { Rule } from './parse-rules.js';
import type { RuleProblem } from './rule-file.js';

/**
 * Checks rules that match the schema. Returns all problems: unknown labels, repeated ids, invalid patterns, and examples
 * that the pattern misses or that an earlier rule labels differently.
 */
export function checkRules(rules: readonly Rule[], labels: ReadonlySet<string>): RuleProblem[] {
  const compiled: Rule[] = [];
  const problems = rules.flatMap((rule) => {
    const pattern = compilePattern(rule);
    if (pattern instanceof RE2JS) compiled.push(rule);
    return [
      ...checkLabel(rule, labels),
      ...(pattern instanceof RE2JS ? checkExamples(rule, pattern) : [pattern]),
    ];
  });
  return [...checkIds(rules), ...problems, ...checkOrder(compiled)];
}

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
  const repeated = new Set<string>();
  for (const { id } of rules) (seen.has(id) ? repeated : seen).add(id);
  return [...repeated].map((rule) => ({ rule, reason: 'several rules have this id' }));
}

function checkLabel({ id, label }: Rule, labels: ReadonlySet<string>): RuleProblem[] {
  if (labels.has(label)) return [];
  return [
    { rule: id, reason: `its label ${quote(label)} is unknown. Known labels: ${[...labels].join(', ')}` },
  ];
}

function checkExamples({ id, examples, counterExamples }: Rule, pattern: RE2JS): RuleProblem[] {
  const missed = examples.filter((example) => !pattern.test(example));
  const matched = counterExamples.filter((example) => pattern.test(example));
  return [
    ...missed.map((text) => ({ rule: id, reason: `its pattern does not match its example ${quote(text)}` })),
    ...matched.map((text) => ({
      rule: id,
      reason: `its pattern matches its counter-example ${quote(text)}`,
    })),
  ];
}

/** Finds examples that an earlier rule with another label matches: its label would win. */
function checkOrder(rules: readonly Rule[]): RuleProblem[] {
  let match: ReturnType<typeof createMatcher>;
  try {
    match = createMatcher(rules);
  } catch (error) {
    return [
      {
        reason: `its patterns cannot be compiled together: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
  return rules.flatMap((rule, index) =>
    rule.examples.flatMap((example) => {
      const first = match(example) ?? index;
      const winner = first < index ? rules[first] : undefined;
      if (winner === undefined || winner.label === rule.label) return [];
      const reason = `its example ${quote(example)} matches the earlier rule "${winner.id}" (${winner.label})`;
      return [{ rule: rule.id, reason }];
    }),
  );
}

/** Returns the text as a JSON string, cut after 120 characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
