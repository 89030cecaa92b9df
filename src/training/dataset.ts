import { dataWarnings } from './data-warnings.js';
import { DataError, type LabelledData, type LabelledRecord } from '../labelled-data/labelled-csv.js';
import { toTemplateGroups, type TemplateGroup } from './template-groups.js';

/** A distinct template with its label: one training example. */
export interface Example {
  readonly template: string;
  /** The family of the template's first row, or its source. Examples of a group are held out together. */
  readonly group: string;
  /** Whether `group` is a family. */
  readonly hasFamily: boolean;
  /** Index into the dataset's labels. */
  readonly label: number;
  /** Whether the template comes only from the base (`--base`) or the background, and not from the user's data. */
  readonly fromBase: boolean;
}

/** The examples that a head is trained on. */
export interface Dataset {
  readonly examples: readonly Example[];
  /** Sorted by name. */
  readonly labels: readonly string[];
  /** How many labelled rows the examples come from. */
  readonly rows: number;
  /** `family` if any row has a family; rows without one are then grouped by source. `source` otherwise. */
  readonly groupedBy: 'family' | 'source';
  /** Problems of the data that a person should look at, one sentence each. */
  readonly warnings: readonly string[];
}

/** Options of `toDataset`. */
export interface DatasetOptions {
  /** More labelled rows to learn from. If both have a template, the label of the data is used. */
  base?: LabelledData;
  /** Lines to learn from that are neither in the data nor in the base, see background.ts. The last to decide on a label. */
  background?: readonly LabelledRecord[];
  /** Names of the labels that the label file describes; used to find misspelt labels. */
  known?: ReadonlySet<string>;
}

/**
 * Turns labelled rows into distinct templates. All rows with the same template become one example, so that frequent
 * events do not outweigh the others. The example gets the most frequent label of its rows, the first one on a tie.
 * @throws DataError when data and base together have fewer than two labels
 */
export function toDataset(
  data: LabelledData,
  { base, background = [], known }: DatasetOptions = {},
): Dataset {
  const dataGroups = toTemplateGroups(data.records);
  const ownGroups = withNew(dataGroups, base?.records ?? []);
  const ownLabels = labelsOf(ownGroups);
  if (ownLabels.length < 2) {
    const only = ownLabels.map((label) => JSON.stringify(label)).join();
    throw new DataError(`All rows have the label ${only}. Training needs two labels or more.`);
  }
  const allGroups = withNew(ownGroups, background);
  const labels = labelsOf(allGroups);
  const examples = allGroups.map(({ template, records, label }, index) => ({
    template,
    group: records[0]?.family ?? records[0]?.source.trim() ?? '',
    hasFamily: records[0]?.family !== undefined,
    label: labels.indexOf(label),
    fromBase: index >= dataGroups.length,
  }));
  return {
    examples,
    labels,
    rows: data.records.length + (base?.records.length ?? 0) + background.length,
    groupedBy: examples.some(({ hasFamily }) => hasFamily) ? 'family' : 'source',
    warnings: dataWarnings(data.unlabelled, dataGroups, { allGroups, known }),
  };
}

/** Adds the groups of the records whose template no group has yet. */
function withNew(groups: readonly TemplateGroup[], records: readonly LabelledRecord[]): TemplateGroup[] {
  const templates = new Set(groups.map(({ template }) => template));
  return [...groups, ...toTemplateGroups(records).filter(({ template }) => !templates.has(template))];
}

function labelsOf(groups: readonly TemplateGroup[]): string[] {
  return [...new Set(groups.map(({ label }) => label))].sort();
}
