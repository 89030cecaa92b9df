import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { toTemplate } from '../../classifier/template/template.js';
import { versionOf } from '../../classifier/version-of.js';
import { DataError } from '../../labelled-data/labelled-rows.js';
import { seededRandom } from '../../math/random.js';
import { parseFamily } from './family-file.js';
import { expandPattern } from './pattern.js';

/** A training line as the CSV has it. */
export interface TrainingRow {
  source: string;
  log_message: string;
  target_label: string;
  /** The file that it comes from: the kind of system. */
  family: string;
}

/**
 * Makes the training lines from the family files of a folder, in the order of the files' names, the same ones
 * every time. A template that came before is left out; under two labels it is a mistake.
 * @throws DataError naming file and line for a file that does not fit or a template with two labels
 */
export async function generateRows(dir: string, labels: ReadonlySet<string>): Promise<TrainingRow[]> {
  const rows = new Map<string, TrainingRow & { place: string }>();
  const files = (await readdir(dir)).filter((name) => name.endsWith('.txt')).sort();
  for (const name of files) {
    const family = name.slice(0, -'.txt'.length);
    for (const { source, label, pattern, line } of parseFamily(
      await readFile(join(dir, name), 'utf8'),
      name,
      labels,
    )) {
      const place = `${name}:${line}`;
      for (const message of expand(pattern, place)) {
        const template = toTemplate(message);
        const known = rows.get(template);
        if (known && known.target_label !== label) {
          throw new DataError(
            `${place} [${label}] has the same template as ${known.place} [${known.target_label}]: ${template}`,
          );
        }
        if (!known) rows.set(template, { source, log_message: message, target_label: label, family, place });
      }
    }
  }
  return [...rows.values()].map(({ source, log_message, target_label, family }) => ({
    source,
    log_message,
    target_label,
    family,
  }));
}

/** Places have made-up values of their own, so that no name stands at the same line of many families. */
function expand(pattern: string, place: string): string[] {
  try {
    return expandPattern(pattern, seededRandom(Number.parseInt(versionOf(place).slice(0, 8), 16)));
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${place}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The rows as the text of resources/training_logs.csv. */
export function toCsv(rows: readonly TrainingRow[]): string {
  return Papa.unparse([...rows], { newline: '\n' }) + '\n';
}
