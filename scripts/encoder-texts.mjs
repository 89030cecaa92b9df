// Prints the texts that tune_encoder.py learns from, as the server's encoder reads them.
//
//     node scripts/encoder-texts.mjs < messages.json > texts.json
//
// In: an array of messages. Out: { labels, examples: [{ text, label, family, fold }], messages: [text] }; the examples are the
// shipped training lines, in the order and with the folds that `npm run train` uses with seed 1.
import { fileURLToPath } from 'node:url';
import { json } from 'node:stream/consumers';
import { toEncoderText } from '../dist/classifier/embedding/words.js';
import { toTemplate } from '../dist/classifier/template/template.js';
import { readLabelledFile } from '../dist/labelled-data/labelled-csv.js';
import { seededRandom } from '../dist/math/random.js';
import { toDataset } from '../dist/training/dataset.js';
import { groupSplit } from '../dist/training/folds.js';

const LINES = fileURLToPath(new URL('../resources/training_logs.csv', import.meta.url));
const SEED = 1;

const messages = await json(process.stdin);
const { examples, labels } = toDataset(await readLabelledFile(LINES, { maxCellChars: 1_000_000 }));
const split = groupSplit(
  examples.map(({ group }) => group),
  examples.map(({ label }) => label),
  seededRandom(SEED),
);
if (typeof split === 'string') throw new Error(`The families cannot be held out: ${split}.`);
const texts = {
  labels,
  examples: examples.map(({ template, label, group }, index) => ({
    text: toEncoderText(template),
    label,
    family: group,
    fold: split.folds[index],
  })),
  messages: messages.map((message) => toEncoderText(toTemplate(message))),
};
process.stdout.write(JSON.stringify(texts));
