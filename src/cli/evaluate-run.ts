import { access, constants } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from '../files/make-folder.js';
import type { Classifier } from '../classifier/types.js';
import { DataError, readLabelledFile } from '../labelled-data/labelled-csv.js';
import { evaluate } from '../evaluation/evaluate.js';
import type { MeasurableClassifier } from '../evaluation/classified-records.js';
import { evaluationText } from '../evaluation/render/evaluation-text.js';
import { findForeignFile, writeReport } from '../evaluation/render/write-report.js';
import { forOption, runCommand, UsageError, type ExitCode } from './command.js';
import type { Terminal } from './terminal.js';
import { ProgressLine } from './progress-line.js';

/** The settings and the services that the command uses. */
export interface EvaluateSettings {
  /** The most characters that a cell of the CSV may have. */
  maxCellChars: number;
  /**
   * Opens the classifier to measure.
   * @param options.head the path of the head's file; undefined for the head in use
   * @param options.llm whether lines may be sent to the LLM
   */
  openClassifier: (options: {
    head: string | undefined;
    llm: boolean;
  }) => Promise<Pick<Classifier, 'close'> & MeasurableClassifier>;
  /** Returns the current time. The report shows its date in UTC. */
  now: () => Date;
}

const USAGE = 'Usage: npm run evaluate -- --data labelled.csv [--head head.json] [--out reports] [--llm]';

const HELP = `Measures the classifier on a CSV with source, log_message and target_label, and writes a report.

Options:
  --data <file.csv>  the labelled lines
  --head <head.json> the head to measure (default: HEAD_FILE)
  --out <folder>     the folder of the report (default: reports)
  --llm              send lines of LLM_SOURCES to the LLM, too
  -h, --help         show this help

Examples:
  log-classifier evaluate --data my_test.csv
  log-classifier evaluate --data my_test.csv --head my_head.json --out my_report`;

/**
 * Measures the complete classifier on a labelled CSV and writes a report into a folder. Without `--llm`, it sends no
 * lines to the LLM.
 * @returns the exit code, see ExitCode
 * @throws errors that neither the arguments nor a file caused
 */
export async function runEvaluate(
  args: readonly string[],
  settings: EvaluateSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  return runCommand({
    usage: USAGE,
    help: HELP,
    args,
    parse: () => parseOptions(args),
    work: (options) => measure(options, settings, terminal),
    showError: (text) => terminal.err.write(`${text}\n`),
  });
}

interface Options {
  data: string;
  head: string | undefined;
  out: string;
  llm: boolean;
}

function parseOptions(args: readonly string[]): Options {
  const options = {
    data: { type: 'string' },
    head: { type: 'string' },
    out: { type: 'string', default: 'reports' },
    llm: { type: 'boolean', default: false },
  } as const;
  const { data, head, out, llm } = parseArgs({ args: [...args], options }).values;
  if (data === undefined) throw new UsageError('--data is missing. Name a CSV file with labelled lines.');
  return { data, head: head === undefined ? undefined : resolve(head), out: resolve(out), llm };
}

async function measure(
  { data, head, out, llm }: Options,
  settings: EvaluateSettings,
  terminal: Terminal,
): Promise<void> {
  const { records, unlabelled, sha256 } = await forOption('--data', () => readLabelledFile(data, settings));
  if (unlabelled.length > 0) {
    terminal.err.write(`Warning: Rows skipped, because they have no target_label: ${unlabelled.length}.\n`);
  }
  if (head !== undefined) await forOption('--head', () => access(head, constants.R_OK));
  await forOption('--out', () => checkOut(out));
  const progress = new ProgressLine(terminal.err);
  const classifier = await settings.openClassifier({ head, llm });
  try {
    const report = await evaluate(records, classifier, (done) =>
      progress.update('classifying', done, records.length),
    );
    progress.end();
    terminal.out(evaluationText(report));
    const page = await writeReport(out, report, {
      data: { file: basename(data), sha256 },
      measuredOn: settings.now().toISOString().slice(0, 10),
    });
    terminal.out(`\nReport: ${page}`);
  } finally {
    await classifier.close();
  }
}

/**
 * Creates the folder and checks that the report can be written. Called before the evaluation, which may take minutes.
 * @throws DataError when the report would overwrite a file that is not part of a report
 * @throws the system's error when the folder cannot be created or written to
 */
async function checkOut(folder: string): Promise<void> {
  await makeFolder(folder);
  await access(folder, constants.W_OK | constants.X_OK);
  const file = await findForeignFile(folder);
  if (file !== undefined) {
    throw new DataError(
      `--out is ${folder}, where ${file} is not part of a report and would be overwritten. ` +
        'Remove it or name another folder.',
    );
  }
}
