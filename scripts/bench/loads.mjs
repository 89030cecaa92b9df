/**
 * A load: a file that is uploaded, or clients that ask.
 * @typedef {object} Load
 * @property {string} name
 * @property {number} rows
 * @property {number} templates
 * @property {number} ruleShare
 * @property {number} length
 * @property {boolean} otherTemplates whether each upload under probes has templates of its own; else one file is
 *   uploaded again and again
 * @property {boolean} probed whether it is uploaded under probes too, or only once and alone
 * @property {boolean} bare whether the bare encoder is measured beside it
 * @property {number} naiveRows so many of its rows are labelled the naive way
 */

const ROW = { ruleShare: 0, length: 100, otherTemplates: true, probed: true, bare: false, naiveRows: 500 };

/** @type {readonly Load[]} */
const CSV_LOADS = [
  { ...ROW, name: 'repeats', rows: 1_000_000, templates: 750, otherTemplates: false },
  { ...ROW, name: 'fresh', rows: 5000, templates: 5000, bare: true },
  { ...ROW, name: 'mixed', rows: 200_000, templates: 2000, ruleShare: 0.4 },
  { ...ROW, name: 'long', rows: 2000, templates: 2000, length: 100_000, naiveRows: 30 },
  { ...ROW, name: 'flat', rows: 5_000_000, templates: 750, probed: false },
];

/**
 * Sizes of `--quick`: as many rows to a template as ever.
 * @type {Record<string, Partial<Load> | undefined>}
 */
const QUICK = {
  repeats: { rows: 100_000, templates: 75, naiveRows: 100 },
  fresh: { rows: 400, templates: 400, naiveRows: 100 },
  mixed: { rows: 20_000, templates: 200, naiveRows: 100 },
};

/** The load that is no file; its size is a time. */
export const INTERACTIVE = 'interactive';

/** The load that is a list of attacks, each of which has a process to itself. */
export const HOSTILE = 'hostile';

/** What is measured unless `--load` says otherwise, in this order. */
const USUAL_LOAD_NAMES = ['repeats', 'fresh', 'mixed', INTERACTIVE, 'long', 'flat'];

const QUICK_LOAD_NAMES = ['repeats', 'fresh', 'mixed', INTERACTIVE];

/** All that `--load` may name, in the order in which they are measured. */
export const LOAD_NAMES = [...USUAL_LOAD_NAMES, HOSTILE];

/**
 * What is measured when no load is named: all but `hostile`, which takes many minutes; only the short ones if it is to
 * be quick.
 * @param {boolean} quick
 * @returns {readonly string[]}
 */
export function usualLoadNames(quick) {
  return quick ? QUICK_LOAD_NAMES : USUAL_LOAD_NAMES;
}

/**
 * The load of a name, smaller if it is to be quick, with what the command line sets.
 * @param {string} name
 * @param {{ quick: boolean, sizes: Partial<Load> }} options
 * @returns {Load}
 */
export function csvLoad(name, { quick, sizes }) {
  const load = CSV_LOADS.find((one) => one.name === name);
  if (!load) throw new Error(`There is no load ${name}.`);
  const chosen = { ...load, ...(quick ? QUICK[name] : {}), ...sizes };
  // All different stays all different, and fewer rows than templates would be no file.
  if (load.rows === load.templates && sizes.templates === undefined) chosen.templates = chosen.rows;
  return chosen;
}
