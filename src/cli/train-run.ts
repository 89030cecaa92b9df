import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Encoder } from '../classifier/embedding/encoder.js';
import {
  assertHeadFits,
  HeadFileError,
  loadHead,
  parseHead,
  type Head,
} from '../classifier/embedding/head.js';
import { loadLabels } from '../classifier/labels.js';
import { NotRegularFileError, readRegularText } from '../files/regular-file.js';
import { TEMPLATE_VERSION } from '../classifier/template/template.js';
import { DataError, readLabelledFile } from '../labelled-data/labelled-csv.js';
import { backgroundFor } from '../training/background.js';
import { toDataset } from '../training/dataset.js';
import { openEmbeddingStore, type EmbeddingStore } from '../training/embedding-store.js';
import { serialiseHead, writeHead } from '../training/head-writer.js';
import { labelOrdinary, ordinaryTemplates } from '../training/ordinary-lines.js';
import { trainHead } from '../training/train.js';
import { backgroundText, ordinaryText, trainingText } from './training-text.js';
import { forOption, runCommand, wholeNumber, type ExitCode } from './command.js';
import type { Terminal } from './terminal.js';
import { ProgressLine } from './progress-line.js';

/** The settings and the services that the command uses. */
export interface TrainSettings {
  /** Default of `--data`. */
  dataFile: string;
  /** The shipped lines: the source of `Unclassified` lines and of ordinary lines to try the new head on. */
  shippedFile: string;
  /** The head in use: default of `--out`, and the head that the new one is compared with. */
  headFile: string;
  labelsFile: string;
  /** Folder in which embeddings are kept between runs. */
  cacheDir: string;
  maxCellChars: number;
  openEncoder: () => Promise<Encoder>;
  /** Returns the SHA-256 of the encoder's files, see EmbeddingSource. */
  hashEncoder: () => Promise<string>;
}

const USAGE =
  'Usage: npm run train -- [--data labelled.csv] [--base more.csv] [--out head.json] [--seed 1] [--no-unclassified]';

const HELP = `Trains a head on a CSV with source, log_message and target_label, and shows its figures.

Options:
  --data <file.csv>  your labelled lines (default: the shipped ones)
  --base <file.csv>  more labelled lines, such as the shipped ones
  --out <head.json>  the file of the new head (default: HEAD_FILE)
  --seed <N>         the seed of the random split (default: 1)
  --no-unclassified  do not add shipped Unclassified lines to data without this label
  -h, --help         show this help

Examples:
  log-classifier train --data my_labelled.csv --out my_head.json
  log-classifier train --data my_labelled.csv --base resources/training_logs.csv --out my_head.json`;

/**
 * Trains a head on a labelled CSV and writes it.
 * @returns the exit code, see ExitCode
 */
export async function runTrain(
  args: readonly string[],
  settings: TrainSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  return runCommand({
    usage: USAGE,
    help: HELP,
    args,
    parse: () => parseOptions(args, settings),
    work: (options) => train(options, settings, terminal),
    showError: (text) => terminal.err.write(`${text}\n`),
  });
}

interface Options {
  data: string;
  base: string | undefined;
  out: string;
  seed: number;
  /** Whether shipped `Unclassified` lines are added to data without this label. */
  addUnclassified: boolean;
}

function parseOptions(args: readonly string[], settings: TrainSettings): Options {
  const options = {
    data: { type: 'string', default: settings.dataFile },
    base: { type: 'string' },
    out: { type: 'string', default: settings.headFile },
    seed: { type: 'string', default: '1' },
    'no-unclassified': { type: 'boolean', default: false },
  } as const;
  const { data, base, out, seed, ...flags } = parseArgs({ args: [...args], options }).values;
  return {
    data,
    base,
    out: resolve(out),
    seed: wholeNumber('--seed', seed, 'nine'),
    addUnclassified: !flags['no-unclassified'],
  };
}

async function train(
  { data, base, out, seed, addUnclassified }: Options,
  settings: TrainSettings,
  terminal: Terminal,
): Promise<void> {
  await forOption('--out', () => checkOut(out, [data, ...(base === undefined ? [] : [base])]));
  const dataRows = await forOption('--data', () => readLabelledFile(data, settings));
  const baseRows =
    base === undefined ? undefined : await forOption('--base', () => readLabelledFile(base, settings));
  const shipped = await readLabelledFile(settings.shippedFile, settings);
  const ownRows = [dataRows, ...(baseRows ? [baseRows] : [])];
  const background = addUnclassified ? backgroundFor(ownRows, shipped.records) : [];
  const known = (await loadLabels(settings.labelsFile)).names;
  const dataset = toDataset(dataRows, { known, background, ...(baseRows ? { base: baseRows } : {}) });
  for (const warning of dataset.warnings) terminal.err.write(`Warning: ${warning}\n`);
  if (background.length > 0) terminal.out(backgroundText(background.length));

  const progress = new ProgressLine(terminal.err);
  const encoder = await settings.openEncoder();
  try {
    const current = await loadCurrentHead(settings.headFile, encoder);
    const store = await openStore(settings, encoder, terminal);
    const training = await trainHead(dataset, encoder, {
      seed,
      files: [...ownRows, ...(background.length > 0 ? [shipped] : [])].map(({ sha256 }) => sha256),
      store,
      ...(current.head ? { currentHead: current.head } : {}),
      onProgress: ({ step, done, total }) => progress.update(step, done, total),
    });
    const templates = ordinaryTemplates(shipped.records, dataset);
    const onOrdinary = await labelOrdinary(templates, parseHead(serialiseHead(training.head), out), encoder, {
      store,
      onProgress: (done) => progress.update('ordinary lines', done, templates.length),
    });
    progress.end();
    terminal.out(trainingText(training, { file: settings.headFile, problem: current.problem }));
    if (onOrdinary.lines > 0) terminal.out(`\n${ordinaryText(onOrdinary)}`);
    const version = await writeHead(out, training.head);
    terminal.out(`Written to ${out}, version ${version}`);
  } finally {
    await encoder.close();
  }
}

async function openStore(
  { cacheDir, hashEncoder }: TrainSettings,
  { id, dimension }: Encoder,
  { err }: Terminal,
): Promise<EmbeddingStore> {
  const source = { id, dimension, sha256: await hashEncoder(), templateVersion: TEMPLATE_VERSION };
  return openEmbeddingStore(cacheDir, source, (problem) => err.write(`Warning: ${problem}\n`));
}

/**
 * Checks that the head can be written. Called before the training, which takes minutes.
 * @throws DataError when the head would overwrite a file that is not a head
 * @throws the system's error when the folder is missing or not writable
 */
async function checkOut(out: string, inputs: readonly string[]): Promise<void> {
  if (inputs.some((input) => resolve(input) === out)) {
    throw new DataError(
      `--out is ${out}, which is also a data file. The head would overwrite it. Name another file.`,
    );
  }
  await access(dirname(out), constants.W_OK);
  const text = await readRegularText(out).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof NotRegularFileError) {
      throw new DataError(`--out is ${out}, but ${error.message}. Name another file.`, { cause: error });
    }
    throw error;
  });
  if (text !== undefined && text !== '' && !text.includes('"formatVersion"')) {
    throw new DataError(`--out is ${out}, which exists and is not a head. Remove it or name another file.`);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Loads the head in use. Returns the problem instead if it is missing, malformed or made for another encoder. */
async function loadCurrentHead(file: string, encoder: Encoder): Promise<{ head?: Head; problem?: string }> {
  try {
    const head = await loadHead(file);
    assertHeadFits(head, encoder, TEMPLATE_VERSION);
    return { head };
  } catch (error) {
    if (!(error instanceof HeadFileError)) throw error;
    return { problem: error.message };
  }
}
