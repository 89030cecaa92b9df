import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** When, on what and of which state of the code the figures are. */
export function circumstances() {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    processor: cpus()[0]?.model ?? null,
  };
}

/** The commit, with `+` when files differ from it; null outside a repository. */
function commit() {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    // An unpacked archive has no history; the figures are good all the same.
    return null;
  }
}
