/**
 * Runs the tests on every supported major version of Node.
 *
 *   npm run test:nodes                         # all tests on 20, 22, 24 and 26
 *   npm run test:nodes -- --only 24 --smoke    # the tests of SMOKE on 24
 *
 * The version that runs this script is used as it is. The others are installed from npm into .cache/nodes/. Delete that
 * folder to get newer releases. Vitest's report for Node 24 is test-results/node-24.json. Exits with 1 if a test failed on
 * any version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countTests } from './test-counts.mjs';

/** Each major version with its oldest release that package.json supports. */
const SUPPORTED = { 20: '20.19.0', 22: '22.2.0', 24: '24.0.0', 26: '26.0.0' };

/**
 * Tests of what differs between versions of Node: start and exit of the process, sockets, worker threads with native code,
 * text decoding, temporary files.
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
  if (missing.length > 0) stop(1, `SMOKE names files that do not exist: ${missing.join(', ')}`);
} else {
  const { status } = run(process.execPath, ['scripts/ensure-browser.mjs']);
  if (status !== 0) process.exit(1);
}

const results = versions.map((version) => `Node ${version}: ${testOn(version)}`);
console.log(results.join('\n'));

/** Reads the options: the versions to test, and whether to run only SMOKE. Exits with 2 if they are invalid. */
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
    if (unknown !== undefined) throw new Error(`--only: ${unknown} is not one of ${known.join(', ')}.`);
    return { versions, smoke: values.smoke };
  } catch (error) {
    return stop(2, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs the tests on a version. Returns a text with the numbers of passed and failed tests.
 *
 * @param {string} version the major version
 */
function testOn(version) {
  const report = join(root, 'test-results', `node-${version}.json`);
  rmSync(report, { force: true });
  const node = version === process.versions.node.split('.')[0] ? process.execPath : install(version);
  const tests = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.nodes.config.ts'];
  // The tests start npm, which uses the first node in PATH.
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  const { status } = run(node, [...tests, ...(smoke ? SMOKE : [])], { ...process.env, PATH });
  const { passed, failed } = countTests(report);
  // An error outside a test fails the run without a failed test.
  const allFailed = status === 0 ? failed : Math.max(1, failed);
  if (allFailed > 0) process.exitCode = 1;
  return `${passed} passed, ${allFailed} failed`;
}

/**
 * Installs the newest release of a major version from npm, unless it is installed already. Returns the path of `node`.
 *
 * @param {string} version
 */
function install(version) {
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
    stop(1, `Node ${version} could not be installed. npm needs access to its registry for ${range}.`);
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
