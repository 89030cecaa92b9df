import { wordsOf } from './words.js';

/** A vocabulary as a head's file holds it. */
export interface VocabularyContent {
  /** See termsOf; numbers, shares and the template's masks are words too. */
  readonly terms: readonly string[];
  /** How much each term tells: the rarer in the training templates, the more. */
  readonly weights: readonly number[];
  /** The length of every template's vector of terms; the embedding's is 1. */
  readonly scale: number;
}

/** The terms of a template, as a sparse vector. */
export interface TermVector {
  /** Places in the vocabulary, ascending. */
  readonly places: readonly number[];
  readonly values: readonly number[];
}

/** Letters that stand for a long word's family: disconnect, disconnected and disconnecting share `disco*`. */
const BEGINNING = 5;

const MARK = /[^\p{L}\p{M}\p{N}\s<>_]/gu;

/**
 * What a template is made of: its words in lower case, the beginnings of the long ones (`disco*`), pairs of
 * neighbouring words (`not found`), its punctuation marks, and how many words it has (`#4`, from 4 on in
 * steps of two, 8 for all longer ones). It tells what the embedding blurs: names and jargon that the encoder
 * never met, negations, the shape of a line.
 */
export function termsOf(template: string): Set<string> {
  const words = wordsOf(template).map((word) => word.toLowerCase());
  const terms = new Set<string>(template.match(MARK) ?? []);
  let before: string | undefined;
  for (const word of words) {
    terms.add(word);
    if (word.length > BEGINNING && !word.startsWith('<')) terms.add(`${word.slice(0, BEGINNING)}*`);
    if (before !== undefined) terms.add(`${before} ${word}`);
    before = word;
  }
  return terms.add(`#${lengthClass(words.length)}`);
}

function lengthClass(words: number): number {
  return words < 4 ? words : Math.min(8, words - (words % 2));
}

/** Templates to vectors of their known terms, weighted and of one length (tf-idf with binary counts). */
export class Vocabulary {
  readonly #places: ReadonlyMap<string, number>;

  constructor(private readonly content: VocabularyContent) {
    this.#places = new Map(content.terms.map((term, place) => [term, place]));
  }

  get size(): number {
    return this.content.terms.length;
  }

  /** The template's known terms; empty when it has none. */
  vectorOf(template: string): TermVector {
    const places: number[] = [];
    for (const term of termsOf(template)) {
      const place = this.#places.get(term);
      if (place !== undefined) places.push(place);
    }
    places.sort((a, b) => a - b);
    const weights = places.map((place) => this.content.weights[place] ?? 0);
    const length = Math.hypot(...weights);
    return { places, values: weights.map((weight) => (weight * this.content.scale) / length) };
  }
}
