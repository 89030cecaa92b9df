import { z } from 'zod';
import { AppError } from '../../errors.js';
import type { LogRecord } from '../../log-record.js';
import type { JsonHandler } from './json-scanner.js';

/** More go into a CSV: a JSON body is held in memory whole, an upload is not. */
export const MAX_LOGS = 100_000;

/** One log of a JSON body. */
export const logSchema = z.object({
  source: z.string().describe('The system that wrote the line, such as ModernCRM.'),
  log_message: z.string(),
});

const SHAPE = 'Send {"logs": [{"source", "log_message"}]} or one such object.';

/** What is known of a log: its strings, and of a value of another kind only the kind. */
interface Fields {
  source?: unknown;
  log_message?: unknown;
}

/** What the value that begins now is; undefined if nobody needs it. */
type Role = 'body' | 'logs' | 'log' | keyof Fields | undefined;

/**
 * Takes the logs out of a JSON body and holds nothing else of it. As in JSON.parse, the last of two fields of the
 * same name counts; but a string that is too long is refused at once, even where a later field would take its
 * place. `logs` may be there only once, so that no list of logs is dropped without a word.
 * @throws AppError `json_invalid` or `cell_too_large` with the path of the field, as soon as it is known.
 */
export class JsonLogReader implements JsonHandler {
  readonly #maxCellChars: number;
  readonly #records: LogRecord[] = [];
  /** How many objects and lists are open. */
  #depth = 0;
  #name = '';
  #hasLogs = false;
  #isInLogs = false;
  #body: Fields = {};
  #log: Fields = {};

  constructor(maxCellChars: number) {
    this.#maxCellChars = maxCellChars;
  }

  /** The logs, once the body has ended. */
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
    throw new AppError('cell_too_large', `${path} has more than ${this.#maxCellChars} characters.`, { path });
  }

  #role(): Role {
    if (this.#depth === 0) return 'body';
    if (this.#isInLogs && this.#depth === 2) return 'log';
    if (this.#depth === 1 && this.#name === 'logs') return 'logs';
    // Beside `logs`, the fields of a single log mean nothing.
    const isInLog = this.#isInLogs ? this.#depth === 3 : this.#depth === 1 && !this.#hasLogs;
    return isInLog && (this.#name === 'source' || this.#name === 'log_message') ? this.#name : undefined;
  }

  #take(role: Role, value: unknown): void {
    switch (role) {
      case 'body':
        refuseOtherThanObject(value, '');
        break;
      case 'logs':
        if (this.#hasLogs) throw misfit('logs', 'is there twice');
        if (!Array.isArray(value)) throw misfit('logs', 'must be a list');
        this.#hasLogs = true;
        break;
      case 'log':
        if (this.#records.length === MAX_LOGS)
          throw misfit('logs', `has more than ${MAX_LOGS} logs; so many go into a CSV`);
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

/** The first complaint of the schema about a value that does not fit it. */
function misfitOf(log: unknown, path: string): AppError {
  const issue = logSchema.safeParse(log).error?.issues[0];
  const field = [path, ...(issue?.path ?? [])].filter((part) => part !== '').map(String);
  return misfit(field.join('.'), issue?.message ?? 'does not fit');
}

function misfit(path: string, reason: string): AppError {
  return new AppError('json_invalid', `${path === '' ? 'The body' : path}: ${reason}. ${SHAPE}`, { path });
}
