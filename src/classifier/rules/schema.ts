import { z } from 'zod';

/** One rule as it stands in the file. Its pattern is RE2 syntax, searched in the raw message, not anchored. */
export const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case, such as "disk-full"'),
  pattern: z.string().min(1),
  label: z.string().min(1),
  /** Messages that the pattern must match. */
  examples: z.array(z.string()).min(1),
  /** Near neighbours that it must not match. */
  counterExamples: z.array(z.string()).default([]),
});

/** The file around the rules; each rule is checked on its own, so that one misfit does not hide the others. */
export const ruleFileSchema = z.strictObject({ rules: z.array(z.unknown()) });

/** A rule: what it looks for, and the label it gives. */
export type Rule = Readonly<z.output<typeof ruleSchema>>;
