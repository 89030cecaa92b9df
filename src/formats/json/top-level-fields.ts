import { CHAR, isBlank } from './chars.js';
import { ElementScanner, endOfString } from './element-scanner.js';

/** A field of an object, as it stands in the text. */
export interface FieldSpan {
  readonly name: string;
  /** The index of the first character of the value. */
  readonly from: number;
}

/**
 * Finds the fields of the outermost object, in order and with repetitions. It stops at the end of the text, or where the
 * text is not JSON.
 * @param text a text that begins with `{`
 */
export function* topLevelFields(text: string): Generator<FieldSpan, void> {
  for (let at = 1; ;) {
    at = afterBlanks(text, at);
    if (text.charCodeAt(at) === CHAR.comma) at = afterBlanks(text, at + 1);
    if (text.charCodeAt(at) !== CHAR.quote) return;
    const end = endOfString(text, at + 1);
    if (end < 0) return;
    const colon = afterBlanks(text, end);
    if (text.charCodeAt(colon) !== CHAR.colon) return;
    const from = afterBlanks(text, colon + 1);
    yield { name: nameOf(text.slice(at, end)), from };
    at = endOfValue(text, from);
    if (at === -1) return;
  }
}

/** Returns the index after the last character of the value that begins at an index; -1 if it has no end. */
export function endOfValue(text: string, from: number): number {
  const scanner = new ElementScanner();
  scanner.begin(from);
  return scanner.scan(text) === 'closed' ? scanner.at : -1;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Returns the name that a quoted name stands for. */
function nameOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
