import { checkData } from './data-warnings.js';
import { DataError, type LabelledData } from '../labelled-data/labelled-rows.js';
import { toTemplateGroups } from './template-groups.js';

/** A distinct template with its label: what training learns from. */
export interface Example {
  readonly template: string;
  /** The kind of system that the template was first seen in: what is held out together. */
  readonly group: string;
  /** Whether the data named that kind in its column `family`; else `group` is the source. */
  readonly hasFamily: boolean;
  /** Index into the dataset's labels. */
  readonly label: number;
  /** False for an example of the base, which is learnt from, but not what the user asks about. */
  readonly own: boolean;
}

export interface Dataset {
  readonly examples: readonly Example[];
  /** Sorted by name. */
  readonly labels: readonly string[];
  /** How many labelled rows the examples come from. */
  readonly rows: number;
  /** What the groups are: `family` if any row has one, then `source` for the others; else `source` for all. */
  readonly groupedBy: 'family' | 'source';
  /** What a person should look at, one sentence each. */
  readonly warnings: readonly string[];
}

export interface DatasetOptions {
  /** Labelled rows to learn from beside the data; where both know a template, the data's label counts. */
  base?: LabelledData;
  /** The labels that are described, to tell a slip of the pen from a label of one's own. */
  known?: ReadonlySet<string>;
}

/**
 * The distinct templates of labelled rows. Rows that come out as one template count once, so that an event that
 * is logged often does not outweigh the others; of several labels for it the most frequent wins, then the first.
 * @throws DataError when there are not at least two labels to tell apart.
 */
export function toDataset(data: LabelledData, { base, known }: DatasetOptions = {}): Dataset {
  const own = toTemplateGroups(data.records);
  const templates = new Set(own.map(({ template }) => template));
  const others = toTemplateGroups(base?.records ?? []).filter(({ template }) => !templates.has(template));
  const all = [...own, ...others];
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  if (labels.length < 2) {
    const only = labels.map((label) => JSON.stringify(label)).join();
    throw new DataError(`All rows have the label ${only}: training needs two labels or more.`);
  }
  const examples = all.map(({ template, records, label }, index) => ({
    template,
    group: records[0]?.family ?? records[0]?.source.trim() ?? '',
    hasFamily: records[0]?.family !== undefined,
    label: labels.indexOf(label),
    own: index < own.length,
  }));
  return {
    examples,
    labels,
    rows: data.records.length + (base?.records.length ?? 0),
    groupedBy: examples.some(({ hasFamily }) => hasFamily) ? 'family' : 'source',
    warnings: checkData(data.unlabelled, own, { all, known }),
  };
}
