import { toTemplate } from '../classifier/template/template.js';
import type { LabelledRecord } from '../labelled-data/labelled-csv.js';
import { groupBy } from '../math/group-by.js';

/** The rows that have the same template, and the label chosen for it. */
export interface TemplateGroup {
  readonly template: string;
  readonly records: readonly LabelledRecord[];
  readonly label: string;
}

/** Groups labelled rows by template. Each group gets its most frequent label, the first one on a tie. */
export function toTemplateGroups(records: readonly LabelledRecord[]): TemplateGroup[] {
  const groups = groupBy(records, ({ message }) => toTemplate(message));
  return [...groups].map(([template, group]) => ({ template, records: group, label: majorityLabel(group) }));
}

function majorityLabel(records: readonly LabelledRecord[]): string {
  const counts = new Map<string, number>();
  for (const { label } of records) counts.set(label, (counts.get(label) ?? 0) + 1);
  // The sort is stable: on a tie the first label stays first.
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
