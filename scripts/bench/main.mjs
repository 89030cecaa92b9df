/**
 * `npm run bench`: measures the built server. docs/performance.md says how each figure comes about, --help what can
 * be chosen. Linux only: processor time and memory come from /proc.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { killChildren } from './children.mjs';
import { circumstances } from './circumstances.mjs';
import { csvLoad, INTERACTIVE } from './loads.mjs';
import { measureCsv, measureFile } from './measure-csv.mjs';
import { measureInteractive } from './measure-interactive.mjs';
import { readOptions, USAGE, UsageError } from './options.mjs';
import { reportOf } from './report.mjs';
import { verdictsOn } from './verdicts.mjs';

/** @typedef {import('./measure-csv.mjs').Result} Result */

const begin = performance.now();

function say(/** @type {string} */ text) {
  console.error(`${((performance.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${text}`);
}

/** The options, or the end of the process with a sentence that says what is wrong. */
function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

/** @returns {[name: string, measure: (around: import('./measure-csv.mjs').Surroundings) => Promise<Result>][]} */
function jobs(/** @type {import('./options.mjs').Options} */ options) {
  const { file } = options;
  const path = file === undefined ? undefined : resolve(file);
  return [
    ...options.loads.map((name) => {
      if (name === INTERACTIVE) return [name, measureInteractive];
      return [name, (around) => measureCsv(csvLoad(name, options), around)];
    }),
    ...(path === undefined ? [] : [['file', (around) => measureFile(path, around)]]),
  ];
}

/** A folder of our own for all files; it goes, and so do our processes, however we end. */
async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'log-classifier-bench-'));
  const cleanUp = () => {
    killChildren();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', cleanUp);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => process.exit(1));
  }
  return folder;
}

/** Measures one load after the other; one that fails is told of and the others go on. */
async function measureAll(/** @type {import('./options.mjs').Options} */ options) {
  const folder = await openFolder();
  /** @type {Result[]} */
  const results = [];
  let failed = false;
  for (const [name, measure] of jobs(options)) {
    const tell = (/** @type {string} */ text) => say(`${name}: ${text}`);
    try {
      tell('start');
      results.push(await measure({ folder, options, say: tell }));
    } catch (error) {
      failed = true;
      killChildren();
      tell(`FAILED: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { results, failed };
}

const options = optionsOrExit();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const around = circumstances();
const { results, failed } = await measureAll(options);
const verdicts = verdictsOn(results);
const json = `${JSON.stringify({ ...around, quick: options.quick, results, verdicts }, null, 2)}\n`;
const heading = `${around.date}, commit ${around.commit ?? 'unknown'}, Node ${around.node}, ${around.processors} processors${options.quick ? ', QUICK' : ''}`;
if (options.json === true) process.stdout.write(json);
else console.log(`${heading}\n\n${reportOf(results, verdicts)}`);
if (typeof options.json === 'string') await writeFile(options.json, json);
process.exitCode = failed ? 1 : 0;
