/**
 * What names a secret that follows it. A suffix (`token_id`, `secretAccessKey`) is allowed for in the patterns,
 * a prefix (`access_token`) needs no mention: the word is found in the middle too.
 */
const secretName = String.raw`(?:pass(?:word|wd|phrase|code)|secret|token|credential|signature|authorization|(?:api|access|private|account)[ _-]?key|\b(?:pwd|pass)\b)`;

/** A value in plain, escaped (JSON within JSON) or no quotes. A quote that is not closed runs to the end. */
const secretValue = String.raw`(?:\\"[^"]*"?|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|(?:(?:bearer|basic|digest|token)\s{1,5})?[^\s,;&"']+)`;

/**
 * In order: the wide ones first, so that a narrow one does not cut a piece out of their middle. Every repeat is
 * bounded, starts at the edge of its run, or cannot fail once begun: the time is linear in the text.
 */
const maskings: readonly { pattern: RegExp; mask: string | ((match: string) => string) }[] = [
  {
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    mask: '<private-key>',
  },
  { pattern: /(\bcookie2?["']?\s{0,5}[:=]\s{0,5}["']?)[^\s=;"']{1,64}=[^\r\n"']*/gi, mask: '$1<secret>' },
  { pattern: /(:\/\/[^\s:/@]{0,64}:)[^\s/@]{1,256}@/g, mask: '$1<secret>@' },
  { pattern: new RegExp(String.raw`(--${secretName}[\w-]{0,24}\s{1,5})[^\s-]\S*`, 'gi'), mask: '$1<secret>' },
  {
    pattern: new RegExp(String.raw`(--[\w-]{1,24}-${secretName}\s{1,5})[^\s-]\S*`, 'gi'),
    mask: '$1<secret>',
  },
  {
    pattern: new RegExp(
      String.raw`(${secretName}[\w-]{0,24}\\?["']?\]?\s{0,5}(?:=>|==?|:(?!:))\s{0,5})${secretValue}`,
      'gi',
    ),
    mask: '$1<secret>',
  },
  { pattern: /\b(bearer\s{1,5})[\w.~+/=-]{16,}/gi, mask: '$1<secret>' },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mask: '<secret>' },
  {
    pattern: /(?<![\w-])(?:gh[opsu]_|ghr_|github_pat_|glpat-|gsk_|sk-|sk_live_|xox[abeprs]-|AIza)[\w-]{16,}/g,
    mask: '<secret>',
  },
  { pattern: /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, mask: '<secret>' },
  { pattern: /(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?!\d)/g, mask: '<card-number>' },
  { pattern: /(?<!\d)\d{4}([ -])\d{6}\1\d{5}(?!\d)/g, mask: '<card-number>' },
  { pattern: /(?<!\d)\d{13,19}(?!\d)/g, mask: (digits) => (passesLuhn(digits) ? '<card-number>' : digits) },
  { pattern: /(?<![\w.%+-])[\w.%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi, mask: '<email>' },
];

/** The check digit of ISO/IEC 7812, which tells a card number from most ids and timestamps of that length. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * The text with secrets that show as such (passwords, tokens, API keys, private keys, cookies, card numbers,
 * e-mail addresses) replaced by `<secret>`, `<private-key>`, `<card-number>` or `<email>`. It is a net for what is
 * apparent, not a proof: a password that nothing names stays. Linear in the length of the text.
 */
export function redact(text: string): string {
  return maskings.reduce(
    (masked, { pattern, mask }) =>
      typeof mask === 'string' ? masked.replace(pattern, mask) : masked.replace(pattern, mask),
    text,
  );
}
