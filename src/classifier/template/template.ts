import { Kind, kindAt, pieceEnd } from './character-kinds.js';
import { masks, type Mask } from './masks.js';
import { firstFitting, maskAt } from './variable-part.js';

/**
 * Raised whenever a message may come out as another template than before, or a template is read to the encoder
 * in other words (embedding/words.ts): a head is only good for what it was trained on.
 */
export const TEMPLATE_VERSION = 3;

/**
 * Characters of a message that count. The encoder cuts at 256 tokens, some 1,000 characters of a log line;
 * what lies far beyond would be masked and compared for nothing.
 */
const MAX_CHARS = 4096;

const ALL: readonly Mask[] = Object.values(masks);

/**
 * The event behind a message: variable parts masked, white space folded. Messages of one template get one
 * label, by one inference, so the mask must not hide what tells labels apart.
 *
 * One scan, piece by piece (a word, digits, white space): at each, the masks that may fit there are tried.
 * @example toTemplate('User 4711 logged in from 10.0.0.7') // 'User <num> logged in from <ip>'
 */
export function toTemplate(message: string): string {
  const text = message.length > MAX_CHARS ? message.slice(0, MAX_CHARS) : message;
  let template = '';
  // The text up to `taken` is in the template; from there to `at` it stays as it is.
  let taken = 0;
  let at = 0;
  let mailAt = nextMailAt(text, 0);
  while (at < text.length) {
    const kind = kindAt(text, at);
    const end = pieceEnd(text, at, kind);
    if (kind === Kind.space) {
      if (!isFolded(text, at, end)) {
        template += text.slice(taken, at) + (at === 0 || end === text.length ? '' : ' ');
        taken = end;
      }
      at = end;
      continue;
    }
    if (mailAt < at) mailAt = nextMailAt(text, at);
    const mask = mailAt === at ? firstFitting(ALL, text, at) : maskAt(text, at, kind, end);
    if (mask) {
      const maskedEnd = mask.pattern.lastIndex;
      template += text.slice(taken, at) + (mask.placeholder ?? text.slice(at, maskedEnd).replace(/ +/g, ' '));
      taken = maskedEnd;
      at = maskedEnd;
    } else {
      at = end;
    }
  }
  return template + text.slice(taken);
}

/** Whether white space is one blank between words already. */
function isFolded(text: string, at: number, end: number): boolean {
  return end === at + 1 && text.charCodeAt(at) === 0x20 && at > 0 && end < text.length;
}

/** The first place from `from` on where the local part of an e-mail address may begin; Infinity if there is none. */
function nextMailAt(text: string, from: number): number {
  for (let sign = text.indexOf('@', from); sign !== -1; sign = text.indexOf('@', sign + 1)) {
    let start = sign;
    while (start > 0 && sign - start <= LOCAL_PART_CHARS && isLocalPart(kindAt(text, start - 1))) start -= 1;
    if (start >= from && start < sign && sign - start <= LOCAL_PART_CHARS) return start;
  }
  return Infinity;
}

/** Characters that the local part of an address may have, here and by RFC 5321. */
const LOCAL_PART_CHARS = 64;

function isLocalPart(kind: Kind): boolean {
  return kind !== Kind.other && kind !== Kind.space;
}
