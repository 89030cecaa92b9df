import { DataError } from '../../labelled-data/labelled-csv.js';
import type { Random } from '../../math/random.js';

/** The most messages that one pattern makes. More of them teach the head nothing new. */
const MAX_VARIANTS = 6;

const pick = (random: Random, ...choices: readonly string[]): string =>
  choices[Math.floor(random() * choices.length)] ?? '';
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, (_, i) =>
    String(Math.floor(random() * (i === 0 ? 9 : 10)) + (i === 0 ? 1 : 0)),
  ).join('');
const hex = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
const numberBelow = (random: Random, end: number): string => String(Math.floor(random() * end));
const twoDigits = (random: Random, end: number): string => numberBelow(random, end).padStart(2, '0');

/**
 * Words for the placeholders. The lists are long: if one name occurred often, the head would learn the name instead of
 * the rest of the line.
 */
const NAMES = words(
  'ada aiko alan alba amir ana andrei anna arjun aylin beth bo boris carla chen chloe daan david dina elena emil emma ' +
    'erik eva farid fatima felix finn gia gita greta hana hugo ida igor ines ivan ivy jan jia joao jonas julia kai karim ' +
    'kim lara lea leo li lin lucia luis maja marco maria marta mei mia milan mira nadia nico nina noah nora oleg olga omar ' +
    'oscar paolo paul pia priya rafa rosa ruth sam sara sina sofia sven tara theo tina tom uma vera viktor wei yara yuki zoe',
);
const SURNAMES = words(
  'abe adler ali baker bauer berg braun chen costa cruz diaz doe dubois evans ferri fox garcia gomez gupta haas hansen ' +
    'ito jensen jones kaya khan kim koch kumar lang lee lopez maier meyer mori moreau nagy novak olsen patel petrov popov ' +
    'ricci rossi russo sato schulz silva singh smith tanaka torres varga vogel wang weber wolf wong yilmaz zhang',
);
const THINGS = words(
  'alpha amber archive atlas audit backlog basket beta billing blue bravo cache canary catalog clinic comet core cosmos ' +
    'dawn delta depot east echo edge falcon feed fleet forum gamma garden ghost harbor hermes images inbox index indigo ' +
    'inventory iris jobs jupiter keys ledger legacy lotus main maple mars media metrics mirror moon nightly north nova ' +
    'oak ocean orders orion parcel payroll pilot pine portal primary profile quartz raven red report river sales search ' +
    'shadow silver south staging stock storm store summit tasks temp tiger titan tokens trace trial users vega vendor west winter zebra',
);
const MACHINES = words(
  'api app auth bastion batch build cache cdn ci compute core db dc dev dns edge etl fs ftp gpu gw hub ingest kube lab ldap ' +
    'log mail master mon mq mx nas node ns ops pc print prod proxy relay rack render sql srv stage store test vm vpn web win worker ws',
);
const FOLDERS = words(
  'var/lib opt srv/data home/build mnt/vol1 usr/local data export/home tmp var/spool var/cache opt/vendor srv nfs media run u01 ' +
    'etc mnt/backup home',
);
const FILES = words(
  'report export invoice image dump backup batch photo scan sheet upload import ledger letter list log map memo model note ' +
    'order page plan sales stock table ticket track video',
);
const SUFFIXES = words('csv pdf log dat txt xml json zip gz png jpg xlsx docx tar bak sql mp4 parquet');

function words(text: string): readonly string[] {
  return text.split(' ');
}

/**
 * A function for each placeholder that makes a value up. Addresses and domains are reserved for documentation or private
 * use (RFC 5737, RFC 1918, RFC 2606), so no value names a real host.
 */
const placeholders: Record<string, (random: Random) => string> = {
  n: (random) => numberBelow(random, 100),
  id: (random) => digits(random, 5 + Math.floor(random() * 5)),
  hex: (random) => hex(random, 8),
  ip: (random) =>
    `${pick(random, '192.0.2', '198.51.100', '203.0.113', '10.20.0')}.${numberBelow(random, 255)}`,
  port: (random) => digits(random, 5),
  host: (random) => {
    const machine = `${pick(random, ...MACHINES)}${numberBelow(random, 40)}`;
    return (
      machine + pick(random, '', '', '.example.com', '.example.org', '.example.net', '.internal', '.local')
    );
  },
  user: (random) => {
    const [name, surname] = [pick(random, ...NAMES), pick(random, ...SURNAMES)];
    const short = `${name.charAt(0)}${surname}`;
    const number = numberBelow(random, 1000);
    return pick(
      random,
      name,
      short,
      `${name}.${surname}`,
      `${surname}${number}`,
      `User${number}`,
      `u${number}`,
      short,
    );
  },
  path: (random) => `/${pick(random, ...FOLDERS)}/${pick(random, ...THINGS)}`,
  file: (random) => `${pick(random, ...FILES)}_${digits(random, 4)}.${pick(random, ...SUFFIXES)}`,
  uuid: (random) => [8, 4, 4, 4, 12].map((count) => hex(random, count)).join('-'),
  time: (random) => `${twoDigits(random, 24)}:${twoDigits(random, 60)}:${twoDigits(random, 60)}`,
  size: (random) =>
    `${numberBelow(random, 900)}.${numberBelow(random, 10)} ${pick(random, 'KB', 'MB', 'GB')}`,
  pct: (random) => `${1 + Math.floor(random() * 99)}%`,
  ms: (random) => `${1 + Math.floor(random() * 900)} ms`,
  word: (random) => pick(random, ...THINGS),
};

/** A placeholder or alternatives in braces, an escaped brace (`{{`, `}}`), or a single brace. */
const PART = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * Returns the messages of a pattern. `{one|two}` makes one message for each alternative. A pattern with several groups of
 * alternatives makes one for each combination, but never more than six messages. `{ip}` and the other placeholders get a
 * made-up value. `{{` and `}}` stand for braces.
 * @throws DataError when a placeholder is unknown or a brace is unpaired
 * @example expandPattern('{Read|Write} of {file} failed', seededRandom(1)) // two messages
 */
export function expandPattern(pattern: string, random: Random): string[] {
  const alternativeCounts = [...pattern.matchAll(PART)].flatMap(([, inside]) => {
    return inside?.includes('|') ? [inside.split('|').length] : [];
  });
  const count = Math.min(
    MAX_VARIANTS,
    alternativeCounts.reduce((product, length) => product * length, 1),
  );
  return Array.from({ length: count }, (_, variant) => fill(pattern, variant, random));
}

/** Returns one message. The digits of `variant`, in mixed radix, choose the alternatives. */
function fill(pattern: string, variant: number, random: Random): string {
  let rest = variant;
  return pattern.replace(PART, (part: string, inside: string | undefined) => {
    if (part === '{{' || part === '}}') return part.charAt(0);
    if (inside === undefined)
      throw new DataError(`A brace is not paired. Write {{ or }} for a brace in the text: ${pattern}`);
    const alternatives = inside.split('|');
    if (alternatives.length > 1) {
      const chosen = alternatives[rest % alternatives.length] ?? '';
      rest = Math.floor(rest / alternatives.length);
      return chosen;
    }
    const placeholder = Object.hasOwn(placeholders, inside) ? placeholders[inside] : undefined;
    if (!placeholder) {
      const known = Object.keys(placeholders).join(', ');
      throw new DataError(`{${inside}} is not a placeholder. Use one of ${known}: ${pattern}`);
    }
    return placeholder(random);
  });
}
