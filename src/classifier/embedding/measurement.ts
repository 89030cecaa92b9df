import { z } from 'zod';

export const count = z.int().nonnegative();
export const fraction = z.number().min(0).max(1);

/** Measured on held-out examples. */
export const figures = z.strictObject({
  accuracy: fraction,
  macroF1: fraction,
  /** Expected calibration error. */
  ece: fraction,
  /** The number of examples. */
  n: count,
  /** The recall of each label; null for a label that cannot be measured. */
  recall: z.record(z.string(), fraction.nullable()),
});

/** The effect of the threshold on held-out examples. */
export const atThreshold = z.strictObject({
  /** The share of the examples that keep their label. */
  coverage: fraction,
  /** The share of right labels among these. */
  accuracy: fraction,
});

/** Below this share of known words a template is unfamiliar, and keeps its label only from this confidence on. */
export const unfamiliar = z.strictObject({ knownShare: fraction, confidence: fraction });

/** What cross-validation with complete groups held out chooses and measures. */
export const measurement = z.strictObject({
  labels: z.array(z.string()),
  /** The inverse strength of the penalty on large weights. */
  c: z.number().positive(),
  temperature: z.number().positive(),
  threshold: fraction,
  unfamiliar,
  figures,
  atThreshold,
});

/** See `measurement`. */
export type Measurement = Readonly<z.infer<typeof measurement>>;
