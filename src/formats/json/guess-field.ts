import { comparableName } from '../fields.js';
import { isObject, type JsonObject } from './json-path.js';

/** At most this many values of an object are looked at, and no deeper than this. */
const MAX_VALUES = 200;
const MAX_DEPTH = 3;
/** Longer names are of no use in an error message. */
const MAX_NAME_CHARS = 100;

/**
 * Guesses the path of the message in an object that has no known name for it: a nested field with a known name, or else the
 * longest text, where one with blanks counts as longer than any without.
 * @param known the known names of a message
 * @returns undefined if the object has no text
 * @example guessMessage({ id: 'a1', result: { _raw: 'Disk full' } }, ['_raw']) // 'result._raw'
 */
export function guessMessage(object: JsonObject, known: readonly string[]): string | undefined {
  const names = new Set(known.map(comparableName));
  let best: { path: string; rank: number } | undefined;
  for (const { path, name, text } of textsIn(object)) {
    const length = Math.min(text.length, 1_000) + (/\s/.test(text.slice(0, 1_000).trim()) ? 1_000 : 0);
    const rank = length + (names.has(comparableName(name)) ? 10_000 : 0);
    if (best === undefined || rank > best.rank) best = { path, rank };
  }
  return best?.path;
}

/** Returns the name of a list of objects at the top level: the records of an answer of an API; undefined if there is none. */
export function listOfRecords(object: JsonObject): string | undefined {
  const entries = Object.entries(object).slice(0, MAX_VALUES);
  return entries.find(([, value]) => Array.isArray(value) && value.length > 0 && isObject(value[0]))?.[0];
}

interface Text {
  path: string;
  /** The last name of the path. */
  name: string;
  text: string;
}

function textsIn(object: JsonObject): Text[] {
  const texts: Text[] = [];
  let left = MAX_VALUES;
  const visit = (value: JsonObject, prefix: string, depth: number): void => {
    for (const name of Object.keys(value)) {
      if (left === 0) return;
      left -= 1;
      const inner = value[name];
      const path = prefix + name;
      if (path.length > MAX_NAME_CHARS) continue;
      if (typeof inner === 'string' && inner.trim() !== '') texts.push({ path, name, text: inner });
      else if (isObject(inner) && depth < MAX_DEPTH) visit(inner, `${path}.`, depth + 1);
    }
  };
  visit(object, '', 1);
  return texts;
}
