import { fileURLToPath } from 'node:url';

/** The compiled encoder worker: worker threads cannot run from source. */
export const workerFile = new URL('../../dist/classifier/embedding/worker.js', import.meta.url);

/** Path of a compiled program, such as `server.js` or `cli/train.js`. */
export function program(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
}

/** Path of a file of the project. */
export function projectFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
