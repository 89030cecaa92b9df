import { fileURLToPath } from 'node:url';
import { openEncoderPool } from '../classifier/embedding/encoder-pool.js';
import { hashFolder } from '../files/folder-hash.js';
import { main } from './main.js';
import { runTrain } from './train-run.js';

const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

await main((args, { encoderDir, encoderThreads, headFile, labelsFile, maxCellChars }, terminal) =>
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
