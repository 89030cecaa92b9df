import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { toTemplate } from '../../classifier/template/template.js';
import { versionOf } from '../../classifier/version-of.js';
import { DataError } from '../../labelled-data/labelled-csv.js';
import { seededRandom } from '../../math/random.js';
import { parseFamily } from './family-file.js';
import { expandPattern } from './pattern.js';

/** A row of resources/training_logs.csv. */
export interface TrainingRow {
  source: string;
  log_message: string;
  target_label: string;
  /** The name of the family file, without its extension: the kind of system. */
  family: string;
}

/**
 * Generates the training rows from the family files of a folder, in the order of the file names. Generates only the
 * first row of each template. The result is the same every time.
 * @param labels the names of the labels in the label file
 * @throws DataError when a file is malformed or a template has two labels; the message names file and line
 */
export async function generateRows(dir: string, labels: ReadonlySet<string>): Promise<TrainingRow[]> {
  const byTemplate = new Map<string, { row: TrainingRow; location: string }>();
  const files = (await readdir(dir)).filter((name) => name.endsWith('.txt')).sort();
  for (const name of files) {
    const family = name.slice(0, -'.txt'.length);
    const text = await readFile(join(dir, name), 'utf8');
    for (const { source, label, pattern, line } of parseFamily(text, name, labels)) {
      const location = `${name}:${line}`;
      for (const message of expand(pattern, location)) {
        const template = toTemplate(message);
        const earlier = byTemplate.get(template);
        if (earlier && earlier.row.target_label !== label) {
          throw new DataError(
            `${location} [${label}] has the same template as ${earlier.location} ` +
              `[${earlier.row.target_label}]. Give both the same label, or change a message: ${template}`,
          );
        }
        const row = { source, log_message: message, target_label: label, family };
        if (!earlier) byTemplate.set(template, { row, location });
      }
    }
  }
  return [...byTemplate.values()].map(({ row }) => row);
}

/** The seed depends on the location, so that files do not share the same made-up values line by line. */
function expand(pattern: string, location: string): string[] {
  try {
    return expandPattern(pattern, seededRandom(Number.parseInt(versionOf(location).slice(0, 8), 16)));
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${location}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Returns the rows as CSV, the text of resources/training_logs.csv. */
export function toCsv(rows: readonly TrainingRow[]): string {
  return Papa.unparse([...rows], { newline: '\n' }) + '\n';
}
