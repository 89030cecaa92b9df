import type { LabelledRecord } from '../labelled-data/labelled-csv.js';
import type { TemplateGroup } from './template-groups.js';
import { groupBy } from '../math/group-by.js';

/** A label with fewer templates than this is neither learnt nor measured well. */
const MIN_TEMPLATES = 10;

/** Shorter labels are not compared letter by letter: `ok` and `on` differ by one letter, too. */
const MIN_COMPARED_LETTERS = 4;

/** Lines or rows listed in one warning. */
const MAX_LISTED = 5;

/** Warnings of one kind. */
const MAX_WARNINGS = 20;

/** Pairs of labels to compare. If the label column holds free text, comparing all of them takes minutes. */
const MAX_PAIRS = 1_000_000;

/**
 * Returns the problems that a person should check in labelled data before training. Each warning has line numbers.
 * @param unlabelled lines of the rows without a label
 * @param dataGroups the templates of the user's data
 * @param context.allGroups `dataGroups` and the templates of the base
 * @param context.known names of the labels that the label file describes
 */
export function dataWarnings(
  unlabelled: readonly number[],
  dataGroups: readonly TemplateGroup[],
  { allGroups, known }: { allGroups: readonly TemplateGroup[]; known: ReadonlySet<string> | undefined },
): string[] {
  return [
    ...unlabelledWarning(unlabelled),
    ...conflictWarnings(dataGroups),
    ...repeatWarning(dataGroups),
    ...misspellingWarnings(dataGroups, known ?? new Set()),
    ...rareLabelWarnings(dataGroups, allGroups),
  ];
}

function unlabelledWarning(lines: readonly number[]): string[] {
  if (lines.length === 0) return [];
  return [`Rows skipped, because they have no target_label: ${lines.length} (line ${listed(lines)}).`];
}

function conflictWarnings(groups: readonly TemplateGroup[]): string[] {
  const conflicts = groups.filter(({ records, label }) => records.some((record) => record.label !== label));
  const rest = conflicts.length - MAX_LISTED;
  return [
    ...conflicts.slice(0, MAX_LISTED).map(({ records, label }) => {
      const lines = records.map((record) => `line ${record.line} ${JSON.stringify(record.label)}`);
      return `One template has several labels: ${listed(lines)}. Training uses ${JSON.stringify(label)}.`;
    }),
    ...(rest > 0 ? [`${rest} more templates have several labels.`] : []),
  ];
}

/** Repeated messages do no harm. But with them the file has more lines than training has examples. */
function repeatWarning(groups: readonly TemplateGroup[]): string[] {
  const firstOf = new Map<string, LabelledRecord>();
  const repeats = inOrder(groups).flatMap((record) => {
    const first = firstOf.get(record.message);
    if (first) return [`${record.line} (same as line ${first.line})`];
    firstOf.set(record.message, record);
    return [];
  });
  if (repeats.length === 0) return [];
  return [
    `Rows that repeat the message of an earlier row: ${repeats.length} (line ${listed(repeats)}). Each template counts once.`,
  ];
}

/**
 * Warns of labels that the label file does not describe, in two cases: the file describes another label of the data,
 * or the label looks misspelt. It looks misspelt if it resembles a described label or a more frequent one.
 */
function misspellingWarnings(groups: readonly TemplateGroup[], known: ReadonlySet<string>): string[] {
  const byLabel = groupBy(inOrder(groups), ({ label }) => label);
  const countOf = (label: string): number => byLabel.get(label)?.length ?? 0;
  const describesAny = [...byLabel.keys()].some((label) => known.has(label));
  const [described, used] = [[...known].map(toSpelling), [...byLabel.keys()].map(toSpelling)];
  const isCompared = used.length * (used.length + described.length) <= MAX_PAIRS;
  const suggestionFor = (spelling: Spelling): string | undefined => {
    if (!isCompared) return undefined;
    const resembles = (other: Spelling): boolean => isAlike(spelling, other);
    const resemblesFrequent = (other: Spelling): boolean =>
      resembles(other) && countOf(other.label) > countOf(spelling.label);
    return (described.find(resembles) ?? used.find(resemblesFrequent))?.label;
  };
  const skipped = `There are ${used.length} labels, too many to look for misspelt ones.`;
  const warnings = used.flatMap((spelling) => {
    const { label } = spelling;
    if (known.has(label)) return [];
    const suggestion = suggestionFor(spelling);
    // If the label file describes no label of the data, the user has labels of their own.
    if (suggestion === undefined && !describesAny) return [];
    const lines = listed((byLabel.get(label) ?? []).map(({ line }) => line));
    const hint = suggestion === undefined ? '' : ` Did you mean ${JSON.stringify(suggestion)}?`;
    return [`The label file does not describe the label ${JSON.stringify(label)}: line ${lines}.${hint}`];
  });
  return [
    ...(isCompared ? [] : [skipped]),
    ...limited(warnings, 'labels are not described in the label file'),
  ];
}

interface Spelling {
  readonly label: string;
  /** The label in lower case without white space. */
  readonly plain: string;
}

function toSpelling(label: string): Spelling {
  return { label, plain: label.toLowerCase().replace(/\s+/g, '') };
}

/** Whether two labels differ only by case, white space, or one added, missing or changed letter. */
function isAlike(a: Spelling, b: Spelling): boolean {
  if (a.label === b.label) return false;
  const [short, long] = a.plain.length <= b.plain.length ? [a.plain, b.plain] : [b.plain, a.plain];
  if (short === long) return true;
  if (short.length < MIN_COMPARED_LETTERS || long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = short.length === long.length ? short.slice(same + 1) : short.slice(same);
  return rest === long.slice(same + 1);
}

function rareLabelWarnings(
  dataGroups: readonly TemplateGroup[],
  allGroups: readonly TemplateGroup[],
): string[] {
  const byLabel = groupBy(allGroups, ({ label }) => label);
  const warnings = [...groupBy(dataGroups, ({ label }) => label)].flatMap(([label, groups]) => {
    const count = byLabel.get(label)?.length ?? 0;
    if (count >= MIN_TEMPLATES) return [];
    const lines = inOrder(groups).map(({ line }) => line);
    return [
      `The label ${JSON.stringify(label)} has ${count} distinct ${count === 1 ? 'template' : 'templates'}, ` +
        `too few to learn it well: line ${listed(lines)}. Training uses them; ${MIN_TEMPLATES} or more are better.`,
    ];
  });
  return limited(warnings, `labels have fewer than ${MIN_TEMPLATES} templates`);
}

/** The first MAX_WARNINGS warnings, and the number of the others. */
function limited(warnings: readonly string[], what: string): string[] {
  const rest = warnings.length - MAX_WARNINGS;
  return [...warnings.slice(0, MAX_WARNINGS), ...(rest > 0 ? [`${rest} more ${what}.`] : [])];
}

/** All records of the groups in the order of their lines. */
function inOrder(groups: readonly TemplateGroup[]): LabelledRecord[] {
  return groups.flatMap(({ records }) => records).sort((a, b) => a.line - b.line);
}

function listed(items: readonly (string | number)[]): string {
  const rest = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
