import { z } from 'zod';
import { AppError } from '../../errors.js';
import type { LogRecord } from '../../log-record.js';
import type { JsonHandler } from './json-scanner.js';

/** Maximum number of logs of a JSON body. A CSV upload may have more, because its records are not all in memory at once. */
export const MAX_LOGS = 100_000;

const stringError = ({ input }: { input?: unknown }): string =>
  input === undefined ? 'is missing' : 'must be a string';

/** The schema of one log in a JSON body. Its errors are predicates, to put after the path of the field. */
export const logSchema = z.object(
  {
    source: z.string({ error: stringError }).describe('The system that wrote the line, such as ModernCRM.'),
    log_message: z.string({ error: stringError }),
  },
  'must be an object',
);

const EXPECTED_BODY =
  'Send {"logs": [{"source": "...", "log_message": "..."}]} or a single {"source": "...", "log_message": "..."}.';

/** The fields of a log. A value of a wrong type is reduced to an empty value of that type. */
interface Fields {
  source?: unknown;
  log_message?: unknown;
}

/** The role of a value in the body; undefined if the value is ignored. */
type Role = 'body' | 'logs' | 'log' | keyof Fields | undefined;

/**
 * Collects the logs of a JSON body and ignores everything else. If a field name is repeated, the last value counts, as
 * in JSON.parse. There are two exceptions: a string that is too long is refused at once, and a second `logs` is refused
 * so that no logs are dropped silently.
 *
 * Its methods throw AppError `json_invalid` or `cell_too_large` with the path of the field, as early as possible.
 */
export class JsonLogReader implements JsonHandler {
  readonly #maxCellChars: number;
  readonly #records: LogRecord[] = [];
  /** The number of open objects and lists. */
  #depth = 0;
  #name = '';
  #hasLogs = false;
  #isInLogs = false;
  #body: Fields = {};
  #log: Fields = {};

  constructor(maxCellChars: number) {
    this.#maxCellChars = maxCellChars;
  }

  /**
   * Returns the logs. Call it after the end of the body.
   * @throws AppError `json_invalid` if the body is neither a list of logs nor a log
   */
  finish(): LogRecord[] {
    return this.#hasLogs ? this.#records : [toRecord(this.#body, '')];
  }

  open(kind: 'object' | 'list'): void {
    const role = this.#role();
    this.#take(role, kind === 'object' ? {} : []);
    if (role === 'logs') this.#isInLogs = true;
    this.#depth++;
  }

  close(): void {
    this.#depth--;
    if (!this.#isInLogs) return;
    if (this.#depth === 2) this.#records.push(toRecord(this.#log, this.#logPath()));
    if (this.#depth === 1) this.#isInLogs = false;
  }

  name(name: string): void {
    this.#name = name;
  }

  scalar(value: string | number | boolean | null): void {
    this.#take(this.#role(), value);
  }

  stringLimit(): number | undefined {
    const role = this.#role();
    return role === 'source' || role === 'log_message' ? this.#maxCellChars : undefined;
  }

  stringTooLong(): never {
    const path = this.#depth === 1 ? this.#name : `${this.#logPath()}.${this.#name}`;
    throw new AppError(
      'cell_too_large',
      `${path} has more than ${this.#maxCellChars} characters. Shorten it, or raise MAX_CELL_CHARS.`,
      { path },
    );
  }

  #role(): Role {
    if (this.#depth === 0) return 'body';
    if (this.#isInLogs && this.#depth === 2) return 'log';
    if (this.#depth === 1 && this.#name === 'logs') return 'logs';
    // If the body has `logs`, its own `source` and `log_message` are ignored.
    const isInLog = this.#isInLogs ? this.#depth === 3 : this.#depth === 1 && !this.#hasLogs;
    return isInLog && (this.#name === 'source' || this.#name === 'log_message') ? this.#name : undefined;
  }

  #take(role: Role, value: unknown): void {
    switch (role) {
      case 'body':
        refuseOtherThanObject(value, '');
        break;
      case 'logs':
        if (this.#hasLogs) throw misfit('logs', 'appears twice');
        if (!Array.isArray(value)) throw misfit('logs', 'must be a list');
        this.#hasLogs = true;
        break;
      case 'log':
        if (this.#records.length === MAX_LOGS) throw tooManyLogs();
        refuseOtherThanObject(value, this.#logPath());
        this.#log = {};
        break;
      case 'source':
      case 'log_message':
        (this.#isInLogs ? this.#log : this.#body)[role] = value;
        break;
      case undefined:
    }
  }

  #logPath(): string {
    return `logs.${this.#records.length}`;
  }
}

function refuseOtherThanObject(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfitOf(value, path);
}

function toRecord(log: Fields, path: string): LogRecord {
  const { source, log_message: message } = log;
  if (typeof source !== 'string' || typeof message !== 'string') throw misfitOf(log, path);
  return { source, message };
}

/** Returns the error for a value that does not match the schema, with the schema's first issue. */
function misfitOf(log: unknown, path: string): AppError {
  const issue = logSchema.safeParse(log).error?.issues[0];
  const field = [path, ...(issue?.path ?? [])].filter((part) => part !== '').map(String);
  return misfit(field.join('.'), issue?.message ?? 'does not match the schema');
}

function misfit(path: string, reason: string): AppError {
  const detail = `${path === '' ? 'The body' : path} ${reason}. ${EXPECTED_BODY}`;
  return new AppError('json_invalid', detail, { path });
}

function tooManyLogs(): AppError {
  const detail = `logs has more than ${MAX_LOGS.toLocaleString('en')} entries. Send them as CSV.`;
  return new AppError('json_invalid', detail, { path: 'logs' });
}
