import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';

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

it('docs/formats.md has an example of each text format', () => {
  expect(examples.length).toBeGreaterThan(6);
  expect(new Set(examples.map(({ type }) => type)).size).toBe(4);
});

it('the server answers the examples of docs/formats.md as shown', async () => {
  const server = await startServer();
  for (const { url, type, body, status, headers, answer } of examples) {
    // The last line break of a block belongs to the document.
    const sent = type === 'application/json' ? body.trimEnd() : body;
    const response = await fetch(server.url + url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: sent,
    });
    const text = (await response.text()).trimEnd();
    expect([response.status, Object.fromEntries(response.headers)]).toMatchObject([status, headers]);
    if (status === 200) expect(text).toBe(answer.trimEnd());
    else for (const part of answer.trimEnd().split('\n')) expect(text).toContain(part);
  }
});
