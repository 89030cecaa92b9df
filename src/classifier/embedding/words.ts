/** Where a camel-case name such as NodeManager or getServerFor is split. */
const CAMEL_CASE_BOUNDARY = /(\p{Ll})(\p{Lu})/gu;
/** A placeholder, a run of letters and marks, or a number. Hindi and Thai text is full of combining marks (`\p{M}`). */
const WORD = /<[a-z]+>|\p{L}[\p{L}\p{M}]*|\p{Nd}+%?/gu;

/**
 * Returns the words of a template in order, with their case: runs of letters, parts of camel-case names, numbers (with
 * their percent sign) and placeholders. The text is NFC-normalised first, so that composed and decomposed accents give
 * equal words.
 * @example wordsOf('NodeManager <ip>: 91% used') // ['Node', 'Manager', '<ip>', '91%', 'used']
 */
export function wordsOf(template: string): readonly string[] {
  return template.normalize('NFC').replace(CAMEL_CASE_BOUNDARY, '$1 $2').match(WORD) ?? [];
}

/**
 * The words for placeholders whose own name is missing from the encoder's vocabulary or tells the encoder less. All other
 * placeholders become their own name.
 */
const READ_AS: Readonly<Record<string, string | undefined>> = {
  '<num>': 'number',
  '<ip>': 'address',
  '<mac>': 'address',
  '<hex>': 'code',
};

/**
 * The encoder reads 256 tokens, which are about this many words. Of longer templates it gets the first words and the last
 * ones: the end of a long line often says how it ended.
 */
const MAX_WORDS = 160;
const WORDS_OF_END = 48;

/**
 * Returns the template as the encoder's input: its words without punctuation, each placeholder as one English word. The
 * time of an inference grows with the number of tokens, and in real logs more than 40 % of tokens are punctuation. The
 * head sees punctuation as terms. docs/training.md has the experiments.
 * @example toEncoderText('[NodeManager] <ip>: 91% used') // 'Node Manager address 91% used'
 */
export function toEncoderText(template: string): string {
  const words = wordsOf(template);
  const read =
    words.length <= MAX_WORDS
      ? words
      : [...words.slice(0, MAX_WORDS - WORDS_OF_END), ...words.slice(-WORDS_OF_END)];
  return read.map(readAs).join(' ');
}

function readAs(word: string): string {
  return word.startsWith('<') ? (READ_AS[word] ?? word.slice(1, -1)) : word;
}
