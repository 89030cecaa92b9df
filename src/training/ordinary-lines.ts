import type { Encoder } from '../classifier/embedding/encoder.js';
import type { Head } from '../classifier/embedding/head.js';
import { UNCLASSIFIED } from '../classifier/labels.js';
import { toTemplate } from '../classifier/template/template.js';
import { countOf } from '../evaluation/metrics/figures.js';
import type { LabelledRecord } from '../labelled-data/labelled-csv.js';
import { seededRandom, shuffled } from '../math/random.js';
import type { Dataset } from './dataset.js';
import { embed } from './embed.js';
import type { EmbeddingStore } from './embedding-store.js';

/** What a head does to lines of other systems. */
export interface OrdinaryFigures {
  readonly lines: number;
  /** For each label the share of the lines that get it, the largest first. A confidence below the threshold is `Unclassified`. */
  readonly shares: readonly { readonly label: string; readonly share: number }[];
  /** The share of the lines that get another label than `Unclassified`. */
  readonly labelled: number;
}

/** Enough for shares of a few percent, and encoded in seconds. */
const SAMPLE_SIZE = 500;

/** With fewer lines, shares say little. */
const MIN_LINES = 50;

/**
 * Returns templates of shipped lines for which the head has no right label but `Unclassified`: ordinary log lines that
 * are not in the dataset. Always the same ones for the same dataset.
 * @returns no templates if all labels of the dataset are shipped ones, or if there are too few such lines
 */
export function ordinaryTemplates(
  shipped: readonly LabelledRecord[],
  { labels, examples }: Pick<Dataset, 'labels' | 'examples'>,
): string[] {
  const shippedLabels = new Set([...shipped.map(({ label }) => label), UNCLASSIFIED]);
  if (labels.every((label) => shippedLabels.has(label))) return [];
  const known = new Set([...labels, UNCLASSIFIED]);
  const learnt = new Set(examples.map(({ template }) => template));
  const templates = new Set(
    shipped.filter(({ label }) => !known.has(label)).map(({ message }) => toTemplate(message)),
  );
  const others = [...templates].filter((template) => !learnt.has(template));
  return others.length < MIN_LINES ? [] : shuffled(others, seededRandom(1)).slice(0, SAMPLE_SIZE);
}

/**
 * Labels the templates with the head, as the embedding tier does.
 * @param options.onProgress called with the number of templates that have an embedding
 * @throws the error of `encoder.encode`
 */
export async function labelOrdinary(
  templates: readonly string[],
  head: Head,
  encoder: Encoder,
  options: { store: EmbeddingStore | undefined; onProgress: (done: number) => void },
): Promise<OrdinaryFigures> {
  const embeddings = await embed(templates, encoder, options);
  const given = templates.map((template, index) => {
    const { label, confidence } = head.predict(embeddings[index] ?? new Float32Array(), template);
    return head.reasonToWithhold(template, confidence) === undefined ? label : UNCLASSIFIED;
  });
  const counts = [...countOf(given)].sort(([, a], [, b]) => b - a);
  return {
    lines: templates.length,
    shares: counts.map(([label, count]) => ({ label, share: count / templates.length })),
    labelled: given.filter((label) => label !== UNCLASSIFIED).length / templates.length,
  };
}
