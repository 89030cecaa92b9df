import { credentials } from './credentials.js';
import { applyMaskings } from './masking.js';
import { mayNameSecrets, namedSecrets, taggedSecrets } from './named-secrets.js';
import { personalData } from './personal-data.js';
import { toPlainForm } from './plain-form.js';
import { privateKeys, tokenShapes } from './token-shapes.js';

/**
 * The text with what shows as a secret (passwords, tokens, keys, cookies) or as personal data (card numbers, IBANs,
 * e-mail and IP addresses, phone numbers) replaced by `<secret>`, `<private-key>`, `<card-number>`, `<iban>`,
 * `<email>`, `<ip>` or `<phone>`. It is a net for what is apparent, not a proof: a password that nothing names stays.
 *
 * Its time is linear in the length of the text, for each pattern does one of these from every place where it begins:
 * - it reads at most a fixed number of characters, or
 * - it cannot fail any more when it comes to a repeat without a bound, so what it has read is not read again, or
 * - it begins only at the edge of the run of characters that it repeats, so each run is read once.
 *
 * Wide patterns come before narrow ones, so that none cuts a piece out of another's match.
 */
export function redact(text: string): string {
  const plain = toPlainForm(text);
  const named = mayNameSecrets(plain);
  return applyMaskings(plain, [
    ...(named ? taggedSecrets : []),
    ...privateKeys,
    ...credentials,
    ...(named ? namedSecrets : []),
    ...tokenShapes,
    ...personalData,
  ]);
}
