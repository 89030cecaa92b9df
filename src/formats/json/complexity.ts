import { ElementScanner } from './element-scanner.js';
import { MAX_DEPTH } from './json-scanner.js';

/**
 * Maximum number of values of a record, objects and lists included. JSON.parse takes some ten milliseconds for as many,
 * and the event loop cannot turn meanwhile.
 */
export const MAX_RECORD_VALUES = 50_000;

/** Why JSON.parse must not parse a record. */
export const TOO_DEEP = `is nested deeper than the maximum of ${MAX_DEPTH} levels`;
export const TOO_MANY_VALUES = `has more than ${MAX_RECORD_VALUES.toLocaleString('en')} values`;

const scanner = new ElementScanner();

/** Returns why JSON.parse must not parse this text; undefined if it may. The text may be anything. */
export function tooComplex(text: string): string | undefined {
  if (text.length <= MAX_DEPTH || (text.length < MAX_RECORD_VALUES && !hasManyOpenings(text)))
    return undefined;
  scanner.begin(0);
  const result = scanner.scan(text);
  if (result === 'deep') return TOO_DEEP;
  return scanner.commas >= MAX_RECORD_VALUES ? TOO_MANY_VALUES : undefined;
}

/** Returns whether a text has so many brackets, in strings or outside, that it may be nested too deeply. */
function hasManyOpenings(text: string): boolean {
  let openings = 0;
  for (let at = text.indexOf('{'); at !== -1 && openings <= MAX_DEPTH; at = text.indexOf('{', at + 1))
    openings += 1;
  for (let at = text.indexOf('['); at !== -1 && openings <= MAX_DEPTH; at = text.indexOf('[', at + 1))
    openings += 1;
  return openings > MAX_DEPTH;
}
