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
])('cuts %j into words', (template, words) => {
  expect(wordsOf(template)).toEqual(words);
});

it.each([
  ['[NodeManager] <ip>: 91% used', 'Node Manager address 91% used'],
  ['job <num> (<hex>) of <email>, at <time>', 'job number code of email at time'],
  ['=====', ''],
])('reads %j to the encoder as %j', (template, text) => {
  expect(toEncoderText(template)).toBe(text);
});

it('reads each stand-in as one token of the encoder', async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(loadConfig({}).encoderDir);
  const standIns = Object.values(masks).flatMap(({ placeholder }) => placeholder ?? []);
  expect(standIns.length).toBeGreaterThan(7);
  const tokens = new Map(
    standIns.map((placeholder) => [placeholder, tokenizer.tokenize(toEncoderText(placeholder))]),
  );
  for (const [placeholder, found] of tokens)
    expect([placeholder, found]).toEqual([placeholder, [expect.any(String)]]);
});
