import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { OWN_SERVER } from './server-process.mjs';

/**
 * Returns the date, the commit and the machine of the measurement.
 * @param {string} [server] path of the measured program
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
 * Returns the commit of the working copy that contains a program, with `+` if files are changed. Returns null outside
 * a repository.
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
    // An unpacked archive has no history. The figures are valid without it.
    return null;
  }
}
