import { wordsOf } from './words.js';

/** The vocabulary in a head's file. */
export interface VocabularyContent {
  /** Terms as returned by `termsOf`. Numbers, percentages and placeholders are words too. */
  readonly terms: readonly string[];
  /** The inverse document frequency (idf) of each term: higher for terms that are rarer in the training templates. */
  readonly weights: readonly number[];
  /** The Euclidean norm of every term vector. The norm of an embedding is 1. */
  readonly scale: number;
}

/** The terms of a template, as a sparse vector. */
export interface TermVector {
  /** Indexes into the vocabulary, ascending. */
  readonly indexes: readonly number[];
  readonly values: readonly number[];
}

/** The length of a prefix term. Disconnect, disconnected and disconnecting share the prefix `disco*`. */
const PREFIX_CHARS = 5;

/** A punctuation mark: neither a letter, a digit, white space nor part of a placeholder or name. */
const MARK = /[^\p{L}\p{M}\p{N}\s<>_]/gu;

const CJK = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}`;
const HAS_CJK = new RegExp(`[${CJK}]`, 'u');
const CJK_RUNS = new RegExp(`[${CJK}]+|[^${CJK}]+`, 'gu');

/**
 * Returns the terms of a template: its words in lower case, prefixes of words of more than five letters (`disco*`), pairs
 * of adjacent words (`not found`), punctuation marks, and a class for the number of words (`#0` to `#4`, `#6`, `#8`; `#8`
 * stands for eight or more). Terms add what the embedding misses: names and jargon that the encoder was not trained on,
 * negations, and the form of a line.
 *
 * Chinese and Japanese have no spaces between words, and Korean words have many endings. So each pair of adjacent
 * characters counts as a word there, as in Lucene's CJK analyser.
 */
export function termsOf(template: string): Set<string> {
  const words = wordsOf(template).flatMap(termWordsOf);
  const terms = new Set<string>(template.match(MARK) ?? []);
  let before: string | undefined;
  for (const word of words) {
    terms.add(word);
    if (word.length > PREFIX_CHARS && !word.startsWith('<')) terms.add(`${word.slice(0, PREFIX_CHARS)}*`);
    if (before !== undefined) terms.add(`${before} ${word}`);
    before = word;
  }
  return terms.add(`#${lengthClass(words.length)}`);
}

/** Returns a word in lower case; of a word with Chinese, Japanese or Korean characters, the pairs of characters. */
function termWordsOf(word: string): readonly string[] {
  const lower = word.toLowerCase();
  if (!HAS_CJK.test(lower)) return [lower];
  return (lower.match(CJK_RUNS) ?? []).flatMap((run) =>
    HAS_CJK.test(run) ? pairsOf(Array.from(run)) : [run],
  );
}

function pairsOf(characters: readonly string[]): readonly string[] {
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

function lengthClass(words: number): number {
  return words < 4 ? words : Math.min(8, words - (words % 2));
}

/** A word of letters, in contrast to a number, a percentage or a placeholder. */
const LETTERS = /^\p{L}/u;

/** Converts templates to tf-idf vectors with binary counts, scaled to one norm. Ignores terms it does not contain. */
export class Vocabulary {
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(private readonly content: VocabularyContent) {
    this.#indexes = new Map(content.terms.map((term, index) => [term, index]));
  }

  /** The number of terms. */
  get size(): number {
    return this.content.terms.length;
  }

  /** Returns the term with this index. */
  termAt(index: number): string {
    return this.content.terms[index] ?? '';
  }

  /**
   * Returns the share of the template's words that are terms, from 0 to 1. Numbers and placeholders do not count. A
   * template without words has the share 1: there is nothing unknown in it.
   */
  knownShareOf(template: string): number {
    const words = wordsOf(template)
      .filter((word) => LETTERS.test(word))
      .flatMap(termWordsOf);
    if (words.length === 0) return 1;
    return words.filter((word) => this.#indexes.has(word)).length / words.length;
  }

  /** Returns the template's vector, without entries if it has no known term. */
  vectorOf(template: string): TermVector {
    const indexes: number[] = [];
    for (const term of termsOf(template)) {
      const index = this.#indexes.get(term);
      if (index !== undefined) indexes.push(index);
    }
    indexes.sort((a, b) => a - b);
    const weights = indexes.map((index) => this.content.weights[index] ?? 0);
    const norm = Math.hypot(...weights);
    return { indexes, values: weights.map((weight) => (weight * this.content.scale) / norm) };
  }
}
