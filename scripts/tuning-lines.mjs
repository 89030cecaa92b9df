// The lines that the encoder is tuned on, and their folds: the shipped training lines, as `npm run train` splits them with seed 1.
import { fileURLToPath } from 'node:url';
import { readLabelledFile } from '../dist/labelled-data/labelled-csv.js';
import { seededRandom } from '../dist/math/random.js';
import { toDataset } from '../dist/training/dataset.js';
import { groupSplit } from '../dist/training/folds.js';

const FILE = fileURLToPath(new URL('../resources/training_logs.csv', import.meta.url));
const SEED = 1;

/**
 * Returns the examples, their split into folds by family, and the SHA-256 of their file.
 * @throws Error when the families cannot be held out
 */
export async function readTuningLines() {
  const data = await readLabelledFile(FILE, { maxCellChars: 1_000_000 });
  const dataset = toDataset(data);
  const split = groupSplit(
    dataset.examples.map(({ group }) => group),
    dataset.examples.map(({ label }) => label),
    seededRandom(SEED),
  );
  if (typeof split === 'string') throw new Error(`The families cannot be held out: ${split}.`);
  return { dataset, split, sha256: data.sha256 };
}
