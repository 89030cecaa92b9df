import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Starts Node with arguments. `killChildren` kills the process if it still runs.
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnNode(args, options) {
  const child = spawn(process.execPath, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Kills all running processes that were started here. */
export function killChildren() {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs a script of this folder and returns the JSON that it prints.
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<any>}
 * @throws Error when the exit code is not 0
 */
export async function runScript(script, args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawnNode([path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('The child process has no stdout.');
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${script} ended with ${code ?? signal}.`);
  return JSON.parse(output);
}
