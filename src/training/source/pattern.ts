import { DataError } from '../data.js';
import type { Random } from '../random.js';

/** The most messages that one line gives: alternatives past it say nothing new. */
const MAX_VARIANTS = 6;

const pick = (random: Random, ...choices: readonly string[]): string =>
  choices[Math.floor(random() * choices.length)] ?? '';
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, (_, i) =>
    String(Math.floor(random() * (i === 0 ? 9 : 10)) + (i === 0 ? 1 : 0)),
  ).join('');
const hex = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
const upTo = (random: Random, end: number): string => String(Math.floor(random() * end));
const twoDigits = (random: Random, end: number): string => upTo(random, end).padStart(2, '0');

/** What stands in a slot: made up, from ranges and names that are nobody's (RFC 5737 addresses, example.com). */
const slots: Record<string, (random: Random) => string> = {
  n: (random) => upTo(random, 100),
  id: (random) => digits(random, 5 + Math.floor(random() * 5)),
  hex: (random) => hex(random, 8),
  ip: (random) => `${pick(random, '192.0.2', '198.51.100', '203.0.113', '10.20.0')}.${upTo(random, 255)}`,
  port: (random) => digits(random, 5),
  host: (random) => `${pick(random, 'app', 'db', 'node', 'edge', 'web')}${upTo(random, 40)}.example.com`,
  user: (random) => pick(random, 'anna', 'mkoch', 'jdoe', 'svc-report', 'User42', 'priya', 'root', 'lchen'),
  path: (random) =>
    `/${pick(random, 'var/lib', 'opt', 'srv/data', 'home/build', 'mnt/vol1')}/${pick(random, 'app', 'store', 'queue', 'jobs')}`,
  file: (random) =>
    `${pick(random, 'report', 'export', 'invoice', 'image', 'dump')}_${digits(random, 4)}.${pick(random, 'csv', 'pdf', 'log', 'dat')}`,
  uuid: (random) => [8, 4, 4, 4, 12].map((count) => hex(random, count)).join('-'),
  time: (random) => `${twoDigits(random, 24)}:${twoDigits(random, 60)}:${twoDigits(random, 60)}`,
  size: (random) => `${upTo(random, 900)}.${upTo(random, 10)} ${pick(random, 'KB', 'MB', 'GB')}`,
  pct: (random) => `${1 + Math.floor(random() * 99)}%`,
  ms: (random) => `${1 + Math.floor(random() * 900)} ms`,
  word: (random) =>
    pick(random, 'alpha', 'orders', 'primary', 'north', 'nightly', 'blue', 'metrics', 'archive'),
};

/** A slot or alternatives in braces; a doubled brace is a brace. */
const PART = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * The messages of a pattern. `{one|two}` gives a message for each (six at most, spread over the choices),
 * `{ip}` and the other slots get a made-up value, `{{` and `}}` are braces.
 * @throws DataError for a slot that is not known or a brace without its other
 * @example expandPattern('{Read|Write} of {file} failed', seededRandom(1)) // two messages
 */
export function expandPattern(pattern: string, random: Random): string[] {
  const choices = [...pattern.matchAll(PART)].flatMap(([, inside]) => {
    return inside?.includes('|') ? [inside.split('|').length] : [];
  });
  const count = Math.min(
    MAX_VARIANTS,
    choices.reduce((product, length) => product * length, 1),
  );
  return Array.from({ length: count }, (_, variant) => fill(pattern, variant, random));
}

function fill(pattern: string, variant: number, random: Random): string {
  let rest = variant;
  return pattern.replace(PART, (part: string, inside: string | undefined) => {
    if (part === '{{' || part === '}}') return part.charAt(0);
    if (inside === undefined) throw new DataError(`a brace has no other: ${pattern}`);
    const alternatives = inside.split('|');
    if (alternatives.length > 1) {
      const chosen = alternatives[rest % alternatives.length] ?? '';
      rest = Math.floor(rest / alternatives.length);
      return chosen;
    }
    const slot = slots[inside];
    if (!slot) throw new DataError(`{${inside}} is no slot (${Object.keys(slots).join(', ')}): ${pattern}`);
    return slot(random);
  });
}
