import { openClassifier, type OpenClassifier } from '../../classifier/open.js';
import type { Config } from '../../config.js';
import { createAnswerWriter } from '../../formats/answer.js';
import type { AnswerKind, AnswerWriter, FormatName } from '../../formats/format.js';
import type { Warning } from '../../formats/warnings.js';
import { DataError } from '../../labelled-data/labelled-csv.js';
import { answerStyle } from '../../pipeline/answer-style.js';
import { labelInput } from '../../pipeline/label-input.js';
import { isTrue } from '../../pipeline/label-parameters.js';
import { openUpload, type OpenedUpload, type OpenUploadOptions } from '../../pipeline/open-upload.js';
import { createReadOptions } from '../../pipeline/read-options.js';
import { UsageError } from '../command.js';
import { errorLogger } from '../error-logger.js';
import type { ClassifyOptions } from './classify-options.js';
import { openCommandInput, type CommandInput } from './command-input.js';
import { openCommandOutput } from './command-output.js';
import type { Interrupts } from './interrupt.js';
import { liveSession } from './live-session.js';
import { noProgress, openProgressBar, type Progress } from './progress-bar.js';
import { checkLabels, onlyLabels } from './selected-rows.js';
import { Summary } from './summary.js';
import { terminalAnswer, wantsColours } from './terminal-answer.js';

/** What the labelling of each file needs. */
interface Labelling {
  options: ClassifyOptions;
  config: Config;
  classifier: OpenClassifier;
  interrupts: Interrupts;
  readOptions: OpenUploadOptions;
  summary: Summary | undefined;
}

/**
 * Labels the files in their order, each completely before the next one.
 * @throws UsageError for an unknown label, and for an answer that cannot share its output
 * @throws AppError, DataError and errors of the system for an input or output that cannot be used
 * @throws OutputClosed, Interrupted
 */
export async function labelFiles(
  options: ClassifyOptions,
  config: Config,
  interrupts: Interrupts,
): Promise<void> {
  const classifier = await openClassifier(config, { logger: errorLogger, llm: true, watch: false });
  try {
    checkLabels(options.labels, classifier.possibleLabels.names);
    const summary = options.summary ? new Summary() : undefined;
    const readOptions = createReadOptions(config, undefined)(options.parameters);
    const labelling = { options, config, classifier, interrupts, readOptions, summary };
    for (const file of options.files) {
      if (!interrupts.end.aborted) await labelFile(file, labelling);
    }
    if (summary) process.stderr.write(summary.text());
  } finally {
    await classifier.close();
  }
}

async function labelFile(file: string, labelling: Labelling): Promise<void> {
  const { options, interrupts, readOptions } = labelling;
  const { follow } = options;
  const commandInput = await openCommandInput(file, { follow, end: interrupts.end });
  interrupts.isLive = commandInput.isLive;
  const progress = await progressOf(file, commandInput, options);
  try {
    const opened = await openUpload(
      { ...commandInput, bytes: progress.bytes(commandInput.bytes) },
      {
        ...readOptions,
        // An input without end has no size.
        ...(commandInput.isLive ? { maxUnpackedBytes: Infinity } : {}),
        ...(follow ? { onFormat: refuseToFollow } : {}),
        signal: interrupts.abort,
      },
    );
    await labelOpened(opened, commandInput, progress, labelling);
  } finally {
    progress.stop();
  }
}

async function labelOpened(
  opened: OpenedUpload,
  { fileName, isLive }: CommandInput,
  progress: Progress,
  { options, config, classifier, interrupts, summary }: Labelling,
): Promise<void> {
  const { input } = opened;
  const kind = options.format ?? input.answerKind;
  try {
    refuseToShare(opened, options);
    const output = await openCommandOutput(options.output, fileName, kind, interrupts.abort);
    try {
      const llm = options.parameters.llm !== 'off';
      const sessionOptions = { signal: interrupts.abort, priority: 'interactive', llm } as const;
      const session = isLive
        ? liveSession(classifier, sessionOptions, config.llmDeadlineMs)
        : classifier.session(sessionOptions);
      const written = writerOf(opened, kind, fileName !== undefined, options, classifier);
      const writer = counted(onlyLabels(written, options.labels), progress, summary);
      const inputWarnings = (): ReturnType<OpenedUpload['warnings']> => opened.warnings();
      const info = await labelInput({ input, session, writer, inputWarnings }, (text) => output.write(text));
      await output.commit();
      progress.stop();
      showWarnings(
        info.warnings,
        input.counts.skipped.first.map(({ line }) => line),
      );
    } finally {
      await output.discard();
    }
  } finally {
    await input.close();
  }
}

/** Whether rows are shown to a person instead of written for a program. */
function isForPerson({ input }: OpenedUpload, { output, format }: ClassifyOptions): boolean {
  return process.stdout.isTTY && output === undefined && format === undefined && input.format === 'lines';
}

function writerOf(
  opened: OpenedUpload,
  kind: AnswerKind,
  isForm: boolean,
  options: ClassifyOptions,
  classifier: OpenClassifier,
): AnswerWriter {
  const { parameters } = options;
  if (!isForPerson(opened, options))
    return createAnswerWriter(opened.input, kind, answerStyle(parameters, opened, isForm));
  return terminalAnswer({
    labels: classifier.possibleLabels.names,
    colours: wantsColours(process.env),
    details: isTrue(parameters.details) ?? false,
  });
}

/** @throws DataError for a format that has an end, or whose reader waits for more than a line */
function refuseToFollow(format: FormatName): void {
  if (format === 'lines' || format === 'ndjson') return;
  throw new DataError(
    `The file reads as ${format}. --follow reads plain lines and NDJSON. Add --input-format lines or ndjson if it is a log.`,
  );
}

/** @throws UsageError for an answer that cannot be in one output with others */
function refuseToShare(opened: OpenedUpload, options: ClassifyOptions): void {
  const { input } = opened;
  const isMixed = options.files.length > 1 && options.output === undefined && options.format !== 'ndjson';
  if (!isMixed || isForPerson(opened, options) || input.answerKind === 'ndjson') return;
  throw new UsageError(
    `Several FILEs can share one output as NDJSON only, and this one reads as ${input.format}. Add --format ndjson, or name an existing folder with -o.`,
  );
}

/** Returns a writer that also counts the rows that it receives. */
function counted(writer: AnswerWriter, progress: Progress, summary: Summary | undefined): AnswerWriter {
  return {
    mediaType: writer.mediaType,
    begin: () => writer.begin(),
    chunk(chunk, labels) {
      progress.rows(labels.length);
      summary?.add(chunk.records, labels);
      return writer.chunk(chunk, labels);
    },
    end: (warnings) => writer.end(warnings),
  };
}

/** Shows a bar for a file, unless rows appear on the same terminal. */
async function progressOf(
  file: string,
  { size }: CommandInput,
  { output }: ClassifyOptions,
): Promise<Progress> {
  const showsRows = output === undefined && process.stdout.isTTY;
  if (size === undefined || !process.stderr.isTTY || showsRows) return noProgress;
  return await openProgressBar(file === '-' ? 'standard input' : file, size);
}

function showWarnings(warnings: readonly Warning[], skippedLines: readonly number[]): void {
  for (const { code, count, value, message } of warnings) {
    const lines =
      code === 'rows-skipped' && skippedLines.length > 0 ? ` Lines: ${skippedLines.join(', ')}.` : '';
    process.stderr.write(`Warning (${code}: ${value ?? count}): ${message}${lines}\n`);
  }
}
