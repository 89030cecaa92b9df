import { Worker } from 'node:worker_threads';
import { deferred, type Deferred } from '../../async/deferred.js';
import { AppError, errorCatalogue, type ErrorCode } from '../../errors.js';
import type { ArgumentsOf, OperationName, ResultOf, StoreAnswer, StoreCall } from './operations.js';

/** Keeps the rows of jobs in one database for each job, in a worker thread. */
export interface JobStore {
  /**
   * Runs an operation on the database of a job. The database is opened, or created, on demand.
   * @param dir the folder of the job
   * @throws AppError `disk_full`; an Error with DuckDB's message, for instance for a damaged file
   */
  run<Name extends OperationName>(
    dir: string,
    name: Name,
    ...args: ArgumentsOf<Name>
  ): Promise<ResultOf<Name>>;
  /**
   * Keeps other processes from using a folder as long as this process lives.
   * @throws an Error with DuckDB's message when another process has the folder
   */
  lock(dir: string): Promise<void>;
  /** Deletes all rows of a job, also those of a damaged database. */
  clear(dir: string): Promise<void>;
  /** Closes the database of a job, so that its folder can be deleted. */
  closeDatabase(dir: string): Promise<void>;
  /** Closes all databases after their running operations, and stops the thread. */
  close(): Promise<void>;
}

/**
 * Returns a store. Its thread starts with the first operation, because loading DuckDB takes 0.1 s and 70 MB.
 * @param workerFile the compiled worker; only tests that run from source set another
 */
export function createJobStore(workerFile = new URL('./store-worker.js', import.meta.url)): JobStore {
  let worker: Worker | undefined;
  let nextId = 0;
  const waiting = new Map<number, Deferred<unknown>>();

  function start(): Worker {
    const started = new Worker(workerFile);
    started.on('message', ({ id, result, error }: StoreAnswer) => {
      const call = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
      if (error) call?.reject(toError(error));
      else call?.resolve(result);
    });
    // A thread that has died is replaced with the next call. The jobs of the lost calls fail.
    started.on('error', (error) => lose(started, error));
    started.on('exit', () => lose(started, new Error('The thread of the job store has ended.')));
    return started;
  }

  function lose(lost: Worker, error: Error): void {
    // A thread reports its error and then its end, when another one may work already.
    if (worker !== lost) return;
    worker = undefined;
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
  }

  function call(dir: string, name: StoreCall['name'], args: readonly unknown[]): Promise<unknown> {
    worker ??= start();
    const id = nextId++;
    const answer = deferred<unknown>();
    waiting.set(id, answer);
    // An idle thread does not keep the process alive, one that works does.
    worker.ref();
    worker.postMessage({ id, dir, name, args } satisfies StoreCall);
    return answer.promise;
  }

  return {
    run: async (dir, name, ...args) => (await call(dir, name, args)) as never,
    lock: async (dir) => {
      await call(dir, 'lock', []);
    },
    clear: async (dir) => {
      await call(dir, 'clear', []);
    },
    closeDatabase: async (dir) => {
      if (worker) await call(dir, 'close', []);
    },
    close: async () => {
      const stopping = worker;
      if (!stopping) return;
      await Promise.allSettled([...waiting.values()].map(({ promise }) => promise));
      await stopping.terminate();
    },
  };
}

function toError({ message, code }: NonNullable<StoreAnswer['error']>): Error {
  return code !== undefined && code in errorCatalogue
    ? new AppError(code as ErrorCode, message)
    : new Error(message);
}
