import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { OWN_SERVER } from './server-process.mjs';

/**
 * When, on what and of which state of the code the figures are.
 * @param {string} [server] path of the program that is measured
 */
export function circumstances(server = OWN_SERVER) {
  return {
    date: new Date().toISOString(),
    commit: commitOf(server),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    processor: cpus()[0]?.model ?? null,
  };
}

/**
 * The commit of the working copy that holds a program, with `+` when files differ from it; null outside a repository.
 * @param {string} server
 */
export function commitOf(server) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, {
      cwd: dirname(server),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    // An unpacked archive has no history; the figures are good all the same.
    return null;
  }
}
