import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport } from '../evaluate.js';
import { NotRegularFileError, readRegularText } from '../../files/regular-file.js';
import { writeFileAtomically } from '../../files/write-file-atomically.js';
import type { MeasuredData } from './headline.js';
import { htmlReport, type PageContext } from './html-report.js';
import { markdownReport } from './markdown-report.js';
import { toSections } from './sections.js';

/** What a report consists of, the figures first, which an interrupted one has too. */
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
 * A file in a folder that has the name of one of a report's though there is no report; undefined if there is none.
 * @throws the system's error
 */
export async function foreignFile(folder: string): Promise<string | undefined> {
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
 * Writes evaluation.json, evaluation.md, the pictures as SVG and evaluation.html into a folder, each file whole or
 * not at all.
 * @returns the path of the page, which is written last
 * @throws the system's error
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

/** The report as numbers. There is no date in it: equal figures give equal bytes. */
function jsonReport(report: EvaluationReport, data: MeasuredData): string {
  return `${JSON.stringify({ data, ...report }, null, 2)}\n`;
}
