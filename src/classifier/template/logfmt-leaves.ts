import { unescaped, type Leaf } from './json-leaves.js';

/** Only this many characters of a line of pairs are read. */
const MAX_LOGFMT_CHARS = 64 * 1024;
const MAX_PAIRS = 200;
/** A line of pairs has at least this many, unless one of them is a quoted message. */
const MIN_PAIRS = 3;

const MAX_NAME_CHARS = 60;
const name = /[A-Za-z_@][\w.@/-]{0,60}=/y;
const messageName = /(?:^|\s)(?:msg|message)="/;

/**
 * Returns the values of a line of `name=value` pairs, with the values' quotes and escapes removed.
 * @returns undefined if the line does not begin with a pair, or has fewer than three and no quoted message, or mostly
 *   consists of other words
 */
export function logfmtLeaves(text: string): Leaf[] | undefined {
  if (!beginsWithPair(text)) return undefined;
  const leaves: Leaf[] = [];
  const end = Math.min(text.length, MAX_LOGFMT_CHARS);
  let otherWords = 0;
  let pairs = 0;
  for (let at = skipBlanks(text, 0, end); at < end && pairs < MAX_PAIRS; at = skipBlanks(text, at, end)) {
    name.lastIndex = at;
    if (!name.test(text)) {
      otherWords += 1;
      at = wordEnd(text, at, end);
      continue;
    }
    pairs += 1;
    const key = text.slice(at, name.lastIndex - 1);
    const start = name.lastIndex;
    const isQuoted = text.charCodeAt(start) === 0x22;
    at = isQuoted ? quoteEnd(text, start + 1, end) : wordEnd(text, start, end);
    const value = isQuoted ? unescaped(text.slice(start + 1, at - 1)) : text.slice(start, at);
    if (value !== '') leaves.push({ path: [key], text: value, isString: isQuoted || !isNumber(value) });
  }
  if (otherWords > pairs) return undefined;
  return pairs >= MIN_PAIRS || messageName.test(text.slice(0, end)) ? leaves : undefined;
}

/** Searches for the sign first, because most lines have none and the search is fast. */
export function beginsWithPair(text: string): boolean {
  const sign = text.indexOf('=');
  if (sign <= 0 || sign > MAX_NAME_CHARS) return false;
  name.lastIndex = 0;
  return name.test(text);
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function wordEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) > 0x20) at += 1;
  return at;
}

/** Returns the index behind the closing quote, or one behind the end of a text that is cut off. */
function quoteEnd(text: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at += 1;
  }
  return end + 1;
}

function isNumber(value: string): boolean {
  return value.length < 30 && Number.isFinite(Number(value));
}
