import type { Logger } from '../classifier/types.js';

/** JSON has no form for an error. */
const readable = (_: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
const log = (details: object, message: string): void =>
  console.error(message, JSON.stringify(details, readable));

/** Writes warnings and errors of the classifier to standard error. Drops info lines: they are for the log of a server. */
export const errorLogger: Logger = { info: () => undefined, warn: log, error: log };
