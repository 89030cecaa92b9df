import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/make-folder.js';
import { readRegularText } from '../../files/regular-file.js';
import { writeFileAtomically } from '../../files/write-file-atomically.js';
import { TEMPLATE_VERSION, toTemplate } from '../template/template.js';
import { correctionSchema, type Correction } from './correction.js';

/** The most corrections, and the most bytes of their file. Each change writes the whole file. */
export const MAX_CORRECTIONS = 10_000;
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

const FORMAT_VERSION = 1;

const fileSchema = z.strictObject({
  formatVersion: z.literal(
    FORMAT_VERSION,
    `must be ${FORMAT_VERSION}: a newer version of the program has written the file`,
  ),
  /** The version of the templates. */
  templateVersion: z.int(),
  corrections: z.array(correctionSchema).max(MAX_CORRECTIONS, `must have at most ${MAX_CORRECTIONS} entries`),
});

/** The file of the corrections cannot be used. The message names the file and the reason, and says how to fix it. */
export class CorrectionsFileError extends Error {
  override name = 'CorrectionsFileError';
}

/** There are as many corrections as can be kept. The message says how to make room. */
export class CorrectionsFullError extends Error {
  override name = 'CorrectionsFullError';
}

/** Returns the path of the file of corrections in a folder. */
export function correctionsFileIn(dataDir: string): string {
  return join(dataDir, 'corrections.json');
}

/**
 * Reads the corrections of a file; none if it does not exist. Templates of another version are derived anew.
 * @throws CorrectionsFileError when the file cannot be read, is not JSON or does not match the schema
 */
export async function readCorrections(file: string): Promise<Correction[]> {
  const fail = (reason: string, cause?: unknown): never => {
    const remedy =
      'Correct the file or restore it from a backup, or move it away to start without corrections.';
    throw new CorrectionsFileError(`${file}: ${reason}. ${remedy}`, { cause });
  };
  const text = await readRegularText(file).catch((error: unknown) => {
    // ENOTDIR: a part of the path is no folder. Whoever writes the file, or keeps jobs there, says so.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return fail(`cannot be read: ${String(error)}`, error);
  });
  if (text === undefined) return [];
  const parsed = fileSchema.safeParse(parseJson(text, fail));
  if (!parsed.success) return fail(`is broken: ${whatIsWrong(parsed.error)}`);
  const { templateVersion, corrections } = parsed.data;
  return templateVersion === TEMPLATE_VERSION ? corrections : corrections.map(derivedAnew);
}

/**
 * Writes all corrections. After a crash, the file has either the old or the new ones. Creates the folder if need be.
 * @throws CorrectionsFullError when there are too many; the system error
 */
export async function writeCorrections(file: string, corrections: readonly Correction[]): Promise<void> {
  const content: z.input<typeof fileSchema> = {
    formatVersion: FORMAT_VERSION,
    templateVersion: TEMPLATE_VERSION,
    corrections: [...corrections],
  };
  const text = `${JSON.stringify(content, null, 1)}\n`;
  if (corrections.length > MAX_CORRECTIONS || Buffer.byteLength(text) > MAX_FILE_BYTES)
    throw new CorrectionsFullError(
      `The server keeps at most ${MAX_CORRECTIONS} corrections in ${MAX_FILE_BYTES} bytes. Train a head from them, and delete those that it has learnt.`,
    );
  await makeFolder(dirname(file));
  await writeFileAtomically(file, text, 0o600);
}

function derivedAnew(correction: Correction): Correction {
  return { ...correction, template: toTemplate(correction.message) };
}

function whatIsWrong({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim();
}

function parseJson(text: string, fail: (reason: string, cause: unknown) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`is not JSON (${String(error)})`, error);
  }
}
