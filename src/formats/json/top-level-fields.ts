import { CHAR, isBlank } from './chars.js';
import { ElementScanner, endOfString } from './element-scanner.js';

/** A field of an object, as it stands in the text. */
export interface FieldSpan {
  readonly name: string;
  /** The index of the first character of the value, and the index after its last. */
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the fields of the outermost object, in order and with repetitions. It stops at the end of the text, or where the
 * text is not JSON.
 * @param text a text that begins with `{`
 */
export function* topLevelFields(text: string): Generator<FieldSpan, void> {
  const scanner = new ElementScanner();
  for (let at = 1; ;) {
    at = afterBlanks(text, at);
    if (text.charCodeAt(at) === CHAR.comma) at = afterBlanks(text, at + 1);
    if (text.charCodeAt(at) !== CHAR.quote) return;
    const end = endOfString(text, at + 1);
    if (end < 0) return;
    const colon = afterBlanks(text, end);
    if (text.charCodeAt(colon) !== CHAR.colon) return;
    const from = afterBlanks(text, colon + 1);
    scanner.begin(from);
    const result = scanner.scan(text);
    yield { name: nameOf(text.slice(at, end)), from, to: scanner.at };
    if (result !== 'closed') return;
    at = scanner.at;
  }
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
