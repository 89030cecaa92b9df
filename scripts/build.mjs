/**
 * Compiles src/ to dist/.
 *
 *   npm run build
 *
 * With --or-use-dist, which `npm start` and the command lines pass, a dist/ that was built earlier is used where
 * TypeScript is not installed, as after `npm prune --omit=dev`. Exits with 1 and a sentence where neither is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOW_TO_BUILD = 'Run `npm ci --include=dev && npm run build && npm prune --omit=dev`.';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const source = join(root, 'src');
const server = join(root, 'dist/server.js');
const buildInfo = join(root, 'dist/.tsbuildinfo');

if (existsSync(compiler)) {
  process.exitCode = compile();
} else if (!existsSync(server) || !process.argv.includes('--or-use-dist')) {
  console.error(
    `dist/ cannot be built: TypeScript is missing, because npm left the development packages out. ${HOW_TO_BUILD}`,
  );
  process.exitCode = 1;
} else if (isSourceNewer()) {
  console.error(`src/ was changed after dist/ was built, and the old dist/ is used. ${HOW_TO_BUILD}`);
}

/** Runs the compiler and gives its exit code. */
function compile() {
  const args = [compiler, '-p', 'tsconfig.build.json'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // The compiler does not write this file when no file has new contents, even where a file has a new date.
  if (status === 0) utimesSync(buildInfo, new Date(), new Date());
  return status ?? 1;
}

/** Whether a file of src/ changed after the last build; false where src/ or the build's record was not installed. */
function isSourceNewer() {
  if (!existsSync(source) || !existsSync(buildInfo)) return false;
  const builtAt = statSync(buildInfo).mtimeMs;
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return files.some((file) => statSync(join(source, file)).mtimeMs > builtAt);
}
