import { readFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { openClassifier } from '../../src/classifier/open.js';
import { loadConfig } from '../../src/config.js';
import { build } from '../support/app.js';

/** A request of docs/formats.md and the answer that it shows. */
interface Example {
  url: string;
  type: string;
  body: string;
  status: number;
  headers: Record<string, string>;
  answer: string;
}

const doc = await readFile(new URL('../../docs/formats.md', import.meta.url), 'utf8');
const blocks = [...doc.matchAll(/```http\n([^]*?)```/g)].map(([, block = '']) => block);

/** Splits a block into its first line, its headers and its body. */
function parse(block: string): { first: string; headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = block.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ') as [string, string]));
  return { first, headers, body: rest.join('\n\n') };
}

const examples: Example[] = [];
for (let i = 0; i < blocks.length; i += 2) {
  const sent = parse(blocks[i] ?? '');
  const got = parse(blocks[i + 1] ?? '');
  examples.push({
    url: sent.first.replace('POST ', ''),
    type: sent.headers['content-type'] ?? '',
    body: sent.body,
    status: Number(got.first.slice(0, 3)),
    headers: { ...got.headers, 'content-type': got.first.slice(4) },
    answer: got.body,
  });
}

const classifier = await openClassifier(loadConfig({}), {
  logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  watch: false,
});
afterAll(() => classifier.close());

it('docs/formats.md has an example of each text format', () => {
  expect(examples.length).toBeGreaterThan(6);
  expect(new Set(examples.map(({ type }) => type)).size).toBe(4);
});

it.each(examples)('$type to $url is answered as docs/formats.md shows', async (example) => {
  const { app } = await build({}, { classifier });
  const headers = { 'content-type': example.type };
  // The last line break of a block belongs to the document.
  const payload = example.type === 'application/json' ? example.body.trimEnd() : example.body;
  const response = await app.inject({ method: 'POST', url: example.url, headers, payload });
  expect(response.statusCode).toBe(example.status);
  expect(response.headers).toMatchObject(example.headers);
  if (example.status === 200) expect(response.body.trimEnd()).toBe(example.answer.trimEnd());
  else for (const part of example.answer.trimEnd().split('\n')) expect(response.body).toContain(part);
});
