import { UNCLASSIFIED } from '../classifier/labels.js';
import type { LabelledData, LabelledRecord } from '../labelled-data/labelled-csv.js';

/**
 * Returns the shipped lines to add to data without the label `Unclassified`: those with this label. Without them, the
 * head has never seen a line that fits no label, and gives every line one of the user's labels, often with a high
 * confidence.
 *
 * The other shipped lines are not added. As `Unclassified` they cost more right labels than they save wrong ones:
 * docs/training.md has the figures.
 * @returns the lines, none if a line of the data has the label
 */
export function backgroundFor(
  data: readonly LabelledData[],
  shipped: readonly LabelledRecord[],
): LabelledRecord[] {
  const hasLabel = data.some(({ records }) => records.some(({ label }) => label === UNCLASSIFIED));
  return hasLabel ? [] : shipped.filter(({ label }) => label === UNCLASSIFIED);
}
