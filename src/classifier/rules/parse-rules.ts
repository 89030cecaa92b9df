import type { z } from 'zod';
import type { RuleProblem } from './rule-file.js';
import { ruleFileSchema, ruleSchema, type Rule } from './schema.js';

/** What a rule file says: the rules that fit the schema, in order, and what is wrong with the rest. */
export interface ParsedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

/** Reads the JSON of a rule file. Only its shape is judged here, not what the rules mean. */
export function parseRules(text: string): ParsedRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { rules: [], problems: [{ reason: `is not JSON: ${locate(String(error), text)}` }] };
  }
  const file = ruleFileSchema.safeParse(json);
  if (!file.success) return { rules: [], problems: problemsOf(file.error, []) };
  const parsed = file.data.rules.map((rule, index) => parseRule(rule, index));
  return {
    rules: parsed.flatMap(({ rules }) => rules),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

function parseRule(rule: unknown, index: number): ParsedRules {
  const parsed = ruleSchema.safeParse(rule);
  if (parsed.success) return { rules: [parsed.data], problems: [] };
  return { rules: [], problems: problemsOf(parsed.error, ['rules', index], idOf(rule)) };
}

function problemsOf(error: z.ZodError, at: readonly PropertyKey[], rule?: string): RuleProblem[] {
  return error.issues.map(({ path, message }) => {
    const place = [...at, ...path].map(String).join('.');
    const reason = `${place === '' ? 'the file' : place}: ${message}`;
    return rule === undefined ? { reason } : { rule, reason };
  });
}

function idOf(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null || !('id' in rule)) return undefined;
  return typeof rule.id === 'string' ? rule.id : undefined;
}

/** V8 gives an offset for most mistakes; people look for lines. */
function locate(message: string, text: string): string {
  const offset =
    / at position (\d+)/.exec(message)?.[1] ?? (message.includes('end of JSON') ? text.length : undefined);
  if (offset === undefined) return message;
  const before = text.slice(0, Number(offset)).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}
