import { fileURLToPath } from 'node:url';
import { configDotenv } from 'dotenv';
import { openEncoderPool } from '../classifier/embedding/encoder-pool.js';
import { ConfigError, loadConfig } from '../config.js';
import { runTrain } from './train-run.js';

const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

try {
  configDotenv({ quiet: true });
  const { encoderDir, encoderThreads, maxCellChars } = loadConfig(process.env);
  const settings = {
    dataFile: shipped('resources/training_logs.csv'),
    headFile: shipped('models/classifier.json'),
    maxCellChars,
    openEncoder: () => openEncoderPool({ dir: encoderDir, threads: encoderThreads }),
  };
  const terminal = { out: (line: string) => console.log(line), err: process.stderr };
  process.exitCode = await runTrain(process.argv.slice(2), settings, terminal);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
