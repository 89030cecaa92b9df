/**
 * Compiles src/ to dist/.
 *
 *   npm run build
 *
 * With --or-use-dist an existing dist/ is used if TypeScript is not installed, as after `npm prune --omit=dev`. `npm start`
 * and the command lines pass this option. Exits with 1 if there is neither TypeScript nor dist/.
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
    `dist/ cannot be built: TypeScript is missing, because npm did not install the development packages. ${HOW_TO_BUILD}`,
  );
  process.exitCode = 1;
} else if (isSourceNewer()) {
  console.error(`src/ was changed after dist/ was built. The old dist/ is used. ${HOW_TO_BUILD}`);
}

/** Runs the compiler and returns its exit code. */
function compile() {
  const args = [compiler, '-p', 'tsconfig.build.json'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // The compiler does not write this file if only the dates of source files have changed.
  if (status === 0) utimesSync(buildInfo, new Date(), new Date());
  return status ?? 1;
}

/** Whether a file of src/ is newer than the last build; false if src/ or the build info is not installed. */
function isSourceNewer() {
  if (!existsSync(source) || !existsSync(buildInfo)) return false;
  const builtAt = statSync(buildInfo).mtimeMs;
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return files.some((file) => statSync(join(source, file)).mtimeMs > builtAt);
}
