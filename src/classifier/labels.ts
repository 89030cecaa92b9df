import { z } from 'zod';
import { readRegularText } from '../files/regular-file.js';
import { firstRepeated } from './first-repeated.js';
import { versionOf } from './version-of.js';

const labelFile = z.strictObject({
  labels: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1, 'must not be empty'),
        definition: z.string().min(1, 'must not be empty'),
        examples: z.array(z.string()).min(1, 'must have at least one example'),
      }),
    )
    .min(1, 'must have at least one label'),
});

/** The label of lines that fit no other label, and of lines below the head's threshold. */
export const UNCLASSIFIED = 'Unclassified';

/** A label, its definition and examples: shown to users and part of the LLM's prompt. */
export interface LabelInfo {
  readonly name: string;
  readonly definition: string;
  readonly examples: readonly string[];
}

/** Labels in the order of the label file. */
export interface LabelCatalogue {
  /** Changes with the labels: the first 16 hex digits of their SHA-256. */
  readonly version: string;
  readonly labels: readonly LabelInfo[];
  readonly names: ReadonlySet<string>;
}

/** Thrown when the label file cannot be used. The message names the file and the reason. */
export class LabelFileError extends Error {
  override name = 'LabelFileError';
}

/**
 * Reads the label file (resources/labels.json by default).
 * @throws LabelFileError when the file cannot be read, is not JSON, does not match the schema or repeats a label.
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
  const repeated = firstRepeated(catalogue.labels.map(({ name }) => name));
  if (repeated !== undefined) return fail(`two labels have the name ${JSON.stringify(repeated)}`);
  return catalogue;
}

/**
 * Returns the catalogue with these names added, for example the labels of a user's own head. Names that the catalogue
 * already has keep their definitions. New names go before `Unclassified`, because the LLM takes the first label that
 * fits.
 */
export function withLabels(catalogue: LabelCatalogue, names: readonly string[]): LabelCatalogue {
  const added = names.filter((name) => !catalogue.names.has(name));
  if (added.length === 0) return catalogue;
  const undescribed = added.map((name) => ({ name, definition: '', examples: [] }));
  const last = catalogue.labels.filter(({ name }) => name === UNCLASSIFIED);
  const others = catalogue.labels.filter(({ name }) => name !== UNCLASSIFIED);
  return createCatalogue([...others, ...undescribed, ...last]);
}

/** Returns the catalogue with only these labels, in the same order. */
export function onlyLabels(catalogue: LabelCatalogue, names: ReadonlySet<string>): LabelCatalogue {
  return createCatalogue(catalogue.labels.filter(({ name }) => names.has(name)));
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
