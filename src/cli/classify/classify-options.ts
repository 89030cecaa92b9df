import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { answerName } from '../../formats/answer-name.js';
import type { AnswerKind } from '../../formats/format.js';
import { labelParametersSchema, type LabelParameters } from '../../pipeline/label-parameters.js';
import { UsageError } from '../command.js';

/** What `log-classifier classify` is to do. */
export interface ClassifyOptions {
  /** The inputs; `-` is standard input. At least one. */
  files: string[];
  /** The file or folder of the answers; undefined for standard output. */
  output: string | undefined;
  /** The format of the answers; undefined for that of the input. */
  format: AnswerKind | undefined;
  parameters: LabelParameters;
  /** Only rows with one of these labels are shown; all if it is empty. */
  labels: string[];
  summary: boolean;
  follow: boolean;
}

const EXAMPLES = `
FILE may be a table, plain lines, JSON or an Excel workbook, also compressed. Without FILE, or for
"-", the input is standard input. The answers are those of the server: POST /classify. A terminal
shows plain lines as label, confidence and line.

Warnings and the summary go to standard error. The exit code is 0, 1 for an input that cannot be
read, and 2 for wrong arguments. Settings come from the environment and the file .env.

Examples:
  log-classifier classify app.log
  log-classifier classify logs.csv -o labelled.csv --details
  log-classifier classify var/*.log.gz -o labelled/ --summary
  kubectl logs -f web | log-classifier classify --label 'Security Alert'
  log-classifier classify --follow /var/log/nginx/error.log --source nginx`;

/** Defines name, arguments and options of the command. */
export function defineClassify(command: Command): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return command
    .name('log-classifier classify')
    .description('Labels log lines without a server.')
    .argument('[FILE...]', 'the inputs')
    .option('-o, --output <OUT>', 'the file of the answer, or a folder for several answers')
    .option(
      '-m, --message-column <COLUMN>',
      'the column or JSON field with the message: name, number or path',
    )
    .option('-s, --source-column <COLUMN>', 'the column or JSON field with the source')
    .option('--source <NAME>', 'the source of all records')
    .option('--input-format <FORMAT>', 'auto, csv, lines, ndjson, json or xlsx', 'auto')
    .option('--format <FORMAT>', 'the format of the answer: same, csv, ndjson or json', 'same')
    .option('--details', 'add tier, confidence, rule and note')
    .option('--on-error <WHAT>', 'what to do with records that cannot be read: fail or skip', 'fail')
    .option('--encoding <NAME>', 'the encoding of the input, if it is guessed wrongly')
    .option('--sheet <SHEET>', 'the sheet of a workbook: its name or number')
    .option('--multiline <on|off>', 'whether lines that continue a record belong to it', 'on')
    .option('--llm <on|off>', 'whether lines may be sent to the LLM', 'on')
    .option('--label <LABEL>', 'show rows with this label only; may be repeated', collect, [])
    .option('--summary', 'show counts by label and the largest templates at the end')
    .option('--follow', 'label the file, then go on as it grows or is rotated, until Ctrl-C')
    .addHelpText('after', EXAMPLES);
}

/** The options as commander returns them. */
interface Given extends Record<string, string | boolean | string[] | undefined> {
  output?: string;
  format: string;
  label: string[];
  summary?: boolean;
  follow?: boolean;
  details?: boolean;
  inputFormat: string;
}

/**
 * Checks the values of the options and what does not go together.
 * @throws UsageError that names the option
 */
export async function checkedOptions(command: Command, isTerminal: boolean): Promise<ClassifyOptions> {
  const given = command.opts<Given>();
  const options: ClassifyOptions = {
    files: command.args.length === 0 ? ['-'] : command.args,
    output: given.output === '-' ? undefined : given.output,
    format: formatOf(given.format),
    parameters: parametersOf(given),
    labels: given.label,
    summary: given.summary === true,
    follow: given.follow === true,
  };
  if (options.follow) refuseToFollow(options);
  if (options.files.length > 1) await refuseToMix(options, isTerminal);
  return options;
}

function formatOf(format: string): AnswerKind | undefined {
  if (format === 'same') return undefined;
  if (format === 'csv' || format === 'ndjson' || format === 'json') return format;
  throw new UsageError(`--format must be same, csv, ndjson or json, got "${format}".`);
}

/** The option of each parameter, as commander names it. */
const PARAMETERS = {
  message_column: 'messageColumn',
  source_column: 'sourceColumn',
  source: 'source',
  encoding: 'encoding',
  on_error: 'onError',
  input_format: 'inputFormat',
  multiline: 'multiline',
  sheet: 'sheet',
  llm: 'llm',
} as const;

function parametersOf(given: Given): LabelParameters {
  const entries = Object.entries(PARAMETERS).map(([name, option]) => [name, given[option]]);
  const values = Object.fromEntries(entries) as Record<string, unknown>;
  if (given.inputFormat === 'auto') values.input_format = undefined;
  if (given.details === true) values.details = 'true';
  const parsed = labelParametersSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  const option = `--${name.replaceAll('_', '-')}`;
  throw new UsageError(`${option} ${issue?.message ?? 'is invalid'}, got "${String(values[name])}".`);
}

/** @throws UsageError for what cannot be followed */
function refuseToFollow({ files, output, format, parameters }: ClassifyOptions): void {
  if (files.length > 1 || files[0] === '-') throw new UsageError('--follow needs one FILE.');
  if (output !== undefined)
    throw new UsageError(
      '--follow has no end, so -o would never be complete. Redirect the output with > instead.',
    );
  const format_ = parameters.input_format ?? 'lines';
  if (format_ !== 'lines' && format_ !== 'ndjson')
    throw new UsageError('--follow reads plain lines and NDJSON. --input-format may be lines or ndjson.');
  if (format === 'json')
    throw new UsageError('--follow has no end, so --format json would never be complete.');
}

/** @throws UsageError if several answers would go into one output that cannot hold them */
async function refuseToMix({ files, output, format }: ClassifyOptions, isTerminal: boolean): Promise<void> {
  if (files.filter((file) => file === '-').length > 1)
    throw new UsageError('Standard input (-) can be read only once.');
  if (output !== undefined && (await isFolder(output))) {
    const names = files.map((file) => answerName(basename(file), 'csv'));
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice === undefined) return;
    throw new UsageError(`Several FILEs would be answered as ${twice} in ${output}. Answer them one by one.`);
  }
  if (format === 'ndjson' || (output === undefined && format === undefined && isTerminal)) return;
  throw new UsageError(
    'Several FILEs can share one output as NDJSON only. Add --format ndjson, or name an existing folder with -o.',
  );
}

/** Whether a path leads to a folder. */
export async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() === true;
}
