import { expect, it } from 'vitest';
import { expectAsShown } from '../support/as-shown.js';
import { docExamples, readDoc } from '../support/doc-examples.js';
import { startServer } from '../support/server.js';

/** The id of the job in docs/jobs.md. */
const SHOWN_ID = '0f3c9a41d27e5b86c1d4e90a7b352f68';
/** Fields that differ in each run. */
const CHANGING = ['created', 'started', 'finished', 'expires', 'seconds'];

/** Compares the fields, in any order. */
function expectSameFields(shown: object, got: object): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(shown).sort());
  for (const [name, value] of Object.entries(shown))
    if (!CHANGING.includes(name))
      expectAsShown(value, (got as Record<string, unknown>)[name], expectSameFields);
}

function expectSameJson(shown: string, got: string): void {
  expectAsShown(JSON.parse(shown), JSON.parse(got), expectSameFields);
}

/** Compares a body: the data of JSON and events, any other text as it is. */
function expectBody(shown: string, got: string): void {
  const data = /^([^]*\ndata: )(.*)/.exec(shown);
  if (shown.startsWith('{')) expectSameJson(shown, got);
  else if (data) {
    const [, before = '', json = ''] = data;
    const [, gotBefore, gotJson = ''] = /^([^]*\ndata: )(.*)/.exec(got) ?? [];
    // Earlier events show the job on its way.
    expect(gotBefore?.endsWith(before)).toBe(true);
    expectSameJson(json, gotJson);
  } else expect(got.trimEnd().replaceAll('\r\n', '\n')).toBe(shown);
}

it('the server answers the examples of docs/jobs.md as shown', async () => {
  const examples = docExamples(await readDoc('docs/jobs.md'));
  expect(examples.length).toBeGreaterThan(15);
  const server = await startServer();
  let id = '';
  const withId = (text: string): string => text.replaceAll(SHOWN_ID, id);
  for (const { method, url, headers, body, answer } of examples) {
    const sent = method === 'POST' && body !== '' ? { body } : {};
    const response = await fetch(server.url + withId(url), { method, headers, ...sent });
    const text = await response.text();
    const got = Object.fromEntries(response.headers);
    id = got.location?.slice(6) ?? id;
    expect([method, url, response.status]).toEqual([method, url, answer.status]);
    expect(got).toMatchObject(JSON.parse(withId(JSON.stringify(answer.headers))) as object);
    expectBody(withId(answer.body), text);
    // The page shows the job when it has ended, or its events, which end with it.
    if (response.status === 202 && !url.includes('retry'))
      await (await fetch(`${server.url}/jobs/${id}/events`)).text();
  }
});
