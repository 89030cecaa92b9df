import type { Rule, RuleSet } from './rules/rule-set.js';
import { tellingPart, type TellingPart } from './template/telling-part.js';
import { maskVariableParts } from './template/template.js';

/** What rules and embedding tier find in a message. */
export interface LocalRoute {
  /** The first rule that matches; undefined if the embedding tier labels the message. */
  readonly rule: Rule | undefined;
  /** What the message wraps; undefined if it wraps nothing, or if a rule matches the message itself. */
  readonly part: TellingPart | undefined;
}

/** Tries the rules on a message and then, if it wraps another one, on that. */
export function routeLocally(rules: RuleSet, message: string): LocalRoute {
  const rule = rules.match(message);
  if (rule) return { rule, part: undefined };
  const part = tellingPart(message);
  // A rule may describe the text that is wrapped in JSON or behind a prefix. Ordinary messages are matched once.
  return { rule: part?.message === undefined ? undefined : rules.match(part.message), part };
}

/** Returns the template of a message that no rule matches. */
export function templateOf(message: string, { part }: LocalRoute): string {
  return maskVariableParts(part?.text ?? message);
}
