import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Encoder } from '../classifier/embedding/encoder.js';
import { readLabelledFile } from '../training/data-file.js';
import { toDataset } from '../training/dataset.js';
import { writeHead } from '../training/head-writer.js';
import { trainHead } from '../training/train.js';
import { trainingText } from '../training/training-text.js';
import { runCommand, UsageError, type ExitCode } from './command.js';
import type { Terminal } from './main.js';
import { ProgressLine } from './progress-line.js';

/** What the command works with besides its arguments. */
export interface TrainSettings {
  /** Where --data and --out point if not given. */
  dataFile: string;
  headFile: string;
  maxCellChars: number;
  openEncoder: () => Promise<Encoder>;
}

const USAGE = 'Usage: npm run train -- [--data labelled.csv] [--out head.json] [--seed 1]';

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
  out: string;
  seed: number;
}

function parseOptions(args: readonly string[], settings: TrainSettings): Options {
  const options = {
    data: { type: 'string', default: settings.dataFile },
    out: { type: 'string', default: settings.headFile },
    seed: { type: 'string', default: '1' },
  } as const;
  const { data, out, seed } = parseArgs({ args: [...args], options }).values;
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError(`--seed must be a whole number, got "${seed}".`);
  return { data, out: resolve(out), seed: Number(seed) };
}

async function train(
  { data, out, seed }: Options,
  settings: TrainSettings,
  terminal: Terminal,
): Promise<void> {
  // Better to know before the work than after it.
  await access(dirname(out), constants.W_OK);
  const file = await readLabelledFile(data, settings);
  const dataset = toDataset(file);
  for (const warning of dataset.warnings) terminal.err.write(`Warning: ${warning}\n`);

  const progress = new ProgressLine(terminal.err);
  const encoder = await settings.openEncoder();
  try {
    const head = await trainHead(dataset, encoder, {
      seed,
      sha256: file.sha256,
      onProgress: ({ step, done, total }) => progress.update(step, done, total),
    });
    progress.end();
    await writeHead(out, head);
    terminal.out(`${trainingText(head)}\nWritten to ${out}`);
  } finally {
    await encoder.close();
  }
}
