import { fileURLToPath } from 'node:url';

/** The compiled encoder worker. Worker threads cannot run TypeScript source. */
export const workerFile = new URL('../../dist/classifier/embedding/worker.js', import.meta.url);

/** The compiled worker of the job store. */
export const storeWorkerFile = new URL('../../dist/jobs/store/store-worker.js', import.meta.url);

/** Returns the path of a compiled program, such as `server.js` or `cli/main.js`. */
export function program(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
}

/** Returns the path of a file of the project. */
export function projectFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
