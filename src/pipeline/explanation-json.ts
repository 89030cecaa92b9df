import type { LabelExplanation, TermContribution } from '../classifier/embedding/head-explanation.js';
import type { LlmPreview, LlmState } from '../classifier/llm/llm-preview.js';
import type { Correction } from '../classifier/corrections/correction.js';
import type {
  Classification,
  EmbeddingExplanation,
  Explanation,
  Note,
  RuleMatch,
  Tier,
} from '../classifier/types.js';
import { jsonLabel, rounded, type JsonLabel } from '../formats/label-details.js';

/** This many terms of a label are listed one by one. The others are one sum. */
const LISTED_TERMS = 20;

/** The label of a record with its details, as answers of POST /classify have it. */
type ResultJson = Omit<JsonLabel, 'tier' | 'note'> & { tier: Tier; note?: Note };

/** How the embedding tier came to the confidence of one label, as JSON. All contributions add up to the score. */
interface ExplainedLabelJson {
  label: string;
  confidence: number;
  score: number;
  contributions: {
    constant: number;
    embedding: number;
    terms: { term: string; contribution: number }[];
    other_terms: { count: number; contribution: number };
  };
}

/** How the embedding tier came to its label, as JSON. */
interface EmbeddingJson {
  template: string;
  labels: ExplainedLabelJson[];
  temperature: number;
  threshold: number;
  known_share: number;
  unfamiliar_below: { known_share: number; confidence: number };
}

/** How the label of a record comes about, as POST /explain and the command line show it. */
export interface ExplanationJson {
  /** Null if the LLM would have to be asked. */
  target_label: string | null;
  tier: Tier;
  confidence: number | null;
  rule?: string;
  note?: Note;
  correction?: {
    id: string;
    log_message: string;
    source?: string;
    created: string;
    without_correction: ResultJson;
  };
  llm?: {
    state: LlmState;
    model: string;
    instructions: string;
    source: string;
    message: string;
    without_llm: ResultJson;
  };
  wrapped_message?: string;
  matched_rule?: {
    id: string;
    pattern: string;
    label: string;
    matched_in: RuleMatch['matchedIn'];
    text: string;
    start: number;
    end: number;
  };
  embedding?: EmbeddingJson;
}

/** The result of a record that the LLM would have to be asked about. */
const ASK_LLM = { target_label: null, tier: 'llm', confidence: null } as const;

/** Returns an explanation as JSON. Confidences are rounded as in the answers with labels. */
export function explanationJson({ classification, correction, llm, local }: Explanation): ExplanationJson {
  return {
    ...(classification ? resultJson(classification) : ASK_LLM),
    ...(correction && local && { correction: correctionJson(correction, local.classification) }),
    ...(llm && local && { llm: llmJson(llm, local.classification) }),
    ...(local?.wrappedMessage !== undefined && { wrapped_message: local.wrappedMessage }),
    ...(local?.rule && { matched_rule: ruleJson(local.rule) }),
    ...(local?.embedding && { embedding: embeddingJson(local.embedding) }),
  };
}

function resultJson(classification: Classification): ResultJson {
  const { note, ...others } = classification;
  const fields: Omit<JsonLabel, 'note'> = jsonLabel(others, {});
  return { ...fields, tier: others.tier, ...(note === undefined ? {} : { note }) };
}

function correctionJson(
  { id, message, source, created }: Correction,
  withoutCorrection: Classification,
): NonNullable<ExplanationJson['correction']> {
  return {
    id,
    log_message: message,
    ...(source === undefined ? {} : { source }),
    created,
    without_correction: resultJson(withoutCorrection),
  };
}

function llmJson(
  { state, model, instructions, source, message }: LlmPreview,
  withoutLlm: Classification,
): NonNullable<ExplanationJson['llm']> {
  return { state, model, instructions, source, message, without_llm: resultJson(withoutLlm) };
}

function ruleJson({ matchedIn, ...rule }: RuleMatch): NonNullable<ExplanationJson['matched_rule']> {
  const { id, pattern, label, text, start, end } = rule;
  return { id, pattern, label, matched_in: matchedIn, text, start, end };
}

function embeddingJson({
  template,
  labels,
  temperature,
  threshold,
  knownShare,
  unfamiliar,
}: EmbeddingExplanation): EmbeddingJson {
  return {
    template,
    labels: labels.map(labelJson),
    temperature,
    threshold,
    known_share: rounded(knownShare),
    unfamiliar_below: { known_share: unfamiliar.knownShare, confidence: unfamiliar.confidence },
  };
}

function labelJson({
  label,
  confidence,
  score,
  constant,
  embedding,
  terms,
}: LabelExplanation): ExplainedLabelJson {
  const listed = terms.slice(0, LISTED_TERMS);
  const others = terms.slice(LISTED_TERMS);
  return {
    label,
    confidence: rounded(confidence),
    score: toNineDigits(score),
    contributions: {
      constant: toNineDigits(constant),
      embedding: toNineDigits(embedding),
      terms: listed.map(({ term, contribution }) => ({ term, contribution: toNineDigits(contribution) })),
      other_terms: { count: others.length, contribution: toNineDigits(sumOf(others)) },
    },
  };
}

function sumOf(terms: readonly TermContribution[]): number {
  return terms.reduce((sum, { contribution }) => sum + contribution, 0);
}

/** Rounds to nine digits behind the point. A sum of all contributions of a label is then exact to 1e-7. */
function toNineDigits(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
