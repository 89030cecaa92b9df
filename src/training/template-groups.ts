import { toTemplate } from '../classifier/template/template.js';
import type { LabelledRecord } from '../labelled-data/labelled-rows.js';
import { groupBy } from '../math/group-by.js';

/** Rows that come out as one template, and the label that it gets. */
export interface TemplateGroup {
  readonly template: string;
  readonly records: readonly LabelledRecord[];
  readonly label: string;
}

/** Groups labelled rows by template; of several labels of one template the most frequent wins, then the first. */
export function toTemplateGroups(records: readonly LabelledRecord[]): TemplateGroup[] {
  const groups = groupBy(records, ({ message }) => toTemplate(message));
  return [...groups].map(([template, group]) => ({ template, records: group, label: majorityLabel(group) }));
}

function majorityLabel(records: readonly LabelledRecord[]): string {
  const counts = new Map<string, number>();
  for (const { label } of records) counts.set(label, (counts.get(label) ?? 0) + 1);
  // The sort is stable: of equals the first seen stays first.
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
