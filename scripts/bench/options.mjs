import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HOSTILE, JOBS, LOAD_NAMES, usualLoadNames } from './loads.mjs';

/** The text of `--help`. */
export const USAGE = `npm run bench -- [options]

Measures the built server, with a fresh process for each load. docs/performance.md explains the figures.

  --load a,b         only these loads: ${LOAD_NAMES.join(', ')} (default: all but ${JOBS} and ${HOSTILE})
  --file logs.csv    also measure this file: one upload to a fresh process, and the naive way
  --quick            small sizes, less than a minute; without long and flat unless --load names them
  --seconds 10       least duration of a load while latencies are measured
  --rows N           rows of a file      } instead of the load's own,
  --templates N      distinct templates  } for each file load that is
  --length N         characters a message} measured
  --rule-share 0.4   share of the lines that rules match
  --attack text      for the load ${HOSTILE}: only attacks whose name contains the text
  --server path      measure this dist/server.js instead of the one in this working copy
  --against path     compare the server with this dist/server.js: measure both alternately, in pairs
  --pairs 6          number of pairs for --against
  --json [results.json]  write all figures as JSON to the file, or to stdout instead of the table
  --help             show this text

Exit code: 0 even if goals are missed, 1 if a load fails, 2 if an option is wrong.`;

/** An option is wrong. The message says which and why. */
export class UsageError extends Error {}

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {readonly string[]} loads
 * @property {string | undefined} file
 * @property {string} attack for the hostile load: only attacks whose name contains this text
 * @property {string | undefined} server path of the program to measure; the one in this working copy if undefined
 * @property {string | undefined} against path of the program to compare with
 * @property {number} pairs the number of pairs for `against`
 * @property {boolean} quick
 * @property {number} seconds least duration of a load under probes
 * @property {number} idleSamples number of probes of each kind before a load
 * @property {Partial<import('./loads.mjs').Load>} sizes
 * @property {string | true | undefined} json path of a file, or true for stdout
 */

/**
 * Reads the command line.
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws UsageError
 */
export function readOptions(args) {
  const values = parse(args);
  const quick = values.quick ?? false;
  const chosen = values.load?.split(',');
  const wrong = chosen?.find((name) => !LOAD_NAMES.includes(name));
  if (wrong !== undefined) throw new UsageError(`--load: ${wrong} is not one of ${LOAD_NAMES.join(', ')}.`);
  for (const name of /** @type {const} */ (['file', 'server', 'against'])) checkExists(name, values[name]);
  return {
    help: values.help ?? false,
    loads: chosen ? LOAD_NAMES.filter((name) => chosen.includes(name)) : usualLoadNames(quick),
    file: values.file,
    attack: values.attack ?? '',
    server: values.server === undefined ? undefined : resolve(values.server),
    against: values.against === undefined ? undefined : resolve(values.against),
    pairs: number('pairs', values.pairs) ?? (quick ? 2 : 6),
    quick,
    seconds: number('seconds', values.seconds) ?? (quick ? 3 : 10),
    idleSamples: quick ? 40 : 120,
    sizes: sizesOf(values),
    json: values.json === '' ? true : values.json,
  };
}

/** Checks at the start, not after minutes of other loads. */
function checkExists(/** @type {string} */ name, /** @type {string | undefined} */ path) {
  if (path !== undefined && !existsSync(path)) throw new UsageError(`--${name}: ${path} does not exist.`);
}

function parse(/** @type {readonly string[]} */ args) {
  try {
    return parseArgs({
      args: withJsonValue(args),
      options: {
        help: { type: 'boolean' },
        quick: { type: 'boolean' },
        load: { type: 'string' },
        file: { type: 'string' },
        seconds: { type: 'string' },
        rows: { type: 'string' },
        templates: { type: 'string' },
        length: { type: 'string' },
        'rule-share': { type: 'string' },
        attack: { type: 'string' },
        server: { type: 'string' },
        against: { type: 'string' },
        pairs: { type: 'string' },
        json: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Turns `--json` without a value into `--json=`, because parseArgs has no optional values. */
function withJsonValue(/** @type {readonly string[]} */ args) {
  return args.map((arg, i) => (arg === '--json' && (args[i + 1] ?? '--').startsWith('--') ? '--json=' : arg));
}

/** @returns {Partial<import('./loads.mjs').Load>} */
function sizesOf(/** @type {Record<string, string | boolean | undefined>} */ values) {
  const given = {
    rows: number('rows', values.rows),
    templates: number('templates', values.templates),
    length: number('length', values.length),
    ruleShare: number('rule-share', values['rule-share'], 0),
  };
  if ((given.ruleShare ?? 0) >= 1) throw new UsageError('--rule-share must be less than 1.');
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @returns {number | undefined} */
function number(
  /** @type {string} */ name,
  /** @type {string | boolean | undefined} */ text,
  least = Number.MIN_VALUE,
) {
  if (text === undefined) return undefined;
  const value = Number(text);
  const whole = ['rows', 'templates', 'length', 'pairs'].includes(name);
  if (text === '' || !Number.isFinite(value) || value < least || (whole && !Number.isInteger(value))) {
    throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number above 0, got "${text}".`);
  }
  return value;
}
