/** The contribution of one term to a label's score. */
export interface TermContribution {
  /** As the vocabulary has it: a word, `disco*`, `not found`, a punctuation mark, or `#4` for the number of words. */
  readonly term: string;
  readonly contribution: number;
}

/** How the head came to the confidence of one label. `constant`, `embedding` and all terms add up to `score`. */
export interface LabelExplanation {
  readonly label: string;
  /** Calibrated. */
  readonly confidence: number;
  /** The logit: the value before the sigmoid of the logistic regression, not calibrated. */
  readonly score: number;
  readonly constant: number;
  /** The contribution of all numbers of the embedding together. Single ones mean nothing to a person. */
  readonly embedding: number;
  /** All known terms of the template, the largest contribution first, whatever its sign. */
  readonly terms: readonly TermContribution[];
}

/** How the head came to its prediction for a template, and what its label must reach not to be withheld. */
export interface HeadExplanation {
  /** The likeliest labels, the likeliest first. */
  readonly labels: readonly LabelExplanation[];
  /** The confidences are the softmax of the scores of all labels divided by this. */
  readonly temperature: number;
  /** Below this confidence the label is withheld, with the note `low-confidence`. */
  readonly threshold: number;
  /** The share of the template's words that the head knows. */
  readonly knownShare: number;
  /** If the head knows less than this share of the words, a label below this confidence is withheld as `unfamiliar`. */
  readonly unfamiliar: { readonly knownShare: number; readonly confidence: number };
}
