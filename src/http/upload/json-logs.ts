import type { LogRecord } from '../../classifier/types.js';
import { AppError } from '../../errors.js';
import { logSchema, MAX_LOGS } from '../schemas/classify.js';

const SHAPE = 'Send {"logs": [{"source", "log_message"}]} or one such object.';

/**
 * Reads a JSON body's logs.
 * @throws AppError `json_invalid` with the path of the wrong field, `cell_too_large`, or what the bytes throw.
 */
export async function readJsonLogs(
  bytes: AsyncIterable<Uint8Array>,
  maxCellChars: number,
): Promise<LogRecord[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return parseLogs(parseJson(decode(Buffer.concat(chunks))), maxCellChars);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('json_invalid', 'The body is not UTF-8, as JSON must be.', {}, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new AppError('json_invalid', `The body is not JSON: ${reason}. ${SHAPE}`, {}, { cause: error });
  }
}

/**
 * One log after the other, and not by one schema for all: that would gather a complaint for each of millions
 * of wrong items before the first could be told.
 */
function parseLogs(body: unknown, maxCellChars: number): LogRecord[] {
  if (typeof body !== 'object' || body === null || !('logs' in body))
    return [parseLog(body, '', maxCellChars)];
  const { logs } = body;
  if (!Array.isArray(logs)) throw misfit('logs', 'must be a list');
  if (logs.length > MAX_LOGS)
    throw misfit('logs', `has ${logs.length} logs; more than ${MAX_LOGS} go into a CSV`);
  return logs.map((log: unknown, index) => parseLog(log, `logs.${index}`, maxCellChars));
}

function parseLog(log: unknown, path: string, maxCellChars: number): LogRecord {
  const parsed = logSchema.safeParse(log);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = [path, ...(issue?.path ?? [])].filter((part) => part !== '').map(String);
    throw misfit(field.join('.'), issue?.message ?? 'does not fit');
  }
  const { source, log_message: message } = parsed.data;
  for (const [name, { length }] of Object.entries({ source, log_message: message })) {
    if (length <= maxCellChars) continue;
    const field = path === '' ? name : `${path}.${name}`;
    throw new AppError('cell_too_large', `${field} has more than ${maxCellChars} characters.`, {
      path: field,
    });
  }
  return { source, message };
}

function misfit(path: string, reason: string): AppError {
  return new AppError('json_invalid', `${path === '' ? 'The body' : path}: ${reason}. ${SHAPE}`, { path });
}
