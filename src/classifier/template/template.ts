import { Kind, kindAt, pieceEnd } from './character-kinds.js';
import { masks, type Mask } from './masks.js';
import { hasUnreadFields, tellingPart } from './telling-part.js';
import { firstMatch, maskAt } from './variable-part.js';

/**
 * The version of the conversion from messages to templates, and from templates to the text for the encoder
 * (embedding/words.ts) and to terms (embedding/vocabulary.ts). Raise it when one of the results changes. A head works only with the version it was trained with.
 */
export const TEMPLATE_VERSION = 5;

/** Only this many characters of a text are used: most of them from its start, the others from its end. */
export const MAX_CHARS = 4096;
const CHARS_OF_END = 1024;
/** Stands between start and end. Neither encoder nor vocabulary knows it. */
const GAP = ' … ';

/** The maximum length of the local part of an e-mail address (RFC 5321, section 4.5.3.1.1). */
const LOCAL_PART_CHARS = 64;

const ALL_MASKS: readonly Mask[] = Object.values(masks);

/**
 * Returns the template of a message: the template of its telling part. A message that is neither JSON nor pairs and has no
 * prefix of a logger tells all itself.
 * @example toTemplate('{"time":1764133200,"msg":"User 4711 logged in"}') // 'User <num> logged in'
 */
export function toTemplate(message: string): string {
  return maskVariableParts(tellingPart(message)?.text ?? message);
}

/** Returns whether parts of a message are not read, because it is too long. */
export function isCut(message: string): boolean {
  if (message.length <= MAX_CHARS) return false;
  return (tellingPart(message)?.text ?? message).length > MAX_CHARS || hasUnreadFields(message);
}

/** Returns start and end of a long text, without half a character at the edges. */
function shortened(text: string): string {
  const start = text.slice(0, MAX_CHARS - CHARS_OF_END - GAP.length);
  return `${start}${GAP}${text.slice(-CHARS_OF_END)}`.toWellFormed();
}

/**
 * Returns the template of a text: placeholders replace variable parts, and one space replaces each run of white space.
 * White space at the start and the end is removed. Messages with equal templates share one inference and get the same
 * label. So a mask must not replace text that labels depend on.
 *
 * Scans the message once, piece by piece (a word, digits, white space). At each piece it tries the masks that may match.
 * @example maskVariableParts('User 4711 logged in from 10.0.0.7') // 'User <num> logged in from <ip>'
 */
export function maskVariableParts(whole: string): string {
  const text = whole.length > MAX_CHARS ? shortened(whole) : whole;
  let template = '';
  // The text before `copied` is in the template already. The text from `copied` to `at` stays unchanged.
  let copied = 0;
  let at = 0;
  let mailAt = nextMailAt(text, 0);
  while (at < text.length) {
    const kind = kindAt(text, at);
    const end = pieceEnd(text, at, kind);
    if (kind === Kind.space) {
      if (!isSingleSpace(text, at, end)) {
        template += text.slice(copied, at) + (at === 0 || end === text.length ? '' : ' ');
        copied = end;
      }
      at = end;
      continue;
    }
    if (mailAt < at) mailAt = nextMailAt(text, at);
    // `maskAt` does not find e-mail addresses, so try all masks where one may start.
    const mask = mailAt === at ? firstMatch(ALL_MASKS, text, at) : maskAt(text, at, kind, end);
    if (mask) {
      const maskedEnd = mask.pattern.lastIndex;
      template +=
        text.slice(copied, at) + (mask.placeholder ?? text.slice(at, maskedEnd).replace(/ +/g, ' '));
      copied = maskedEnd;
      at = maskedEnd;
    } else {
      at = end;
    }
  }
  return template + text.slice(copied);
}

/** Whether the white space is a single space between words, which stays unchanged. */
function isSingleSpace(text: string, at: number, end: number): boolean {
  return end === at + 1 && text.charCodeAt(at) === 0x20 && at > 0 && end < text.length;
}

/** Returns the first index from `from` on at which the local part of an e-mail address may start; Infinity if none. */
function nextMailAt(text: string, from: number): number {
  for (let atSign = text.indexOf('@', from); atSign !== -1; atSign = text.indexOf('@', atSign + 1)) {
    let start = atSign;
    while (start > 0 && atSign - start <= LOCAL_PART_CHARS && isLocalPart(kindAt(text, start - 1)))
      start -= 1;
    if (start >= from && start < atSign && atSign - start <= LOCAL_PART_CHARS) return start;
  }
  return Infinity;
}

function isLocalPart(kind: Kind): boolean {
  return kind !== Kind.other && kind !== Kind.space;
}
