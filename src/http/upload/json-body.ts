import type { z } from 'zod';
import { AppError } from '../../errors.js';
import { type JsonHandler, JsonScanner } from '../../formats/json/json-scanner.js';

/**
 * Reads a JSON body and checks it against a schema.
 * @throws AppError `encoding` when it is not UTF-8, `json_invalid` when it is not JSON or does not match the schema
 */
export async function readJsonBody<Schema extends z.ZodType>(
  bytes: AsyncIterable<Uint8Array>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  const parsed = schema.safeParse(parseJson(decode(Buffer.concat(pieces))));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  const reason = issue?.message ?? 'is invalid';
  const detail = path === '' ? `The body is wrong: ${reason}.` : `The field ${path} ${reason}.`;
  throw new AppError('json_invalid', detail, path === '' ? {} : { path });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('encoding', 'The body is not UTF-8, which JSON has to be.', {}, { cause: error });
  }
}

/** The scanner names the place of an error, which JSON.parse does not. It bounds the depth, too. */
function parseJson(text: string): unknown {
  const scanner = new JsonScanner(IGNORE);
  scanner.write(text);
  scanner.end();
  return JSON.parse(text);
}

const IGNORE: JsonHandler = {
  open: () => undefined,
  close: () => undefined,
  name: () => undefined,
  scalar: () => undefined,
};
