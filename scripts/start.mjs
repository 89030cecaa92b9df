/**
 * Builds the server and runs it in this very process: a signal sent to `npm start` reaches it, which it would
 * not through a shell that waits for a chain of commands.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await import('../dist/server.js');
