import { z } from 'zod';
import { readRegularText } from '../files/regular-file.js';
import { versionOf } from './version-of.js';

const labelFile = z.strictObject({
  labels: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1),
        definition: z.string().min(1),
        examples: z.array(z.string()).min(1),
      }),
    )
    .min(1),
});

/** The label of lines that fit no other, and of those that nothing was sure enough about. */
export const UNCLASSIFIED = 'Unclassified';

/** A label with what it means: shown to users and given to the LLM. */
export interface LabelInfo {
  readonly name: string;
  readonly definition: string;
  readonly examples: readonly string[];
}

/** All labels that can be given, in the order of the label file. */
export interface LabelCatalogue {
  /** Changes with the content: 16 hex digits of its sha256. */
  readonly version: string;
  readonly labels: readonly LabelInfo[];
  readonly names: ReadonlySet<string>;
}

/** The label file cannot be used; the message names the file and the reason. */
export class LabelFileError extends Error {
  override name = 'LabelFileError';
}

/**
 * Reads the label file (resources/labels.json by default).
 * @throws LabelFileError when it is not readable, not JSON, does not fit or names a label twice.
 */
export async function loadLabels(file: string): Promise<LabelCatalogue> {
  const fail = (reason: string, cause?: unknown): never => {
    throw new LabelFileError(`${file}: ${reason}`, { cause });
  };
  const text = await readRegularText(file).catch((error: unknown) =>
    fail(`cannot be read: ${String(error)}`, error),
  );
  const parsed = labelFile.safeParse(parseJson(text, fail));
  if (!parsed.success) return fail(z.prettifyError(parsed.error));
  const catalogue = createCatalogue(parsed.data.labels);
  if (catalogue.names.size < parsed.data.labels.length) return fail('a label is there twice');
  return catalogue;
}

/**
 * The catalogue with more names, such as the labels of a user's own head; names it has already stay as they are.
 * They come before `Unclassified`: the LLM is told to take the first label that fits.
 */
export function withLabels(catalogue: LabelCatalogue, names: readonly string[]): LabelCatalogue {
  const added = names.filter((name) => !catalogue.names.has(name));
  if (added.length === 0) return catalogue;
  const undescribed = added.map((name) => ({ name, definition: '', examples: [] }));
  const last = catalogue.labels.filter(({ name }) => name === UNCLASSIFIED);
  const others = catalogue.labels.filter(({ name }) => name !== UNCLASSIFIED);
  return createCatalogue([...others, ...undescribed, ...last]);
}

function createCatalogue(labels: readonly LabelInfo[]): LabelCatalogue {
  return {
    version: versionOf(JSON.stringify(labels)),
    labels,
    names: new Set(labels.map(({ name }) => name)),
  };
}

function parseJson(text: string, fail: (reason: string, cause: unknown) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`is not JSON: ${String(error)}`, error);
  }
}
