import { expect, it } from 'vitest';
import { docExamples, readDoc } from '../support/doc-examples.js';
import { startServer } from '../support/server.js';

const examples = docExamples(await readDoc('docs/formats.md'));

it('docs/formats.md has an example of each text format', () => {
  expect(examples.length).toBeGreaterThan(6);
  expect(new Set(examples.map(({ headers }) => headers['content-type'])).size).toBe(4);
});

it('the server answers the examples of docs/formats.md as shown', async () => {
  const server = await startServer();
  for (const { method, url, headers, body, answer } of examples) {
    // The last line break of a block belongs to the document.
    const sent = headers['content-type'] === 'application/json' ? body.trimEnd() : body;
    const response = await fetch(server.url + url, { method, headers, body: sent });
    const text = (await response.text()).trimEnd();
    expect({ status: response.status, ...Object.fromEntries(response.headers) }).toMatchObject({
      status: answer.status,
      ...answer.headers,
    });
    if (response.ok) expect(text).toBe(answer.body);
    else for (const part of answer.body.split('\n')) expect(text).toContain(part);
  }
});
