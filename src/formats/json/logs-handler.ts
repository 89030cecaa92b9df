import { AppError } from '../../errors.js';
import type { JsonHandler } from './json-scanner.js';

/** Maximum number of logs of a JSON body with `logs`. Other forms may have more. */
export const MAX_LOG_ENTRIES = 100_000;

/** Receives the entries of `logs`. */
export interface LogsReceiver {
  /** The list begins. */
  list(): void;
  /** An entry that is an object or a list begins. */
  begin(): void;
  /** The entry that began last ends. */
  end(): void;
  /** An entry that is neither object nor list has ended. */
  scalar(value: unknown): void;
}

/** Finds the entries of `logs` in a body, and refuses a body whose `logs` are missing, no list, or there twice. */
export class LogsHandler implements JsonHandler {
  #depth = 0;
  #name = '';
  #hasLogs = false;
  #isInLogs = false;

  constructor(private readonly receiver: LogsReceiver) {}

  open(kind: 'object' | 'list'): void {
    if (this.#isInLogs && this.#depth === 2) this.receiver.begin();
    if (this.#depth === 1 && this.#name === 'logs') {
      if (this.#hasLogs) throw misfit('appears twice');
      if (kind !== 'list') throw misfit('must be a list');
      this.#hasLogs = true;
      this.#isInLogs = true;
      this.receiver.list();
    }
    this.#depth += 1;
  }

  close(): void {
    this.#depth -= 1;
    if (!this.#isInLogs) return;
    if (this.#depth === 2) this.receiver.end();
    if (this.#depth === 1) this.#isInLogs = false;
  }

  name(name: string): void {
    this.#name = name;
  }

  scalar(value: unknown): void {
    if (this.#isInLogs && this.#depth === 2) this.receiver.scalar(value);
    if (this.#depth === 1 && this.#name === 'logs')
      throw misfit(this.#hasLogs ? 'appears twice' : 'must be a list');
  }
}

/** Returns the error for a body with too many logs. */
export function tooManyLogs(): AppError {
  const detail = `logs: has more than ${MAX_LOG_ENTRIES.toLocaleString('en')} entries. Send them as NDJSON or CSV.`;
  return new AppError('json_invalid', detail, { path: 'logs' });
}

function misfit(reason: string): AppError {
  const detail = `logs: ${reason}. Send {"logs": [{"source": "...", "log_message": "..."}]}, a list of objects, or one object.`;
  return new AppError('json_invalid', detail, { path: 'logs' });
}
