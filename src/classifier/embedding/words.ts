/** Where a name such as NodeManager or getServerFor is cut. */
const CAMEL_HUMP = /(\p{Ll})(\p{Lu})/gu;
/** A letter with its marks: half of what is written in India or Thailand are marks. */
const WORD = /<[a-z]+>|\p{L}[\p{L}\p{M}]*|\p{Nd}+%?/gu;

/**
 * The words of a template, in order and as they are written: runs of letters, names cut at their humps, numbers
 * (with their percent sign), and what stands in for masked parts. Composed, so that a letter and its accent are one
 * however they came.
 * @example wordsOf('NodeManager <ip>: 91% used') // ['Node', 'Manager', '<ip>', '91%', 'used']
 */
export function wordsOf(template: string): readonly string[] {
  return template.normalize('NFC').replace(CAMEL_HUMP, '$1 $2').match(WORD) ?? [];
}

/** Stand-ins whose own name is no word of the encoder's vocabulary, or tells less than this one. */
const READ_AS: Readonly<Record<string, string | undefined>> = {
  '<num>': 'number',
  '<ip>': 'address',
  '<mac>': 'address',
  '<hex>': 'code',
};

/**
 * A template as the encoder reads it: its words alone, each stand-in as one English word. An inference takes as
 * long as its tokens are many, and on real logs punctuation and brackets are more than four tokens in ten; what
 * they tell is in the head's terms. See docs/training.md for what was tried.
 * @example toEncoderText('[NodeManager] <ip>: 91% used') // 'Node Manager address 91% used'
 */
export function toEncoderText(template: string): string {
  return wordsOf(template).map(readAs).join(' ');
}

function readAs(word: string): string {
  return word.startsWith('<') ? (READ_AS[word] ?? word.slice(1, -1)) : word;
}
