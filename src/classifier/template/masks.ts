/** A kind of variable part: how it looks and what stands in its stead. */
export interface Mask {
  /** Sticky: tries the place of its `lastIndex` alone, which after a hit is the part's end. */
  readonly pattern: RegExp;
  /** Null: the part is kept, for it tells something (a status or exit code, a share). */
  readonly placeholder: string | null;
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;

/**
 * Endings by which a dotted name is a host's, and not a file's or a class's: the usual top-level domains, those of
 * private networks, and countries' after a second-level domain such as `co.uk`.
 */
const HOST_ENDING =
  '(?:com|net|org|edu|gov|mil|info|local|localdomain|lan|internal|intranet|cluster|(?:com|co|ac|edu|gov|net|org)[.][a-z]{2})';

function mask(pattern: string, placeholder: string | null): Mask {
  return { pattern: new RegExp(pattern, 'y'), placeholder };
}

function alone(pattern: string): string {
  return `(?<![0-9A-Za-z])(?:${pattern})(?![0-9A-Za-z])`;
}

/**
 * What varies between two lines of one event, in the order in which it is tried at each place. Every quantifier
 * over a run of characters is bounded or begins at the run's first character, so that a hostile line costs
 * linear time.
 */
export const masks = {
  code: mask(
    String.raw`(?<![0-9A-Za-z])(?:status|code|errno|error|signal|exit(?:ed)?|returned|HTTP/\d(?:\.\d)?"?)[ :=]{1,3}-?\d{1,5}(?![0-9A-Za-z.:/-])`,
    null,
  ),
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
  // After a letter one digit belongs to a name (ipv4, eth0, ssh2); more number something (user123, node17), and so
  // does one after a capital that stands alone (rack_C5, zone-D0).
  number: mask(
    String.raw`(?<=[A-Za-z])\d{2,}|(?<=[_-][A-Z])\d(?![0-9A-Za-z])|(?<![A-Za-z\d])-?\d+(?:[.,]\d+)*`,
    '<num>',
  ),
} as const satisfies Record<string, Mask>;
