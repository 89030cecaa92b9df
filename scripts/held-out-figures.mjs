// Measures how the tuned encoder does on unknown families, and writes the figures to its manifest (`tuning.heldOut`).
//
//     npm run build && node scripts/held-out-figures.mjs [FOLDER] [ENCODER]
//
// FOLDER (default .cache/tuning) holds what `tune_encoder.py --held-out` wrote: for each of five folds the embeddings of all
// training lines by an encoder that was tuned without the families of the fold. `npm run train` cannot measure this, because
// the finished encoder has seen all families.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureTuning } from '../dist/training/measure.js';
import { readTuningLines } from './tuning-lines.mjs';

/** @param {string} path */
const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [folder = fromRoot('.cache/tuning'), encoder = fromRoot('models/all-MiniLM-L6-v2')] =
  process.argv.slice(2);

const manifestFile = join(encoder, 'manifest.json');
const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
const { dataset, split, sha256 } = await readTuningLines();
if (manifest.tuning?.lines.sha256 !== sha256) {
  throw new Error(`${manifestFile}: the encoder was not tuned on the current resources/training_logs.csv.`);
}

const rowBytes = 4 * manifest.dimension;
const embeddings = await Promise.all(
  [...new Set(split.folds)].sort().map(async (fold) => {
    const file = join(folder, `fold-${fold}.f32`);
    const bytes = await readFile(file);
    if (bytes.length !== dataset.examples.length * rowBytes) {
      throw new Error(
        `${file}: has ${bytes.length} bytes, expected ${rowBytes} for each of ${dataset.examples.length} lines.`,
      );
    }
    return dataset.examples.map((_, index) => {
      return new Float32Array(
        bytes.buffer.slice(bytes.byteOffset + index * rowBytes, bytes.byteOffset + (index + 1) * rowBytes),
      );
    });
  }),
);

let fits = 0;
manifest.tuning.heldOut = measureTuning(dataset, split, {
  dimension: manifest.dimension,
  embeddingsOf: (fold) => embeddings[fold] ?? [],
  onFit: () => process.stderr.write(`\rfit ${(fits += 1)}`),
});
await writeFile(manifestFile, `${JSON.stringify(manifest, undefined, 2)}\n`);
process.stderr.write('\n');
console.log(JSON.stringify(manifest.tuning.heldOut, undefined, 2));
