/**
 * Raised whenever a message may come out as another template than before: a head is only good for the
 * templates it was trained on.
 */
export const TEMPLATE_VERSION = 1;

/**
 * Characters of a message that count. The encoder cuts at 256 tokens, some 1,000 characters of a log line;
 * what lies far beyond would be masked and compared for nothing.
 */
const MAX_CHARS = 4096;

const alone = (pattern: string): string => `(?<![0-9A-Za-z])(?:${pattern})(?![0-9A-Za-z])`;
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;

/**
 * What varies between two lines of one event, in the order in which it is tried at each place, and what
 * stands in its stead. No stand-in: the text is kept, for it tells something (a status or exit code, a share).
 * Every quantifier over a run of characters is bounded or begins at the run's first character, so that a
 * hostile line costs linear time.
 */
const masks: readonly (readonly [pattern: string, standIn: string | null])[] = [
  [
    String.raw`(?<![0-9A-Za-z])(?:status|code|errno|error|signal|exit(?:ed)?|returned|HTTP/\d(?:\.\d)?"?)[ :=]{1,3}-?\d{1,5}(?![0-9A-Za-z.:/-])`,
    null,
  ],
  [String.raw`(?<![0-9A-Za-z])\d{1,3}(?:\.\d{1,3})? ?%`, null],
  [alone('[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'), '<id>'],
  [String.raw`(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}`, '<email>'],
  [alone('(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}'), '<mac>'],
  [
    String.raw`(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T :-]${CLOCK}(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?(?!\d)`,
    '<time>',
  ],
  [alone(String.raw`(?:${MONTH} {1,2}\d{1,2}|\d{1,2}[/-]${MONTH}[/-]\d{4})(?:[ :]${CLOCK})?`), '<time>'],
  [String.raw`(?<![\d:])${CLOCK}(?![\d:])`, '<time>'],
  [String.raw`(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\d.]*\d)`, '<ip>'],
  [alone('(?:[0-9A-Fa-f]{1,4}:){4,7}[0-9A-Fa-f]{1,4}'), '<ip>'],
  ['0[xX][0-9A-Fa-f]{1,64}', '<hex>'],
  [alone('(?=[a-f]{0,32}[0-9])(?=[0-9]{0,32}[A-Fa-f])[0-9A-Fa-f]{8,64}'), '<hex>'],
  // After a letter one digit belongs to a name (ipv4, eth0, ssh2); more number something (user123, node17).
  [String.raw`(?<=[A-Za-z])\d{2,}|(?<![A-Za-z\d])-?\d+(?:[.,]\d+)*`, '<num>'],
];

const variable = new RegExp(masks.map(([pattern]) => `(${pattern})`).join('|'), 'g');

/**
 * The event behind a message: variable parts masked, white space folded. Messages of one template get one
 * label, by one inference, so the mask must not hide what tells labels apart.
 * @example toTemplate('User 4711 logged in from 10.0.0.7') // 'User <num> logged in from <ip>'
 */
export function toTemplate(message: string): string {
  const counted = message.length > MAX_CHARS ? message.slice(0, MAX_CHARS) : message;
  return counted.replace(variable, standInFor).replace(/\s+/g, ' ').trim();
}

function standInFor(found: string, ...groups: unknown[]): string {
  const kind = masks.findIndex((_, index) => groups[index] !== undefined);
  return masks[kind]?.[1] ?? found;
}
