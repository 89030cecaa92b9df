import type { LabelledRecord } from '../labelled-data/labelled-rows.js';
import type { TemplateGroup } from './template-groups.js';
import { groupBy } from '../math/group-by.js';

/** With fewer templates than this a label is neither learnt nor judged well. */
const RARE = 10;

/** Letters of a label from which on one of them may be a slip. */
const MIN_ALIKE = 4;

/** Places or names listed in one warning. */
const MAX_LISTED = 5;

/** Labels that get a warning of their own, of each kind. */
const MAX_LABELS = 20;

/** Pairs of labels compared letter by letter: a column that holds no labels at all would take minutes. */
const MAX_PAIRS = 1_000_000;

/**
 * What a person should look at in labelled data before it is learnt from, one sentence each, with lines.
 * @param own the data's templates
 * @param context.all these and the base's
 * @param context.known the labels that are described; undefined if none is
 */
export function checkData(
  unlabelled: readonly number[],
  own: readonly TemplateGroup[],
  { all, known }: { all: readonly TemplateGroup[]; known: ReadonlySet<string> | undefined },
): string[] {
  return [
    ...unlabelledWarning(unlabelled),
    ...conflictWarnings(own),
    ...repeatWarning(own),
    ...slipWarnings(own, known ?? new Set()),
    ...rareWarnings(own, all),
  ];
}

function unlabelledWarning(lines: readonly number[]): string[] {
  if (lines.length === 0) return [];
  return [`${lines.length} rows have no target_label and are left out: line ${listed(lines)}.`];
}

function conflictWarnings(groups: readonly TemplateGroup[]): string[] {
  const conflicts = groups.filter(({ records, label }) => records.some((record) => record.label !== label));
  const rest = conflicts.length - MAX_LISTED;
  return [
    ...conflicts.slice(0, MAX_LISTED).map(({ records, label }) => {
      const places = records.map((record) => `line ${record.line} ${JSON.stringify(record.label)}`);
      return `One template has several labels; ${JSON.stringify(label)} is taken: ${listed(places)}.`;
    }),
    ...(rest > 0 ? [`${rest} more templates have several labels.`] : []),
  ];
}

/** Rows that say the same twice: they do no harm, but a set that consists of them is smaller than it looks. */
function repeatWarning(groups: readonly TemplateGroup[]): string[] {
  const firstOf = new Map<string, LabelledRecord>();
  const repeats = inOrder(groups).flatMap((record) => {
    const first = firstOf.get(record.message);
    if (first) return [`${record.line} (as line ${first.line})`];
    firstOf.set(record.message, record);
    return [];
  });
  if (repeats.length === 0) return [];
  return [
    `${repeats.length} rows repeat the message of another; a template counts once: line ${listed(repeats)}.`,
  ];
}

/** Labels that look like a slip of the pen: not described, and nearly another one that is, or is more frequent. */
function slipWarnings(groups: readonly TemplateGroup[], known: ReadonlySet<string>): string[] {
  const byLabel = groupBy(inOrder(groups), ({ label }) => label);
  const countOf = (label: string): number => byLabel.get(label)?.length ?? 0;
  const describes = [...byLabel.keys()].some((label) => known.has(label));
  const [described, own] = [[...known].map(toSpelling), [...byLabel.keys()].map(toSpelling)];
  const isCompared = own.length * (own.length + described.length) <= MAX_PAIRS;
  const meantBy = (spelling: Spelling): string | undefined => {
    if (!isCompared) return undefined;
    const isMeant = (other: Spelling): boolean => isAlike(spelling, other);
    const isMeantOften = (other: Spelling): boolean =>
      isMeant(other) && countOf(other.label) > countOf(spelling.label);
    return (described.find(isMeant) ?? own.find(isMeantOften))?.label;
  };
  const skipped = `There are ${own.length} labels, too many to look for slips of the pen among them.`;
  const warnings = own.flatMap((spelling) => {
    const { label } = spelling;
    if (known.has(label)) return [];
    const meant = meantBy(spelling);
    // Beside labels that are described one that is not stands out; alone it is the user's own.
    if (meant === undefined && !describes) return [];
    const lines = listed((byLabel.get(label) ?? []).map(({ line }) => line));
    const hint = meant === undefined ? '' : ` Is ${JSON.stringify(meant)} meant?`;
    return [`The label ${JSON.stringify(label)} is not described in the label file: line ${lines}.${hint}`];
  });
  return [
    ...(isCompared ? [] : [skipped]),
    ...someOf(warnings, 'labels are not described in the label file'),
  ];
}

/** A label, and its letters alone. */
interface Spelling {
  readonly label: string;
  readonly plain: string;
}

function toSpelling(label: string): Spelling {
  return { label, plain: label.toLowerCase().replace(/\s+/g, '') };
}

/** Whether two labels differ by case, white space, or one letter more, less or other. */
function isAlike(a: Spelling, b: Spelling): boolean {
  if (a.label === b.label) return false;
  const [short, long] = a.plain.length <= b.plain.length ? [a.plain, b.plain] : [b.plain, a.plain];
  if (short === long) return true;
  if (short.length < MIN_ALIKE || long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = short.length === long.length ? short.slice(same + 1) : short.slice(same);
  return rest === long.slice(same + 1);
}

function rareWarnings(own: readonly TemplateGroup[], all: readonly TemplateGroup[]): string[] {
  const byLabel = groupBy(all, ({ label }) => label);
  const warnings = [...groupBy(own, ({ label }) => label)].flatMap(([label, groups]) => {
    const count = byLabel.get(label)?.length ?? 0;
    if (count >= RARE) return [];
    const lines = inOrder(groups).map(({ line }) => line);
    return [
      `The label ${JSON.stringify(label)} has ${count} distinct ${count === 1 ? 'template' : 'templates'}, ` +
        `too few to learn it well: line ${listed(lines)}. It is trained all the same; ${RARE} or more are better.`,
    ];
  });
  return someOf(warnings, `labels have fewer than ${RARE} templates`);
}

/** As many warnings of one kind as a person reads; the rest as a number. */
function someOf(warnings: readonly string[], what: string): string[] {
  const rest = warnings.length - MAX_LABELS;
  return [...warnings.slice(0, MAX_LABELS), ...(rest > 0 ? [`${rest} more ${what}.`] : [])];
}

/** The records as they stand in their file. */
function inOrder(groups: readonly TemplateGroup[]): LabelledRecord[] {
  return groups.flatMap(({ records }) => records).sort((a, b) => a.line - b.line);
}

function listed(items: readonly (string | number)[]): string {
  const rest = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
