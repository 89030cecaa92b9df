import { execFileSync } from 'node:child_process';

/** Creates a named pipe without a writer. */
export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}
