import { fileURLToPath } from 'node:url';
import { openEncoderPool } from '../classifier/embedding/encoder-pool.js';
import { hashFolder } from '../files/folder-hash.js';
import type { RunCommand } from './command.js';
import { withConfig } from './terminal.js';
import { runTrain } from './train-run.js';

const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** `log-classifier train` */
export const run: RunCommand = (args) =>
  withConfig(({ encoderDir, encoderThreads, headFile, labelsFile, maxCellChars }, terminal) =>
    runTrain(
      args,
      {
        dataFile: shipped('resources/training_logs.csv'),
        shippedFile: shipped('resources/training_logs.csv'),
        headFile,
        labelsFile,
        cacheDir: shipped('.cache'),
        maxCellChars,
        openEncoder: () => openEncoderPool({ dir: encoderDir, threads: encoderThreads }),
        hashEncoder: () => hashFolder(encoderDir),
      },
      terminal,
    ),
  );
