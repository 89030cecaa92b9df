import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport } from '../evaluate.js';
import { NotRegularFileError, readRegularText } from '../../files/regular-file.js';
import { writeFileAtomically } from '../../files/write-file-atomically.js';
import type { MeasuredData } from './headline.js';
import { htmlReport, type PageContext } from './html-report.js';
import { markdownReport } from './markdown-report.js';
import { toSections } from './sections.js';

/** The files of a report, in the order of writing. An interrupted report has at least the first one. */
const REPORT_FILES = [
  'evaluation.json',
  'evaluation.md',
  'evaluation.html',
  'confusion-matrix.svg',
  'labels.svg',
  'confidence.svg',
  'threshold.svg',
];

/**
 * Returns a file that a report would overwrite although the folder has no report; undefined if there is none.
 * @throws the system's error when the folder cannot be read
 */
export async function findForeignFile(folder: string): Promise<string | undefined> {
  const names = new Set(await readdir(folder));
  const [figures = ''] = REPORT_FILES;
  const isReport = names.has(figures) && (await isFigures(join(folder, figures)));
  return isReport ? undefined : REPORT_FILES.find((name) => names.has(name));
}

async function isFigures(file: string): Promise<boolean> {
  try {
    return (await readRegularText(file)).includes('"riskCoverage"');
  } catch (error) {
    if (error instanceof NotRegularFileError) return false;
    throw error;
  }
}

/**
 * Writes the files of a report into a folder, each of them atomically.
 * @returns the path of evaluation.html, which is written last
 * @throws the system's error when a file cannot be written
 */
export async function writeReport(
  folder: string,
  report: EvaluationReport,
  context: PageContext,
): Promise<string> {
  const page = join(folder, 'evaluation.html');
  await writeFileAtomically(join(folder, 'evaluation.json'), jsonReport(report, context.data));
  await writeFileAtomically(join(folder, 'evaluation.md'), markdownReport(report, context.data));
  for (const { id, picture } of toSections(report)) {
    if (picture) await writeFileAtomically(join(folder, `${id}.svg`), picture.svg);
  }
  await writeFileAtomically(page, htmlReport(report, context));
  return page;
}

/** Returns the report as JSON. It has no date: equal figures make equal bytes. */
function jsonReport(report: EvaluationReport, data: MeasuredData): string {
  return `${JSON.stringify({ data, ...report }, null, 2)}\n`;
}
