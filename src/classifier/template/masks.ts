/** A kind of variable part: its pattern and its placeholder. */
export interface Mask {
  /** Sticky: matches only at `lastIndex`. After a match, `lastIndex` is the end of the part. */
  readonly pattern: RegExp;
  /** Null: the part stays in the template, because labels depend on it (status codes, exit codes, percentages). */
  readonly placeholder: string | null;
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;

/**
 * Endings of host names. They distinguish a host name from a dotted file or class name. Common top-level domains, domains
 * of private networks, and country domains after a second-level domain such as `co.uk`.
 */
const HOST_ENDING =
  '(?:com|net|org|edu|gov|mil|info|local|localdomain|lan|internal|intranet|cluster|(?:com|co|ac|edu|gov|net|org)[.][a-z]{2})';

/** Words that are counted when something goes wrong. `0 errors` and `errors: 0` say the opposite of `3 errors`. */
const TROUBLE =
  'err(?:s|ors?)?|fail(?:ed|ures?|s)?|faults?|warnings?|threats?|vulnerabilit(?:y|ies)|infect(?:ed|ions?)?|violations?|conflicts?|alerts?|alarms?|incidents?|attacks?|lost|loss(?:es)?|drop(?:ped|s)?|issues?|problems?|mismatch(?:es)?|corrupt(?:ed|ions?)?|crash(?:es|ed)?|timeouts?|reject(?:ed|s|ions?)?|malware|virus(?:es)?|findings?|exceptions?|defects?|detect(?:ed|ions?)|retries|discards?' +
  // The same in the other European languages of the training lines.
  '|fehler|fehlgeschlagen|erreurs?|échecs?|errores|fallos?|erros?|falhas?|errori|falliti|błęd(?:y|ów)|ошиб(?:ки|ок)|сбоев';
/** Words that are counted too, but also describe a value: `missing: 0` is a count, `invalid value: 0` is not. */
const OF_VALUES = 'denied|refused|blocked|invalid|missing|bad|dead|unreachable';
/** Chinese and Japanese, without spaces between words. */
const CJK_TROUBLE = '(?:错误|失败|异常|エラー|失敗|異常)';
/** Words in front of the number of a thing: `node 0 failed` says that something went wrong. */
const NUMBERED =
  '(?:node|cpu|core|gpu|port|disk|sector|shard|partition|uid|attempt|retry|step|value|signal|unit|slot|lane|rank|worker|device|channel|line|column)';

/** A zero before a word for trouble: `0 errors`, `0 new host alarms`, `0 of 12 checks failed`, `0/12 failed`, `0 件のエラー`. */
const ZERO_BEFORE = [
  String.raw`(?<=(?<![\w.,:/=-]|\b${NUMBERED} )0)`,
  String.raw`(?=(?:/\d{1,9}| of (?:the )?\d{1,9})? (?:(?!(?:is|was|has|in|on|at|to|with) )[a-z]{1,12} ){0,2}(?:${TROUBLE}|${OF_VALUES})(?!\p{L})`,
  String.raw`| ?(?:个|個の|件の|次)?${CJK_TROUBLE})`,
].join('');

/** A zero after a word for trouble: `errors: 0`, `failed (0)`, `failed log-ins today: 0`, `dropped 0/12`, `错误数：0`. */
const ZERO_AFTER = [
  String.raw`(?![\w:-]|/(?!\d)|[.,]\d)`,
  String.raw`(?<=(?<!\p{L})(?:${TROUBLE})(?:(?:_?(?:count|total))? 0|(?:_?(?:count|total)|(?: [a-z-]{1,12}){1,3})? ?[=:(：] ?0)`,
  String.raw`|(?<!\p{L})(?:${OF_VALUES}) ?[=:(：] ?0`,
  String.raw`|${CJK_TROUBLE}[件次]?数?[：: ]{0,2}0)`,
].join('');

function mask(pattern: string, placeholder: string | null, flags = 'y'): Mask {
  return { pattern: new RegExp(pattern, flags), placeholder };
}

/** Matches the pattern only where no ASCII letter or digit is next to it. */
function alone(pattern: string): string {
  return `(?<![0-9A-Za-z])(?:${pattern})(?![0-9A-Za-z])`;
}

/**
 * The masks, in the order in which they are tried at each index. Every quantifier over a run of characters is bounded or
 * starts at the first character of the run, so that hostile lines take linear time.
 */
export const masks = {
  code: mask(
    String.raw`(?<![0-9A-Za-z])(?:status|code|(?:[Ee]xit|[Ee]rror|[Rr]et(?:urn)?|[Ss]tatus)[Cc]ode|rc|RC|errno|error|signal|exit(?:ed)?|returned|HTTP/\d(?:\.\d)?"?)[ :=]{1,3}-?\d{1,5}(?![0-9A-Za-z.:/-])`,
    null,
  ),
  zero: mask(`0(?:${ZERO_BEFORE}|${ZERO_AFTER})`, null, 'iuy'),
  share: mask(String.raw`(?<![0-9A-Za-z])\d{1,3}(?:\.\d{1,3})? ?%`, null),
  id: mask(alone('[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'), '<id>'),
  email: mask(String.raw`(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}`, '<email>'),
  mac: mask(alone('(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}'), '<mac>'),
  host: mask(
    String.raw`(?<![\w.-])(?=[A-Za-z0-9])(?:[A-Za-z0-9_-]{1,63}\.){1,8}${HOST_ENDING}\.?(?::\d{1,5})?(?![\w-]|\.\w)`,
    '<host>',
  ),
  timestamp: mask(
    String.raw`(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T :-]${CLOCK}(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?(?!\d)`,
    '<time>',
  ),
  date: mask(
    alone(String.raw`(?:${MONTH} {1,2}\d{1,2}|\d{1,2}[/-]${MONTH}[/-]\d{4})(?:[ :]${CLOCK})?`),
    '<time>',
  ),
  clock: mask(String.raw`(?<![\d:])${CLOCK}(?![\d:])`, '<time>'),
  ipv4: mask(String.raw`(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\d.]*\d)`, '<ip>'),
  ipv6: mask(alone('(?:[0-9A-Fa-f]{1,4}:){4,7}[0-9A-Fa-f]{1,4}'), '<ip>'),
  prefixedHex: mask('0[xX][0-9A-Fa-f]{1,64}', '<hex>'),
  hex: mask(alone('(?=[a-f]{0,32}[0-9])(?=[0-9]{0,32}[A-Fa-f])[0-9A-Fa-f]{8,64}'), '<hex>'),
  // One digit after a letter is part of a name (ipv4, eth0, ssh2). Several digits are a number (user123, node17). One
  // digit after a single capital letter is a number too (rack_C5, zone-D0).
  number: mask(
    String.raw`(?<=[A-Za-z])\d{2,}|(?<=[_-][A-Z])\d(?![0-9A-Za-z])|(?<![A-Za-z\d])-?\d+(?:[.,]\d+)*`,
    '<num>',
  ),
} as const satisfies Record<string, Mask>;
