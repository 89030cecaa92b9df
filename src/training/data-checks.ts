import type { LabelledRecord } from './data.js';
import type { TemplateGroup } from './dataset.js';
import { groupBy } from './group-by.js';

/** With fewer templates than this a label is neither learnt nor judged well. */
const RARE = 10;

/** Letters of a label from which on one of them may be a slip. */
const MIN_ALIKE = 4;

/** Places or names listed in one warning. */
const MAX_LISTED = 5;

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
  return [...byLabel].flatMap(([label, records]) => {
    if (known.has(label)) return [];
    const meant =
      [...known].find((other) => isAlike(label, other)) ??
      [...byLabel.keys()].find((other) => isAlike(label, other) && countOf(other) > countOf(label));
    // Beside labels that are described one that is not stands out; alone it is the user's own.
    if (meant === undefined && !describes) return [];
    const lines = listed(records.map(({ line }) => line));
    const hint = meant === undefined ? '' : ` Is ${JSON.stringify(meant)} meant?`;
    return [`The label ${JSON.stringify(label)} is not described in the label file: line ${lines}.${hint}`];
  });
}

/** Whether two labels differ by case, white space, or one letter more, less or other. */
function isAlike(a: string, b: string): boolean {
  if (a === b) return false;
  const [short, long] = [plain(a), plain(b)].sort((x, y) => x.length - y.length) as [string, string];
  if (short === long) return true;
  if (short.length < MIN_ALIKE || long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = short.length === long.length ? short.slice(same + 1) : short.slice(same);
  return rest === long.slice(same + 1);
}

function plain(label: string): string {
  return label.toLowerCase().replace(/\s+/g, '');
}

function rareWarnings(own: readonly TemplateGroup[], all: readonly TemplateGroup[]): string[] {
  const byLabel = groupBy(all, ({ label }) => label);
  return [...groupBy(own, ({ label }) => label)].flatMap(([label, groups]) => {
    const count = byLabel.get(label)?.length ?? 0;
    if (count >= RARE) return [];
    const lines = inOrder(groups).map(({ line }) => line);
    return [
      `The label ${JSON.stringify(label)} has ${count} distinct ${count === 1 ? 'template' : 'templates'}, ` +
        `too few to learn it well: line ${listed(lines)}. It is trained all the same; ${RARE} or more are better.`,
    ];
  });
}

/** The records as they stand in their file. */
function inOrder(groups: readonly TemplateGroup[]): LabelledRecord[] {
  return groups.flatMap(({ records }) => records).sort((a, b) => a.line - b.line);
}

function listed(items: readonly (string | number)[]): string {
  const rest = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
