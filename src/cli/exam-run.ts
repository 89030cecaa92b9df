import { access, constants, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { examSize, takeExam, type ExamInput, type WrappersInput } from '../evaluation/exam/exam.js';
import type { Half } from '../evaluation/exam/exam-part.js';
import { readWrappers } from '../evaluation/exam/wrappers.js';
import { examText } from '../evaluation/render/exam-text.js';
import { makeFolder } from '../files/make-folder.js';
import { readRegularText } from '../files/regular-file.js';
import { writeFileAtomically } from '../files/write-file-atomically.js';
import { readExamFile } from '../labelled-data/exam-csv.js';
import { DataError } from '../labelled-data/labelled-csv.js';
import { forOption, runCommand, UsageError, wholeNumber, type ExitCode } from './command.js';
import type { EvaluateSettings } from './evaluate-run.js';
import type { Terminal } from './terminal.js';
import { ProgressLine } from './progress-line.js';

/** The settings and the services that the command uses. */
export type ExamSettings = Pick<EvaluateSettings, 'maxCellChars' | 'openClassifier'>;

const USAGE =
  'Usage: npm run exam -- FOLDER [FOLDER...] [--head head.json] [--out folder] [--mistakes 10] ' +
  '[--split program [--only A|B]]';

const HELP = `Measures the classifier, without the LLM, on all labelled CSV files of some folders.

Options:
  --head <head.json> the head to measure (default: HEAD_FILE)
  --out <folder>     write the figures to exam.json in this folder
  --mistakes <N>     show up to N mistakes of each file (default: 0)
  --split program    halve each file by its programs; --only A or --only B takes one half
  -h, --help         show this help

Examples:
  log-classifier exam resources/exam
  log-classifier exam my_folder --head my_head.json --mistakes 10`;

/** The file in `--out` with the figures. */
const REPORT_FILE = 'exam.json';

/** A folder may have a file with this name beside its CSV files. */
const WRAPPERS_FILE = 'wrappers.json';

/**
 * Measures the complete classifier, without the LLM, on all labelled CSV files of some folders and prints one table.
 * @returns the exit code, see ExitCode
 * @throws errors that neither the arguments nor a file caused
 */
export async function runExam(
  args: readonly string[],
  settings: ExamSettings,
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
  folders: string[];
  head: string | undefined;
  out: string | undefined;
  mistakes: number;
  split: boolean;
  only: Half | undefined;
}

function parseOptions(args: readonly string[]): Options {
  const options = {
    head: { type: 'string' },
    out: { type: 'string' },
    mistakes: { type: 'string', default: '0' },
    split: { type: 'string' },
    only: { type: 'string' },
  } as const;
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  const { head, out, mistakes, split, only } = parsed.values;
  if (parsed.positionals.length === 0) throw new UsageError('Name a folder with labelled CSV files.');
  const mistakeCount = wholeNumber('--mistakes', mistakes, 'six');
  if (split !== undefined && split !== 'program') {
    throw new UsageError(`--split must be "program", got "${split}".`);
  }
  if (only !== undefined && only !== 'A' && only !== 'B') {
    throw new UsageError(`--only must be A or B, got "${only}".`);
  }
  if (only !== undefined && split === undefined) throw new UsageError('--only needs --split program.');
  return {
    folders: parsed.positionals,
    head: head === undefined ? undefined : resolve(head),
    out: out === undefined ? undefined : resolve(out),
    mistakes: mistakeCount,
    split: split !== undefined,
    only,
  };
}

async function measure(options: Options, settings: ExamSettings, terminal: Terminal): Promise<void> {
  const { head, out } = options;
  const { inputs, wrappers } = await readFolders(options.folders, settings, (warning) =>
    terminal.err.write(`Warning: ${warning}\n`),
  );
  if (head !== undefined) await forOption('--head', () => access(head, constants.R_OK));
  if (out !== undefined) await forOption('--out', () => checkOut(out));
  const progress = new ProgressLine(terminal.err);
  const total = examSize(inputs, wrappers);
  const classifier = await settings.openClassifier({ head, llm: false });
  try {
    const report = await takeExam(inputs, wrappers, classifier, {
      ...options,
      onProgress: (done) => progress.update('classifying', done, total),
    });
    progress.end();
    terminal.out(examText(report));
    if (out === undefined) return;
    const file = join(out, REPORT_FILE);
    await writeFileAtomically(file, `${JSON.stringify({ kind: 'exam', ...report }, null, 2)}\n`);
    terminal.out(`\nReport: ${file}`);
  } finally {
    await classifier.close();
  }
}

/**
 * Reads the labelled CSV files and the wrappers files of the folders, in the order of their names.
 * @throws DataError when a file is malformed, or when no file is labelled
 */
async function readFolders(
  folders: readonly string[],
  settings: ExamSettings,
  warn: (warning: string) => void,
): Promise<{ inputs: ExamInput[]; wrappers: WrappersInput[] }> {
  const [inputs, wrappers]: [ExamInput[], WrappersInput[]] = [[], []];
  for (const folder of folders) {
    for (const name of (await readdir(folder)).sort()) {
      const file = join(folder, name);
      if (name === WRAPPERS_FILE) wrappers.push({ file, content: await readWrappers(file) });
      if (!/\.csv$/i.test(name)) continue;
      const data = await readExamFile(file, settings);
      if (data === undefined) {
        warn(`${file} has no column "expected" or "target_label" and is skipped.`);
        continue;
      }
      if (data.unlabelled.length > 0)
        warn(`${file}: Rows without a label, skipped: ${data.unlabelled.length}.`);
      inputs.push({ file, sha256: data.sha256, records: data.records });
    }
  }
  if (inputs.length + wrappers.length === 0) {
    throw new DataError(`No labelled CSV file and no ${WRAPPERS_FILE} found in: ${folders.join(', ')}.`);
  }
  return { inputs, wrappers };
}

/**
 * Creates the folder and checks that the report can be written. Called before the exam, which may take minutes.
 * @throws DataError when the report would overwrite a file that is not a report of this command
 * @throws the system's error when the folder cannot be created or written to
 */
async function checkOut(folder: string): Promise<void> {
  await makeFolder(folder);
  await access(folder, constants.W_OK | constants.X_OK);
  if (!(await readdir(folder)).includes(REPORT_FILE)) return;
  const text = await readRegularText(join(folder, REPORT_FILE)).catch(() => '');
  if (text.includes('"kind": "exam"')) return;
  throw new DataError(
    `--out is ${folder}, where ${REPORT_FILE} is not a report and would be overwritten. ` +
      'Remove it or name another folder.',
  );
}
