import { z } from 'zod';
import { toLabels } from '../../labelled-data/exam-csv.js';
import { DataError } from '../../labelled-data/labelled-csv.js';
import { readRegularText } from '../../files/regular-file.js';
import { contextFields } from './context-fields.js';

/** A message of a wrappers file. */
export interface BareMessage {
  readonly text: string;
  /** The right labels. */
  readonly expected: readonly string[];
}

/** A log format that a message is put into. */
export type Wrapper = z.output<typeof wrapper>;

/** The content of a wrappers file. */
export interface Wrappers {
  readonly messages: readonly BareMessage[];
  readonly wrappers: readonly Wrapper[];
}

const MESSAGE = '{message}';

const wrapper = z.strictObject({
  name: z.string().trim().min(1),
  /** A log line with `{message}` in place of the message. */
  template: z
    .string()
    .refine((text) => text.split(MESSAGE).length === 2, `must have ${MESSAGE} exactly once`),
  /** How the message is escaped: as it is, or as the inside of a string of JSON or of a quoted value of logfmt. */
  escape: z.enum(['none', 'json', 'logfmt']),
});

const wrappersFile = z.object({
  messages: z
    .array(
      z.object({
        text: z.string().regex(/\S/, 'must not be empty'),
        expected: z
          .string()
          .transform(toLabels)
          .refine((labels) => labels.length > 0, 'must name a label'),
      }),
    )
    .min(1, 'must have at least one message'),
  wrappers: z
    .array(wrapper)
    .min(1, 'must have at least one wrapper')
    .refine(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'two wrappers have the same name',
    ),
});

/**
 * Reads a wrappers file.
 * @throws DataError when it is not JSON or does not match the schema; the message begins with the path of the file
 * @throws the system's error when the file cannot be read
 */
export async function readWrappers(file: string): Promise<Wrappers> {
  const text = await readRegularText(file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file}: is not JSON: ${String(error)}`, { cause: error });
  }
  const parsed = wrappersFile.safeParse(content);
  if (!parsed.success) throw new DataError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Returns the log line of a message in a wrapper. */
export function wrapped(text: string, { template, escape }: Wrapper): string {
  // A function, because `$` has a meaning in a replacement text.
  return template.replace(MESSAGE, () => escaped(text, escape));
}

/**
 * Returns the wrapper with 3 kB of other fields before the message; undefined unless its lines are JSON objects. The
 * fields are the first ones of the outermost object.
 */
export function withContext(wrapper: Wrapper): Wrapper | undefined {
  const { template, escape } = wrapper;
  const at = template.replace(MESSAGE, (found) => ' '.repeat(found.length)).indexOf('{');
  if (escape !== 'json' || at === -1) return undefined;
  return { ...wrapper, template: `${template.slice(0, at + 1)}${contextFields()},${template.slice(at + 1)}` };
}

function escaped(text: string, escape: Wrapper['escape']): string {
  if (escape === 'json') return JSON.stringify(text).slice(1, -1);
  if (escape === 'none') return text;
  return text
    .replace(/[\\"]/g, (found) => `\\${found}`)
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n');
}
