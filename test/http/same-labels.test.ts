import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';

const sample = await readFile(new URL('../../resources/training_logs.csv', import.meta.url), 'utf8');

/** Shipped log lines that are one line each. A plain line has no source of its own. */
const messages = Papa.parse<{ log_message: string }>(sample, { header: true, skipEmptyLines: true })
  .data.map(({ log_message: message }) => message)
  .filter((message) => /^\S[^\r\n]*$/.test(message))
  .filter((_, i) => i % 40 === 0);
const records = messages.map((message) => ({ source: 'app', log_message: message }));

const inputs = [
  ['text/csv', Papa.unparse(records)],
  ['text/tab-separated-values', Papa.unparse(records, { delimiter: '\t' })],
  ['text/plain', messages.join('\n')],
  ['application/x-ndjson', records.map((record) => JSON.stringify(record)).join('\n')],
  ['application/json', JSON.stringify(records, null, 2)],
  ['application/json', JSON.stringify({ logs: records })],
  ['application/json', records.map((record) => JSON.stringify(record)).join('')],
] as const;

it('the same records get the same labels and confidences in every format, compressed or not', async () => {
  expect(records.length).toBeGreaterThan(50);
  const server = await startServer();
  const answers: unknown[] = [];
  for (const [type, text] of inputs) {
    for (const body of [Buffer.from(text), gzipSync(text)]) {
      const response = await fetch(`${server.url}/classify/?source=app&multiline=off&details=true`, {
        method: 'POST',
        headers: { 'content-type': type, accept: 'application/x-ndjson' },
        body,
      });
      const lines = (await response.text()).trim().split('\n');
      answers.push(
        lines.map((line) => {
          const { target_label: label, confidence } = JSON.parse(line) as Record<string, unknown>;
          return [label, confidence];
        }),
      );
    }
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toHaveLength(records.length);
});
