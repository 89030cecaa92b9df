// Prints the texts that tune_encoder.py learns from, as the server's encoder reads them.
//
//     node scripts/encoder-texts.mjs < messages.json > texts.json
//
// In: an array of messages. Out: { labels, examples: [{ text, label, fold }], messages: [text] }.
import { json } from 'node:stream/consumers';
import { toEncoderText } from '../dist/classifier/embedding/words.js';
import { toTemplate } from '../dist/classifier/template/template.js';
import { readTuningLines } from './tuning-lines.mjs';

const messages = /** @type {string[]} */ (await json(process.stdin));
const { dataset, split } = await readTuningLines();
const texts = {
  labels: dataset.labels,
  examples: dataset.examples.map(({ template, label }, index) => {
    return { text: toEncoderText(template), label, fold: split.folds[index] };
  }),
  messages: messages.map((message) => toEncoderText(toTemplate(message))),
};
process.stdout.write(JSON.stringify(texts));
