import { anyCase, type Masking } from './masking.js';
import { NO_VALUE, STATE } from './secret-names.js';
import { QUOTED_VALUE, SECRET_VALUE } from './secret-value.js';

/** Words before `:name@host` which show that it is an address, not a user with a password. */
const ADDRESS_WORDS =
  '(?:mailto|sips?|xmpp|acct|e-?mail|from|to|cc|bcc|user|sender|recipient|rcpt|by|for|npm)';

/** Whether this text is the base64 form of `user:password`. */
function isUserAndPassword(base64: string): boolean {
  const decoded = Buffer.from(base64, 'base64').toString('latin1');
  return decoded.includes(':') && !/\p{Cc}/u.test(decoded);
}

/** Secrets that are recognised by the syntax around them: cookies, users with passwords, headers, command lines. */
export const credentials: readonly Masking[] = [
  {
    needs: ['cookie'],
    pattern: anyCase(
      String.raw`(\bcookie2?\\{0,7}["']?\s{0,5}[:=]\s{0,5})(?:${QUOTED_VALUE}|[^\s=;"']{1,256}=[^\r\n]*)`,
    ),
    mask: '$1<secret>',
  },
  // A password may contain `/`, `:` and `@`, so the last @ of a URL ends it. A number after a web host is a port.
  {
    needs: ['://'],
    pattern:
      /((?:(?<!\bhttps?|\bwss?):\/\/[^\s:/@]{0,256}:|(?<=\bhttps?|\bwss?):\/\/[^\s:/@]{0,256}:(?!\d{1,5}(?:[/?#\s]|$))))[^\s"<>]{1,512}@/gi,
    mask: '$1<secret>@',
  },
  { needs: ['://'], pattern: /(:\/\/)[^\s:/@"'<>]{16,256}@/g, mask: '$1<secret>@' },
  {
    needs: ['@'],
    pattern: anyCase(
      String.raw`((?<![\w:/@.-])(?!${ADDRESS_WORDS}:)(?=[\w.-]{0,63}[a-z])[\w.-]{1,64}:)[^\s@:/"'<>,;=]{1,128}@(?!sha256)(?=(?:tcp|unix)?\(|[a-z]|\d{1,3}(?:\.\d{1,3}){3})`,
    ),
    mask: '$1<secret>@',
  },
  {
    needs: ['-u'],
    pattern: /((?<!\S)(?:-u|--user|--proxy-user)[ =]{0,2}["']?[^\s:"']{1,64}:)[^\s"']+/gi,
    mask: '$1<secret>',
  },
  {
    needs: ['mysql', 'mariadb', 'sshpass'],
    pattern: /(\b(?:mysql|mysqldump|mysqladmin|mariadb|sshpass)\b[^\n|;]{0,80}?\s-p\s?)[^\s-]\S*/gi,
    mask: '$1<secret>',
  },
  {
    needs: ['identified'],
    pattern: anyCase(
      String.raw`(\bidentified\s{1,3}(?:with\s\S{1,40}\s)?(?:by|as)\s{1,3}(?:password\s)?)${SECRET_VALUE}`,
    ),
    mask: '$1<secret>',
  },
  {
    needs: ['='],
    pattern:
      /([?&;](?:code|key|state|ticket|assertion|hash|hmac|auth|session)=)(?=[^\s&]{0,256}\d)[^\s&"'<>]{8,}/gi,
    mask: '$1<secret>',
  },
  {
    needs: ['auth', 'csrf', 'xsrf', 'nonce'],
    pattern: anyCase(
      String.raw`((?<![a-z])(?:auth|[cx]srf(?:middlewaretoken)?|nonce)\\{0,7}["']?\s?=\s?)(?!${NO_VALUE}|${STATE})${SECRET_VALUE}`,
    ),
    mask: '$1<secret>',
  },
  {
    needs: ['sess'],
    pattern: /((?<![a-z])sess(?:ion)?\\{0,7}["']?\s?[:=]\s?\\{0,7}["']?)[\w.%~+/=-]{16,}/gi,
    mask: '$1<secret>',
  },
  // Not words: runs of 16 or more characters, and shorter runs with both a letter and a digit.
  {
    needs: ['bearer'],
    pattern:
      /\b(bearer\s{1,5})(?:[\w.~+/=-]{16,}|(?=[a-z._~+/=-]{0,16}\d)(?=[\d._~+/=-]{0,16}[a-z])[\w.~+/=-]{6,})/gi,
    mask: '$1<secret>',
  },
  {
    needs: ['basic'],
    pattern: /(?<=\bbasic\s{1,5})[\w+/-]{6,}={0,2}/gi,
    mask: (base64) => (isUserAndPassword(base64) ? '<secret>' : base64),
  },
];
