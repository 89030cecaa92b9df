/**
 * `npm run bench`: measures the built server. docs/performance.md explains the figures, --help the options. Linux only:
 * processor time and memory come from /proc.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { killChildren } from './children.mjs';
import { circumstances, commitOf } from './circumstances.mjs';
import { attacks } from './hostile/attacks.mjs';
import { hostileReport, hostileVerdicts } from './hostile/hostile-report.mjs';
import { measureAttack } from './hostile/measure-attack.mjs';
import { jobsReport, jobsVerdicts } from './jobs-report.mjs';
import { csvLoad, HOSTILE, INTERACTIVE, JOBS, PAGE } from './loads.mjs';
import { measureCsv, measureFile } from './measure-csv.mjs';
import { measureJobs } from './measure-jobs.mjs';
import { measureInteractive } from './measure-interactive.mjs';
import { measurePage } from './measure-page.mjs';
import { readOptions, USAGE, UsageError } from './options.mjs';
import { pageReport, pageVerdicts } from './page-report.mjs';
import { comparePairs, pairsReport } from './pairs.mjs';
import { reportOf } from './report.mjs';
import { verdictsOn } from './verdicts.mjs';

/** @typedef {import('./measure-csv.mjs').Result} Result */

const begin = performance.now();

function say(/** @type {string} */ text) {
  console.error(`${((performance.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${text}`);
}

/** Returns the options. Prints the error and exits with code 2 if an option is wrong. */
function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

/**
 * All results.
 * @typedef {object} Figures
 * @property {Result[]} results
 * @property {import('./hostile/measure-attack.mjs').AttackResult[]} attacks
 * @property {import('./pairs.mjs').Comparison[]} comparisons
 * @property {import('./measure-jobs.mjs').JobsResult[]} jobs
 * @property {import('./measure-page.mjs').PageResult[]} pages
 */

/** @typedef {import('./measure-csv.mjs').Surroundings} Surroundings */
/** @typedef {[name: string, measure: (around: Surroundings) => Promise<unknown>]} Job adds its result to the figures */

/** @returns {Job[]} */
function jobs(/** @type {import('./options.mjs').Options} */ options, /** @type {Figures} */ figures) {
  const { file, loads, against } = options;
  const names = [...loads, ...(file === undefined ? [] : ['file'])];
  if (against !== undefined) {
    return names.map((name) => [
      name,
      async (around) => figures.comparisons.push(await comparePairs(name, around)),
    ]);
  }
  return names.flatMap((name) => {
    if (name === HOSTILE) return attackJobs(options, figures);
    if (name === JOBS)
      return [[name, async (around) => figures.jobs.push(await measureJobs(csvLoad(name, options), around))]];
    if (name === PAGE)
      return [
        [name, async (around) => figures.pages.push(await measurePage(csvLoad(name, options), around))],
      ];
    return [[name, async (around) => figures.results.push(await measureLoad(name, around))]];
  });
}

/** @returns {Job[]} */
function attackJobs(/** @type {import('./options.mjs').Options} */ options, /** @type {Figures} */ figures) {
  return attacks()
    .filter(({ name }) => name.includes(options.attack))
    .map((attack) => [
      attack.name,
      async (around) => figures.attacks.push(await measureAttack(attack, around)),
    ]);
}

/** @returns {Promise<Result>} */
function measureLoad(/** @type {string} */ name, /** @type {Surroundings} */ around) {
  const { file } = around.options;
  if (name === INTERACTIVE) return measureInteractive(around);
  if (name === 'file' && file !== undefined) return measureFile(resolve(file), around);
  return measureCsv(csvLoad(name, around.options), around);
}

/** Creates the folder for all files. Removes it at exit, also after a signal, and kills the child processes. */
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

/** Measures one load after the other. Reports a load that fails and continues with the next. */
async function measureAll(/** @type {import('./options.mjs').Options} */ options) {
  const folder = await openFolder();
  /** @type {Figures} */
  const figures = { results: [], attacks: [], comparisons: [], jobs: [], pages: [] };
  let failed = false;
  for (const [name, measure] of jobs(options, figures)) {
    const tell = (/** @type {string} */ text) => say(`${name}: ${text}`);
    try {
      tell('start');
      await measure({ folder, options, say: tell });
    } catch (error) {
      failed = true;
      killChildren();
      tell(`FAILED: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { figures, failed };
}

const options = optionsOrExit();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const around = circumstances(options.server);
const other = options.against === undefined ? undefined : (commitOf(options.against) ?? 'unknown');
const { figures, failed } = await measureAll(options);
const { results, attacks: attacked, comparisons, jobs: measuredJobs, pages } = figures;
const verdicts = verdictsOn(results);
const attackVerdicts = hostileVerdicts(attacked);
const jobVerdicts = jobsVerdicts(measuredJobs);
const pagesVerdicts = pageVerdicts(pages);
const json = `${JSON.stringify({ ...around, against: other, quick: options.quick, ...figures, verdicts: [...verdicts, ...attackVerdicts, ...jobVerdicts, ...pagesVerdicts] }, null, 2)}\n`;
const heading = `${around.date}, commit ${around.commit ?? 'unknown'}${other === undefined ? '' : ` against ${other}`}, Node ${around.node}, ${around.processors} processors${options.quick ? ', QUICK' : ''}`;
const tables = [
  ...(results.length > 0 ? [reportOf(results, verdicts)] : []),
  ...(attacked.length > 0 ? [hostileReport(attacked, attackVerdicts)] : []),
  ...(measuredJobs.length > 0 ? [jobsReport(measuredJobs, jobVerdicts)] : []),
  ...(pages.length > 0 ? [pageReport(pages, pagesVerdicts)] : []),
  ...(comparisons.length > 0 ? [pairsReport(comparisons)] : []),
];
if (options.json === true) process.stdout.write(json);
else console.log([heading, ...tables].join('\n\n'));
if (typeof options.json === 'string') await writeFile(options.json, json);
process.exitCode = failed ? 1 : 0;
