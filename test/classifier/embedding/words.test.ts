import { AutoTokenizer } from '@xenova/transformers';
import { expect, it } from 'vitest';
import { toEncoderText, wordsOf } from '../../../src/classifier/embedding/words.js';
import { masks } from '../../../src/classifier/template/masks.js';
import { loadConfig } from '../../../src/config.js';

it.each([
  ['getServerFor disk_full 91%', ['get', 'Server', 'For', 'disk', 'full', '91%']],
  ['Übung: Größe (<num>)', ['Übung', 'Größe', '<num>']],
  ['--- ..', []],
  ['Échec réseau'.normalize('NFD'), ['Échec', 'réseau']],
  ['संपर्क เข้า ٣٤', ['संपर्क', 'เข้า', '٣٤']],
])('splits %j into words', (template, words) => {
  expect(wordsOf(template)).toEqual(words);
});

it.each([
  ['[NodeManager] <ip>: 91% used', 'Node Manager address 91% used'],
  ['job <num> (<hex>) of <email>, at <time>', 'job number code of email at time'],
  ['=====', ''],
])('turns %j into the encoder text %j', (template, text) => {
  expect(toEncoderText(template)).toBe(text);
});

it('turns each placeholder into one token of the encoder', async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(loadConfig({}).encoderDir);
  const placeholders = Object.values(masks).flatMap(({ placeholder }) => placeholder ?? []);
  expect(placeholders.length).toBeGreaterThan(7);
  const tokens = new Map(
    placeholders.map((placeholder) => [placeholder, tokenizer.tokenize(toEncoderText(placeholder))]),
  );
  for (const [placeholder, found] of tokens)
    expect([placeholder, found]).toEqual([placeholder, [expect.any(String)]]);
});

it('gives the encoder the first and the last words of a long template', () => {
  const words = Array.from({ length: 400 }, (_, i) => `w${String.fromCharCode(97 + (i % 26))}`);
  const read = toEncoderText(`${words.join(' ')} out of memory`).split(' ');
  expect(read).toHaveLength(160);
  expect(read.slice(0, 100)).toEqual(words.slice(0, 100));
  expect(read.slice(-3)).toEqual(['out', 'of', 'memory']);
});
