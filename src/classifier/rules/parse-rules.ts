import { z } from 'zod';
import type { RuleProblem } from './rule-file.js';

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case, such as "disk-full"'),
  pattern: z.string().min(1, 'must not be empty'),
  label: z.string().min(1, 'must not be empty'),
  /** Messages that the pattern must match. */
  examples: z.array(z.string()).min(1, 'must have at least one example'),
  /** Similar messages that the pattern must not match. */
  counterExamples: z.array(z.string()).default([]),
});

/** Rules are checked one by one: otherwise zod would skip the valid rules when one is invalid. */
const ruleFileSchema = z.strictObject({ rules: z.array(z.unknown()) });

/** One rule of the file. Its pattern is RE2 syntax and may match anywhere in the raw message. */
export type Rule = Readonly<z.output<typeof ruleSchema>>;

/** The rules that match the schema, in the file's order, and the problems of all others. */
export interface ParsedRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

/** Parses the JSON of a rule file and checks it against the schema. Does not check labels, patterns or examples. */
export function parseRules(text: string): ParsedRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { rules: [], problems: [{ reason: `is not JSON: ${withLineAndColumn(String(error), text)}` }] };
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

/** @param parentPath the path of the parsed value in the file */
function problemsOf(error: z.ZodError, parentPath: readonly PropertyKey[], rule?: string): RuleProblem[] {
  return error.issues.map(({ path, message }) => {
    const fullPath = [...parentPath, ...path].map(String).join('.');
    const reason = `${fullPath === '' ? 'the file' : fullPath}: ${message}`;
    return rule === undefined ? { reason } : { rule, reason };
  });
}

function idOf(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null || !('id' in rule)) return undefined;
  return typeof rule.id === 'string' ? rule.id : undefined;
}

/** Adds line and column to a JSON error of V8, which has only a character offset in most messages. */
function withLineAndColumn(message: string, text: string): string {
  const offset =
    / at position (\d+)/.exec(message)?.[1] ?? (message.includes('end of JSON') ? text.length : undefined);
  if (offset === undefined) return message;
  const before = text.slice(0, Number(offset)).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}
