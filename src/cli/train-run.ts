import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Encoder } from '../classifier/embedding/encoder.js';
import { assertHeadFits, HeadFileError, loadHead, type Head } from '../classifier/embedding/head.js';
import { loadLabels } from '../classifier/labels.js';
import { TEMPLATE_VERSION } from '../classifier/template.js';
import { readLabelledFile } from '../training/data-file.js';
import { toDataset } from '../training/dataset.js';
import { openEmbeddingStore } from '../training/embedding-store.js';
import { writeHead } from '../training/head-writer.js';
import { trainHead } from '../training/train.js';
import { trainingText } from '../training/training-text.js';
import { runCommand, UsageError, type ExitCode } from './command.js';
import type { Terminal } from './main.js';
import { ProgressLine } from './progress-line.js';

/** What the command works with besides its arguments. */
export interface TrainSettings {
  /** Where --data points if not given. */
  dataFile: string;
  /** The head in use: what the new one is compared with, and where --out points if not given. */
  headFile: string;
  labelsFile: string;
  /** Where embeddings are kept between runs. */
  cacheDir: string;
  maxCellChars: number;
  openEncoder: () => Promise<Encoder>;
}

const USAGE = 'Usage: npm run train -- [--data labelled.csv] [--base more.csv] [--out head.json] [--seed 1]';

/**
 * Trains a head on a labelled CSV and writes it.
 * @returns the exit code: 0, 1 for files that cannot be used, 2 for wrong arguments.
 */
export async function runTrain(
  args: readonly string[],
  settings: TrainSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  return runCommand({
    usage: USAGE,
    parse: () => parseOptions(args, settings),
    work: (options) => train(options, settings, terminal),
    complain: (text) => terminal.err.write(`${text}\n`),
  });
}

interface Options {
  data: string;
  base: string | undefined;
  out: string;
  seed: number;
}

function parseOptions(args: readonly string[], settings: TrainSettings): Options {
  const options = {
    data: { type: 'string', default: settings.dataFile },
    base: { type: 'string' },
    out: { type: 'string', default: settings.headFile },
    seed: { type: 'string', default: '1' },
  } as const;
  const { data, base, out, seed } = parseArgs({ args: [...args], options }).values;
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError(`--seed must be a whole number, got "${seed}".`);
  return { data, base, out: resolve(out), seed: Number(seed) };
}

async function train(
  { data, base, out, seed }: Options,
  settings: TrainSettings,
  terminal: Terminal,
): Promise<void> {
  // Better to know before the work than after it.
  await access(dirname(out), constants.W_OK);
  const file = await readLabelledFile(data, settings);
  const more = base === undefined ? undefined : await readLabelledFile(base, settings);
  const known = (await loadLabels(settings.labelsFile)).names;
  const dataset = toDataset(file, { known, ...(more ? { base: more } : {}) });
  for (const warning of dataset.warnings) terminal.err.write(`Warning: ${warning}\n`);

  const progress = new ProgressLine(terminal.err);
  const encoder = await settings.openEncoder();
  try {
    const present = await readPresentHead(settings.headFile, encoder);
    const training = await trainHead(dataset, encoder, {
      seed,
      files: [file.sha256, ...(more ? [more.sha256] : [])],
      store: await openEmbeddingStore(settings.cacheDir, encoder),
      ...(present.head ? { present: present.head } : {}),
      onProgress: ({ step, done, total }) => progress.update(step, done, total),
    });
    progress.end();
    await writeHead(out, training.head);
    const learnt = present.head?.trainedOn.includes(file.sha256) ?? false;
    terminal.out(`${trainingText(training, { problem: present.problem, learnt })}\nWritten to ${out}`);
  } finally {
    await encoder.close();
  }
}

/** The head in use, if there is one that can be asked, or why not. */
async function readPresentHead(file: string, encoder: Encoder): Promise<{ head?: Head; problem?: string }> {
  try {
    const head = await loadHead(file);
    assertHeadFits(head, encoder, TEMPLATE_VERSION);
    return { head };
  } catch (error) {
    if (!(error instanceof HeadFileError)) throw error;
    return { problem: error.message };
  }
}
