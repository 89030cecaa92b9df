/**
 * Runs the tests on every major version of Node that is supported.
 *
 *   npm run test:nodes                         # all tests on 20, 22, 24 and 26
 *   npm run test:nodes -- --only 24 --smoke    # the tests of SMOKE on 24
 *
 * The version that runs this is used as it is. The others come from npm, as the package that carries Node's program for
 * this system, and are kept in .cache/nodes/; delete that folder to get later releases. Vitest's report on Node 24 is
 * test-results/node-24.json. Exits with 1 when a test failed on any version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countTests } from './test-counts.mjs';

/** Each major version with the least release of it that package.json supports. */
const SUPPORTED = { 20: '20.19.0', 22: '22.2.0', 24: '24.0.0', 26: '26.0.0' };

/**
 * What differs between versions of Node: start and end of the process, sockets, worker threads with native code,
 * decoding of text, temporary files.
 */
const SMOKE = [
  'test/server.test.ts',
  'test/http/abort.test.ts',
  'test/http/classify.test.ts',
  // Two bounds of connections rest on properties of Node that are not documented.
  'test/http/connections.test.ts',
  'test/classifier/embedding/encoder-pool.test.ts',
  'test/text/open-text.test.ts',
  'test/pipeline/spool.test.ts',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const { versions, smoke } = readOptions();
if (smoke) {
  const missing = SMOKE.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) stop(1, `SMOKE names files that are not there: ${missing.join(', ')}`);
} else {
  const { status } = run(process.execPath, ['scripts/ensure-browser.mjs']);
  if (status !== 0) process.exit(1);
}

const results = versions.map((version) => `Node ${version}: ${testOn(version)}`);
console.log(results.join('\n'));

/** The versions to test on and whether to run some tests only, or the end of the process with a sentence. */
function readOptions() {
  const known = Object.keys(SUPPORTED);
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: known.join(',') },
        smoke: { type: 'boolean', default: false },
      },
    });
    const versions = values.only.split(',');
    const unknown = versions.find((version) => !known.includes(version));
    if (unknown !== undefined) throw new Error(`--only: ${unknown} is none of ${known.join(', ')}.`);
    return { versions, smoke: values.smoke };
  } catch (error) {
    return stop(2, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs the tests on a version and says how many passed and failed.
 *
 * @param {string} version its major version
 */
function testOn(version) {
  const report = join(root, 'test-results', `node-${version}.json`);
  rmSync(report, { force: true });
  const node = version === process.versions.node.split('.')[0] ? process.execPath : fetched(version);
  const tests = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.nodes.config.ts'];
  // The tests start npm, which takes the first node of PATH.
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  const { status } = run(node, [...tests, ...(smoke ? SMOKE : [])], { ...process.env, PATH });
  const { passed, failed } = countTests(report);
  // An error outside of any test fails the run without a failed test.
  const allFailed = status === 0 ? failed : Math.max(1, failed);
  if (allFailed > 0) process.exitCode = 1;
  return `${passed} passed, ${allFailed} failed`;
}

/**
 * The program of the newest release of a major version, installed from npm unless it was before.
 *
 * @param {string} version
 */
function fetched(version) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(root, '.cache/nodes', version);
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) return node;
  const range = `${name}@^${SUPPORTED[/** @type {keyof typeof SUPPORTED} */ (Number(version))]}`;
  console.log(`Installing ${range} into .cache/nodes/ …`);
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  run('npm', ['install', '--silent', '--prefix', folder, ...options, range]);
  if (!existsSync(node))
    stop(1, `Node ${version} could not be installed: npm has to reach its registry for ${range}.`);
  return node;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(command, args, env = process.env) {
  // On Windows npm is a script, which only a shell can start.
  const shell = command === 'npm' && process.platform === 'win32';
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env, shell });
}

/**
 * @param {number} code
 * @param {string} reason
 * @returns {never}
 */
function stop(code, reason) {
  console.error(reason);
  process.exit(code);
}
