import { nearestName } from '../../math/edit-distance.js';
import { DataError } from '../../labelled-data/labelled-csv.js';

/** A message line of a family file. It makes one training line, or several if it has alternatives. */
export interface SourceLine {
  source: string;
  label: string;
  /** The message with its placeholders and alternatives, see pattern.ts. */
  pattern: string;
  /** The line number in the file, counted from 1. */
  line: number;
}

const SOURCE = /^source: *(.+)$/;
const LABEL = /^\[(.+)\]$/;

/**
 * Parses a family file (resources/training/*.txt). Lines starting with `# ` and blank lines are skipped. `source: Name`
 * and `[Label]` apply to all messages after them. Every other line is a message.
 * @param file the name to use in errors
 * @param labels the names of the labels in the label file
 * @throws DataError when a message has no source or no label before it, or a label is misspelt; the message names the line
 */
export function parseFamily(text: string, file: string, labels: ReadonlySet<string>): SourceLine[] {
  let source: string | undefined;
  let label: string | undefined;
  const lines: SourceLine[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const location = `${file}:${index + 1}`;
    const [, sourceName] = SOURCE.exec(content) ?? [];
    const [, labelName] = LABEL.exec(content) ?? [];
    if (content.trim() === '' || content.startsWith('# ')) continue;
    if (sourceName !== undefined) source = sourceName.trim();
    else if (labelName !== undefined && labels.has(labelName)) label = labelName;
    else if (isMisspelt(labelName, labels))
      throw new DataError(
        `${location}: [${labelName}] is not a label of the label file. Check its spelling.`,
      );
    else if (source === undefined)
      throw new DataError(`${location}: this message has no "source: Name" before it.`);
    else if (label === undefined)
      throw new DataError(`${location}: this message has no [Label] of the label file before it.`);
    else lines.push({ source, label, pattern: content, line: index + 1 });
  }
  return lines;
}

/** A message may consist of a word in brackets, too. It is like no label. */
function isMisspelt(name: string | undefined, labels: ReadonlySet<string>): name is string {
  return name !== undefined && nearestName(name, [...labels]) !== undefined;
}
