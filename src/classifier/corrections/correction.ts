import { z } from 'zod';
import { toSourceKey } from '../source-key.js';

/** A label that a person gave to a template. */
export const correctionSchema = z.object({
  id: z.string().min(1),
  /** The message that the person corrected. A new version of the template is derived from it. */
  message: z.string(),
  template: z.string().min(1),
  label: z.string().min(1),
  /** If set, the correction is for lines of this source only. Never blank. */
  source: z.string().optional(),
  /** When the label was given. */
  created: z.iso.datetime(),
});

/** A label that a person gave to a template. */
export type Correction = z.infer<typeof correctionSchema>;

/** What a person says about a message. */
export interface NewCorrection {
  readonly message: string;
  readonly label: string;
  /** A blank source is none. */
  readonly source?: string | undefined;
}

/** The form in which sources are compared. Empty if the correction is for all sources. */
export function sourceKeyOf({ source }: Pick<Correction, 'source'>): string {
  return toSourceKey(source ?? '');
}
