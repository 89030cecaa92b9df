/**
 * Reduces node_modules to what a server needs: removes the development packages, then deletes files that no server loads.
 *
 *   npm run build && npm run prune-production
 *
 * It may run repeatedly. `npm ci` restores everything.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unneededFiles } from './unneeded-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');

if (!existsSync(modules)) refuse('node_modules does not exist. Run `npm ci` first.');
if (lstatSync(modules).isSymbolicLink())
  refuse('node_modules is a link to a folder that other projects may use.');
if (!existsSync(join(root, 'dist/server.js'))) refuse('dist/ is not built. Run `npm run build` first.');

const npm = spawnSync('npm', ['prune', '--omit=dev', '--no-audit', '--no-fund'], {
  cwd: root,
  stdio: 'inherit',
  // On Windows npm is a script, which only a shell can start.
  shell: process.platform === 'win32',
});
if (npm.status !== 0) refuse('`npm prune --omit=dev` failed.');

let count = 0;
let bytes = 0;
for (const file of unneededFiles(modules)) {
  bytes += statSync(file).size;
  rmSync(file);
  count += 1;
}
console.log(`Deleted ${count} files (${Math.round(bytes / 1e6)} MB) from node_modules that no server loads.`);

/**
 * @param {string} reason
 * @returns {never}
 */
function refuse(reason) {
  console.error(`No file was deleted: ${reason}`);
  process.exit(1);
}
