import { credentials } from './credentials.js';
import { applyMaskings } from './masking.js';
import { mayNameSecrets, namedSecrets, taggedSecrets } from './named-secrets.js';
import { personalData } from './personal-data.js';
import { toPlainForm } from './plain-form.js';
import { privateKeys, tokenShapes } from './token-shapes.js';

/**
 * Returns the text in plain form (see toPlainForm), with masks in place of secrets (passwords, tokens, keys, cookies) and
 * personal data (card numbers, IBANs, e-mail and IP addresses, phone numbers). The masks are `<secret>`, `<private-key>`,
 * `<card-number>`, `<iban>`, `<email>`, `<ip>`, `<phone>`. A password stays if neither its shape nor the text around it
 * shows that it is one.
 *
 * The time is linear in the length of the text, because each pattern does one of these at every position:
 * - it reads at most a fixed number of characters, or
 * - it cannot fail once it has reached a repeat without an upper bound, so it never backtracks over the repeat, or
 * - it starts only at the edge of the run of characters that it repeats, so each run is read once.
 *
 * A pattern that may match more text comes first. Otherwise a narrower pattern would mask a part of that text and leave
 * the rest.
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
