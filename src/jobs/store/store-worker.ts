import { parentPort } from 'node:worker_threads';
import { AppError } from '../../errors.js';
import { OpenDatabases, type StoreAnswer, type StoreCall } from './operations.js';

/** The worker thread of store.ts: appending to DuckDB blocks the thread that does it. */
const databases = new OpenDatabases();
const port = parentPort;
if (!port) throw new Error('store-worker.ts runs in a worker thread.');

port.on('message', ({ id, dir, name, args }: StoreCall) => {
  databases.run(dir, name, args).then(
    (result) => port.postMessage({ id, result } satisfies StoreAnswer),
    (error: unknown) => port.postMessage({ id, error: describe(error) } satisfies StoreAnswer),
  );
});

function describe(error: unknown): NonNullable<StoreAnswer['error']> {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof AppError ? { message, code: error.code } : { message };
}
