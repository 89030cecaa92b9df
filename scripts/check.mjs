/**
 * Runs the static checks of `npm test` in parallel: format, lint and types. Prints when each has ended, and the complete
 * output of each that fails.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { secondsSince, withSignOfLife } from './sign-of-life.mjs';

const CHECKS = ['format:check', 'lint', 'typecheck'];

const running = new Set(CHECKS);

/**
 * @param {string} name an npm script
 * @returns {Promise<boolean>} whether it passed
 */
async function check(name) {
  const startedAt = performance.now();
  const npm = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const [out, err, [code]] = await Promise.all([text(npm.stdout), text(npm.stderr), once(npm, 'close')]);
  running.delete(name);
  console.log(`${name}: ${code === 0 ? 'passed' : 'failed'} after ${secondsSince(startedAt)} s`);
  if (code !== 0) console.error(out + err);
  return code === 0;
}

console.log(`Checking: ${CHECKS.join(', ')} …`);
const results = await withSignOfLife(() => [...running].join(', '), Promise.all(CHECKS.map(check)));
process.exitCode = results.every(Boolean) ? 0 : 1;
