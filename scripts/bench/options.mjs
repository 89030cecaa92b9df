import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HOSTILE, LOAD_NAMES, usualLoadNames } from './loads.mjs';

/** What `--help` prints. */
export const USAGE = `npm run bench -- [options]

Measures the server as it is built, each load with a fresh process. docs/performance.md says how.

  --load a,b         only these loads: ${LOAD_NAMES.join(', ')} (default: all but ${HOSTILE})
  --file logs.csv    also this file: uploaded once to a fresh process, and labelled the naive way
  --quick            small sizes, less than a minute; without long and flat unless --load names them
  --seconds 10       how long a load lasts at least while latencies are taken
  --rows N           rows of a file      } instead of the load's own,
  --templates N      distinct templates  } for each file load that is
  --length N         characters a message} measured
  --rule-share 0.4   share of lines that rules match
  --attack text      of the load ${HOSTILE} only the attacks whose name holds the text
  --server path      measure this dist/server.js instead of the working copy's own
  --against path     compare the server with this dist/server.js: both are measured in turn, in pairs
  --pairs 6          so many pairs for --against
  --json [results.json]  all figures as JSON to the file, or to stdout instead of the table
  --help             this

Exit code 0 whether goals are met or not, 1 when a load fails, 2 when an option is wrong.`;

/** A mistake on the command line; the message says which. */
export class UsageError extends Error {}

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {readonly string[]} loads
 * @property {string | undefined} file
 * @property {string} attack of the hostile load, only attacks whose name holds this
 * @property {string | undefined} server path of the program to measure; the working copy's own if undefined
 * @property {string | undefined} against path of the program to compare it with
 * @property {number} pairs to compare
 * @property {boolean} quick
 * @property {number} seconds a load lasts at least so long under probes
 * @property {number} idleSamples of each kind of probe before a load
 * @property {Partial<import('./loads.mjs').Load>} sizes
 * @property {string | true | undefined} json a file, or true for stdout
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
  if (wrong !== undefined) throw new UsageError(`--load: ${wrong} is none of ${LOAD_NAMES.join(', ')}.`);
  for (const name of /** @type {const} */ (['file', 'server', 'against'])) checkThere(name, values[name]);
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

/** Now and not when its turn has come, after minutes of other loads. */
function checkThere(/** @type {string} */ name, /** @type {string | undefined} */ path) {
  if (path !== undefined && !existsSync(path)) throw new UsageError(`--${name}: ${path} is not there.`);
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

/** parseArgs knows no option whose value may be left out: `--json` alone becomes `--json=`. */
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
