import type { ExplanationJson } from '../pipeline/explanation-json.js';
import { masked } from './masked.js';

/** The terms of a label that are shown for and against it. */
const SHOWN_TERMS = 5;

/** Returns an explanation as text for a terminal. Control characters of the line are masked. */
export function explanationText(explanation: ExplanationJson): string {
  const { target_label: label, tier, confidence, note, llm, wrapped_message: wrapped } = explanation;
  const sureness = confidence === null ? '' : `, confidence ${confidence.toFixed(2)}`;
  const remark = note === undefined ? '' : `, ${note}`;
  return [
    label === null ? 'The LLM would be asked for the label.' : `${label}  (${tier}${sureness}${remark})`,
    ...(wrapped === undefined ? [] : [`Wrapped message: ${wrapped}`]),
    ...(llm ? llmLines(llm) : []),
    ...ruleLines(explanation),
    ...embeddingLines(explanation),
  ]
    .map((line) => `${masked(line)}\n`)
    .join('');
}

function llmLines({
  state,
  model,
  message,
  without_llm: local,
}: NonNullable<ExplanationJson['llm']>): string[] {
  return [
    `LLM: ${model}, ${state}`,
    `  sent: ${message}`,
    `  without it: ${local.target_label} (${local.tier})`,
  ];
}

function ruleLines({ matched_rule: rule }: ExplanationJson): string[] {
  if (!rule) return [];
  return [`Rule: ${rule.id}`, `  pattern: ${rule.pattern}`, `  matches: ${rule.text}`];
}

function embeddingLines({ embedding }: ExplanationJson): string[] {
  if (!embedding) return [];
  const { template, labels, threshold, known_share: known, unfamiliar_below: unfamiliar } = embedding;
  return [
    `Template: ${template}`,
    `Threshold: ${threshold}; known words: ${percent(known)} (below ${percent(unfamiliar.known_share)}, the confidence must reach ${unfamiliar.confidence})`,
    'Likeliest labels, and what adds up to their scores:',
    ...labels.flatMap(({ label, confidence, score, contributions }) => [
      `  ${label}  ${confidence.toFixed(2)}  score ${signed(score)}`,
      `    ${[
        `sentence meaning ${signed(contributions.embedding)}`,
        ...contributions.terms
          .slice(0, SHOWN_TERMS)
          .map(({ term, contribution }) => `${JSON.stringify(term)} ${signed(contribution)}`),
        `other terms ${signed(otherTerms(contributions))}`,
        `constant ${signed(contributions.constant)}`,
      ].join(', ')}`,
    ]),
  ];
}

type Contributions = NonNullable<ExplanationJson['embedding']>['labels'][number]['contributions'];

function otherTerms({ terms, other_terms: others }: Contributions): number {
  return terms.slice(SHOWN_TERMS).reduce((sum, { contribution }) => sum + contribution, others.contribution);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
}
