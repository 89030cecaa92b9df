import { toTemplate } from '../classifier/template.js';
import { DataError, type LabelledData, type LabelledRecord } from './data.js';
import { groupBy } from './group-by.js';

/** A distinct template with its label: what training learns from. */
export interface Example {
  readonly template: string;
  /** The system that the template was first seen in. */
  readonly source: string;
  /** Index into the dataset's labels. */
  readonly label: number;
}

export interface Dataset {
  readonly examples: readonly Example[];
  /** Sorted by name. */
  readonly labels: readonly string[];
  /** How many labelled rows the examples come from. */
  readonly rows: number;
  /** What a person should look at, one sentence each. */
  readonly warnings: readonly string[];
}

/** A label with fewer templates than this cannot be judged: there must be one to learn and one to hold out. */
const MIN_TEMPLATES = 2;

/** Places or names listed in one warning. */
const MAX_LISTED = 5;

/**
 * The distinct templates of labelled rows. Rows that come out as one template count once, so that an event that
 * is logged often does not outweigh the others; of several labels for it the most frequent wins, then the first.
 * @throws DataError when there are not at least two labels to tell apart.
 */
export function toDataset({ records, unlabelled }: LabelledData): Dataset {
  const groups = groupBy(records, ({ message }) => toTemplate(message));
  const kept = [...groups].map(([template, group]) => ({ template, group, label: majorityLabel(group) }));
  const labels = [...new Set(kept.map(({ label }) => label))].sort();
  if (labels.length < 2) {
    throw new DataError(`All rows have the label ${quoted(labels)}: training needs two labels or more.`);
  }
  const examples = kept.map(({ template, group, label }) => ({
    template,
    source: group[0]?.source.trim() ?? '',
    label: labels.indexOf(label),
  }));
  const conflicts = kept.filter(({ group, label }) => group.some((record) => record.label !== label));
  const warnings = [
    ...unlabelledWarning(unlabelled),
    ...conflicts.slice(0, MAX_LISTED).map(({ group, label }) => conflictWarning(group, label)),
    ...moreConflictsWarning(conflicts.length - MAX_LISTED),
    ...rareWarning(examples, labels),
  ];
  return { examples, labels, rows: records.length, warnings };
}

function majorityLabel(group: readonly LabelledRecord[]): string {
  const counts = new Map<string, number>();
  for (const { label } of group) counts.set(label, (counts.get(label) ?? 0) + 1);
  // The sort is stable: of equals the first seen stays first.
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

function unlabelledWarning(lines: readonly number[]): string[] {
  if (lines.length === 0) return [];
  return [`${lines.length} rows have no target_label and are left out: line ${listed(lines.map(String))}.`];
}

function conflictWarning(group: readonly LabelledRecord[], winner: string): string {
  const places = group.map(({ line, label }) => `line ${line} ${quoted([label])}`);
  return `One template has several labels; ${quoted([winner])} is taken: ${listed(places)}.`;
}

function moreConflictsWarning(count: number): string[] {
  return count > 0 ? [`${count} more templates have several labels.`] : [];
}

function rareWarning(examples: readonly Example[], labels: readonly string[]): string[] {
  const rare = labels.filter((_, index) => {
    return examples.filter(({ label }) => label === index).length < MIN_TEMPLATES;
  });
  if (rare.length === 0) return [];
  return [
    `A single template is too few to learn and judge a label by; add lines to ${quoted(rare)}. It is trained all the same.`,
  ];
}

function quoted(names: readonly string[]): string {
  return listed(names.map((name) => JSON.stringify(name)));
}

function listed(items: readonly string[]): string {
  const rest = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
