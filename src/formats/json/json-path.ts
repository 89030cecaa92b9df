import { comparableName } from '../fields.js';

/** An object as JSON.parse returns it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Longer names are not compared with known names. */
const MAX_NAME_CHARS = 128;

/** A name with more dots is no path. This bounds the ways in which dots can be part of names or separate them. */
const MAX_DOTS = 8;

/** The place of a field: a name at the top level and, for a nested field, the rest of the path. */
export interface JsonPath {
  readonly first: string;
  /** The path in the value of `first`, as it was asked for; undefined if the value itself is the field. */
  readonly rest: string | undefined;
}

/** Returns whether a value is an object and neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the paths in an object that a wanted name may mean, the best first: the name itself, a name that compares equal,
 * and, if it has dots, a path through nested objects.
 * @param keys the names at the object's top level
 * @example pathsOf(['service', 'log'], 'service.name') // [{ first: 'service', rest: 'name' }]
 */
export function pathsOf(keys: readonly string[], wanted: string): JsonPath[] {
  const paths: JsonPath[] = matching(keys, wanted).map((first) => ({ first, rest: undefined }));
  if (wanted.split('.').length - 1 > MAX_DOTS) return paths;
  for (let dot = wanted.indexOf('.'); dot !== -1; dot = wanted.indexOf('.', dot + 1)) {
    const rest = wanted.slice(dot + 1);
    for (const first of matching(keys, wanted.slice(0, dot))) paths.push({ first, rest });
  }
  return paths;
}

/** Returns the value at a path; undefined if the object has none. */
export function valueAt(object: JsonObject, { first, rest }: JsonPath): unknown {
  const value = object[first];
  if (rest === undefined || !isObject(value)) return rest === undefined ? value : undefined;
  if (Object.hasOwn(value, rest)) return value[rest];
  for (const path of pathsOf(Object.keys(value), rest)) {
    const found = valueAt(value, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the path for people. */
export function nameOfPath({ first, rest }: JsonPath): string {
  return rest === undefined ? first : `${first}.${rest}`;
}

/** Returns the keys that equal a name: the exact key first, then those that compare equal. */
function matching(keys: readonly string[], name: string): string[] {
  const comparable = comparableName(name);
  const found = keys.filter((key) => key.length <= MAX_NAME_CHARS && comparableKey(key) === comparable);
  return found.length > 1 ? found.toSorted((a, b) => Number(b === name) - Number(a === name)) : found;
}

/** The comparable form of keys, because the same keys come again with each record. */
const comparableKeys = new Map<string, string>();
const MAX_REMEMBERED = 2_000;

function comparableKey(key: string): string {
  let comparable = comparableKeys.get(key);
  if (comparable === undefined) {
    comparable = comparableName(key);
    if (comparableKeys.size >= MAX_REMEMBERED) comparableKeys.clear();
    comparableKeys.set(key, comparable);
  }
  return comparable;
}
