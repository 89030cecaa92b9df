import { expect, it } from 'vitest';
import { expectAsShown } from '../support/as-shown.js';
import { docExamples, readDoc } from '../support/doc-examples.js';
import { startServer } from '../support/server.js';

/** Fields of every error. */
const NOT_SHOWN = ['type', 'title', 'request_id'];

/** Compares all other fields, which come in the order of the document. */
function expectSameFields(shown: object, got: object): void {
  const fields = Object.entries(got).filter(([name]) => !NOT_SHOWN.includes(name));
  expect(fields.map(([name]) => name)).toEqual(Object.keys(shown));
  for (const [i, value] of Object.values(shown).entries())
    expectAsShown(value, fields[i]?.[1], expectSameFields);
}

it('the server answers the examples of docs/explain.md as shown', async () => {
  const examples = docExamples(await readDoc('docs/explain.md'));
  expect(examples.length).toBe(7);
  const server = await startServer();
  for (const { method, url, body, answer } of examples) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(server.url + url, { method, headers, body });
    expect(response.status).toBe(answer.status);
    expectAsShown(JSON.parse(answer.body), await response.json(), expectSameFields);
  }
});
