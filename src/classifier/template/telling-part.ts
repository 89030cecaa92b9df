import { kindOf, type FieldKind } from './field-kinds.js';
import { jsonLeaves, type Leaf, MAX_JSON_CHARS } from './json-leaves.js';
import { beginsWithPair, logfmtLeaves } from './logfmt-leaves.js';
import { mayHavePrefix, prefixLength } from './prefix.js';

/** What a message says without its wrapping. */
export interface TellingPart {
  /** The text for the template: what happened, then the causes, then other fields. */
  readonly text: string;
  /** The text of the message itself; undefined if the record has only fields. Rules are tried on it. */
  readonly message: string | undefined;
}

/** A message is unwrapped this many times: a container's record, a prefix in it, and the object of a logger. */
const MAX_LAYERS = 3;

/** Fields behind a message are short, so that they do not outweigh it. */
const BESIDE_MESSAGE = { valueChars: 120, chars: 300 };
/** Records without a message are read by their fields. */
const WITHOUT_MESSAGE = { valueChars: 240, chars: 1_500 };
/** The maximum number of characters of one cause, such as the first line of a stack trace. */
const CAUSE_CHARS = 400;

/** An identifier of hexadecimal digits: a hash, a UUID, a trace. */
const IDENTIFIER = /^[\dA-Fa-f]{8,}(?:-[\dA-Fa-f]{4,}){0,4}$/;

const ESCAPE = '\u001b';
/** Colours and other control sequences of terminals. Syslog writes the escape character as `#033`. */
const ANSI = new RegExp(String.raw`(?:${ESCAPE}|#033)(?:\[[\d;?]{0,30}[A-Za-z]|\(B)`, 'g');

/**
 * Finds the text that tells what happened in a message that is JSON or `name=value` pairs, or has the prefix of a logger,
 * syslog or a container runtime. These may be nested.
 * @returns undefined for any other message, which says all itself
 * @example tellingPart('{"level":50,"user":7,"msg":"Disk full"}') // { text: 'Disk full', message: 'Disk full' }
 */
export function tellingPart(message: string): TellingPart | undefined {
  const isColoured = message.includes(ESCAPE);
  if (!isColoured && !mayBeWrapped(message)) return undefined;
  return unwrapped(isColoured ? message.replace(ANSI, '') : message, message);
}

/** Looks at the start only, because most messages tell all themselves. This runs for every message. */
function mayBeWrapped(message: string): boolean {
  const first = message.charCodeAt(0);
  const isSmallLetter = first >= 0x61 && first <= 0x7a;
  if (isSmallLetter) return beginsWithPair(message);
  if (first === 0x7b) return true;
  if (first <= 0x20) return message.trimStart().startsWith('{');
  return mayHavePrefix(message) || beginsWithPair(message);
}

function unwrapped(start: string, message: string): TellingPart | undefined {
  let text = start;
  const behind: string[] = [];
  for (let layer = 0; layer < MAX_LAYERS; layer += 1) {
    const prefix = prefixLength(text);
    const inner = prefix === 0 ? text : text.slice(prefix);
    const fields = fieldsOf(inner);
    if (fields === undefined) {
      if (prefix === 0) break;
      text = withoutColours(inner);
      continue;
    }
    if (fields.message === undefined) {
      const all = [fields.behind, ...behind].filter((part) => part !== '').join(' ');
      return { text: all, message: undefined };
    }
    behind.unshift(fields.behind);
    text = withoutColours(fields.message).trimEnd();
  }
  if (text === message) return undefined;
  return { text: [text, ...behind].filter((part) => part !== '').join(' '), message: text };
}

/** Returns whether fields of a long object are not read. */
export function hasUnreadFields(message: string): boolean {
  return message.length > MAX_JSON_CHARS && /^\s{0,10}\{/.test(message);
}

function withoutColours(text: string): string {
  return text.includes(ESCAPE) || text.includes('#033') ? text.replace(ANSI, '') : text;
}

interface Fields {
  readonly message: string | undefined;
  /** The other fields, as text. */
  readonly behind: string;
}

interface Field {
  readonly leaf: Leaf;
  readonly kind: FieldKind;
}

function fieldsOf(text: string): Fields | undefined {
  const first = text.charCodeAt(0);
  if (first === 0x7b || first <= 0x20) {
    const object = first === 0x7b ? text : text.trimStart();
    const leaves = object.charCodeAt(0) === 0x7b ? jsonLeaves(object) : undefined;
    return leaves && arranged(leaves);
  }
  const pairs = logfmtLeaves(text);
  const fields = pairs && arranged(pairs);
  // A line of pairs without a message is read as it stands.
  return fields?.message === undefined ? undefined : fields;
}

function arranged(leaves: readonly Leaf[]): Fields | undefined {
  const fields = leaves
    .map((leaf) => ({ leaf, kind: kindOf(leaf.path, leaf.isString && /[^\d\s.-]/.test(leaf.text)) }))
    .sort(byRankAndPath);
  const messageField = fields.find(({ kind }) => kind.role === 'message');
  const message = messageField?.leaf.text;
  const parts: string[] = [];
  for (const field of fields) {
    const { kind, leaf } = field;
    const isCause = kind.role === 'cause' && leaf.text !== 'false';
    if (!isCause && (kind.role !== 'message' || field === messageField || kind.isTemplate)) continue;
    const text = firstLine(leaf.text).slice(0, CAUSE_CHARS);
    const isKnown = (message ?? '').includes(text) || parts.some((part) => part.includes(text));
    if (!isKnown) parts.push(`${kind.name} ${text}`);
  }
  const { valueChars, chars } = message === undefined ? WITHOUT_MESSAGE : BESIDE_MESSAGE;
  let room = chars;
  for (const { kind, leaf } of fields) {
    if (kind.role !== 'http' && kind.role !== 'other' && (kind.role !== 'context' || message !== undefined))
      continue;
    // Beside a message, a long value is a payload, and an identifier tells nothing.
    if (message !== undefined && (leaf.text.length > valueChars || IDENTIFIER.test(leaf.text))) continue;
    const part = `${kind.name} ${leaf.text.slice(0, valueChars)}`;
    room -= part.length + 1;
    if (room < 0) break;
    parts.push(part);
  }
  if (message === undefined && parts.length === 0) return undefined;
  return { message, behind: parts.join(' ') };
}

const ROLE_ORDER = { message: 0, cause: 1, http: 2, other: 3, context: 4, time: 5 } as const;

/** Orders fields by what they say and then by name, so that records with the same fields in another order are equal. */
function byRankAndPath(a: Field, b: Field): number {
  const order = ROLE_ORDER[a.kind.role] - ROLE_ORDER[b.kind.role] || a.kind.rank - b.kind.rank;
  if (order !== 0) return order;
  const [x, y] = [a.leaf.path.join('.'), b.leaf.path.join('.')];
  return x < y ? -1 : x > y ? 1 : 0;
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}
