/**
 * A load that is a file to upload. See `Plan` for its sizes.
 * @typedef {object} Load
 * @property {string} name
 * @property {number} rows
 * @property {number} templates
 * @property {number} ruleShare
 * @property {number} length
 * @property {boolean} otherTemplates whether each upload under probes has new templates; otherwise one file is uploaded
 *   repeatedly
 * @property {boolean} probed whether the load is also uploaded while probes run
 * @property {boolean} bare whether the bare encoder is measured, too
 * @property {number} naiveRows the number of rows that are labelled the naive way
 * @property {import('./data.mjs').Format} format of the file
 */

const ROW = {
  ruleShare: 0,
  length: 100,
  otherTemplates: true,
  probed: true,
  bare: false,
  naiveRows: 500,
  format: /** @type {const} */ ('csv'),
};

/** @type {readonly Load[]} */
const CSV_LOADS = [
  { ...ROW, name: 'repeats', rows: 1_000_000, templates: 750, otherTemplates: false },
  { ...ROW, name: 'fresh', rows: 5000, templates: 5000, bare: true },
  { ...ROW, name: 'mixed', rows: 200_000, templates: 2000, ruleShare: 0.4 },
  { ...ROW, name: 'long', rows: 2000, templates: 2000, length: 100_000, naiveRows: 30 },
  { ...ROW, name: 'flat', rows: 5_000_000, templates: 750, probed: false },
  { ...ROW, name: 'lines', rows: 1_000_000, templates: 750, probed: false, format: 'lines' },
  { ...ROW, name: 'jobs', rows: 1_000_000, templates: 750, ruleShare: 0.2, probed: false },
  { ...ROW, name: 'page', rows: 1_000_000, templates: 750, ruleShare: 0.2, probed: false },
  { ...ROW, name: 'ndjson', rows: 1_000_000, templates: 750, probed: false, format: 'ndjson' },
];

/**
 * Sizes for `--quick`. The ratio of rows to templates is unchanged.
 * @type {Record<string, Partial<Load> | undefined>}
 */
const QUICK = {
  repeats: { rows: 100_000, templates: 75, naiveRows: 100 },
  fresh: { rows: 400, templates: 400, naiveRows: 100 },
  mixed: { rows: 20_000, templates: 200, naiveRows: 100 },
  jobs: { rows: 20_000, templates: 150 },
  page: { rows: 20_000, templates: 150 },
};

/** The load of interactive clients. It has no file; `--seconds` sets its size. */
export const INTERACTIVE = 'interactive';

/** The load of a job and questions about its results. */
export const JOBS = 'jobs';

/** The load of a job whose result is looked at in a browser. */
export const PAGE = 'page';

/** The load of hostile clients: a list of attacks, each with its own server process. */
export const HOSTILE = 'hostile';

/** The default of `--load`, in this order. */
const USUAL_LOAD_NAMES = ['repeats', 'fresh', 'mixed', INTERACTIVE, 'long', 'flat', 'lines', 'ndjson'];

const QUICK_LOAD_NAMES = ['repeats', 'fresh', 'mixed', INTERACTIVE];

/** All loads, in the order in which they are measured. */
export const LOAD_NAMES = [...USUAL_LOAD_NAMES, JOBS, PAGE, HOSTILE];

/**
 * Returns the default of `--load`: all loads but `jobs`, `page`, which needs a browser, and `hostile`, which takes many minutes. With `--quick` only short loads.
 * @param {boolean} quick
 * @returns {readonly string[]}
 */
export function usualLoadNames(quick) {
  return quick ? QUICK_LOAD_NAMES : USUAL_LOAD_NAMES;
}

/**
 * Returns a load by name, with the sizes of `--quick` and of the command line.
 * @param {string} name
 * @param {{ quick: boolean, sizes: Partial<Load> }} options
 * @returns {Load}
 */
export function csvLoad(name, { quick, sizes }) {
  const load = CSV_LOADS.find((one) => one.name === name);
  if (!load) throw new Error(`Unknown load ${name}.`);
  const chosen = { ...load, ...(quick ? QUICK[name] : {}), ...sizes };
  // If every row has its own template, a changed number of rows changes the number of templates.
  if (load.rows === load.templates && sizes.templates === undefined) chosen.templates = chosen.rows;
  return chosen;
}
