import { DataError } from '../../labelled-data/labelled-rows.js';

/** A line of a family file: one or, with alternatives, several events of one system and label. */
export interface SourceLine {
  source: string;
  label: string;
  /** The message with its slots and alternatives, see pattern.ts. */
  pattern: string;
  /** Where it stands in the file, from 1. */
  line: number;
}

const SOURCE = /^source: *(.+)$/;
const LABEL = /^\[(.+)\]$/;

/**
 * Reads the text of a family file (resources/training/*.txt): `# comment`, `source: Name` and `[Label]` say
 * what the messages after them belong to; every other line that is not blank is a message.
 * @param file named in errors
 * @throws DataError naming the line of a message without a source, without a label or with a label not known
 */
export function parseFamily(text: string, file: string, labels: ReadonlySet<string>): SourceLine[] {
  let source: string | undefined;
  let label: string | undefined;
  const lines: SourceLine[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    const [, named] = SOURCE.exec(content) ?? [];
    const [, labelled] = LABEL.exec(content) ?? [];
    if (content.trim() === '' || content.startsWith('# ')) continue;
    if (named !== undefined) source = named.trim();
    else if (labelled !== undefined && labels.has(labelled)) label = labelled;
    else if (source === undefined)
      throw new DataError(`${place}: no "source: Name" stands before this message.`);
    else if (label === undefined)
      throw new DataError(`${place}: no [Label] of the catalogue stands before this.`);
    else lines.push({ source, label, pattern: content, line: index + 1 });
  }
  return lines;
}
