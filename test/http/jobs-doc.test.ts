import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';

/** The id of the job in docs/jobs.md. */
const SHOWN_ID = '0f3c9a41d27e5b86c1d4e90a7b352f68';
/** Numbers of the embedding tier depend on the type of processor. */
const TOLERANCE = 0.02;
/** Fields that differ in each run. */
const CHANGING = ['created', 'started', 'finished', 'expires', 'seconds'];

const doc = await readFile(new URL('../../docs/jobs.md', import.meta.url), 'utf8');
const blocks = [...doc.matchAll(/```http\n([^]*?)```/g)].map(([, block = '']) => block);

/** Splits a block into its first line, its headers and its body. */
function parse(block: string): { first: string; headers: [string, string][]; body: string } {
  const [head = '', ...rest] = block.split('\n\n');
  const [first = '', ...lines] = head.trimEnd().split('\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  return { first, headers, body: rest.join('\n\n') };
}

/** Compares an answer with what the page shows: `…` ends a text that is cut. */
function expectAsShown(shown: unknown, got: unknown): void {
  if (typeof shown === 'number' && !Number.isInteger(shown)) {
    expect(Math.abs(Number(got) - shown)).toBeLessThan(TOLERANCE);
  } else if (typeof shown === 'string' && shown.endsWith('…')) {
    expect(String(got).startsWith(shown.slice(0, -1))).toBe(true);
  } else if (typeof shown === 'object' && shown !== null) {
    const fields = Object.keys(got as object).sort();
    expect(fields).toEqual(Object.keys(shown).sort());
    for (const [name, value] of Object.entries(shown))
      if (!CHANGING.includes(name)) expectAsShown(value, (got as Record<string, unknown>)[name]);
  } else {
    expect(got).toEqual(shown);
  }
}

/** Compares a body: the data of JSON and events, any other text as it is. */
function expectBody(shown: string, got: string): void {
  const data = /^([^]*\ndata: )(.*)/.exec(shown);
  if (shown.startsWith('{')) expectAsShown(JSON.parse(shown), JSON.parse(got));
  else if (data) {
    const [, before = '', json = ''] = data;
    const [, gotBefore, gotJson = ''] = /^([^]*\ndata: )(.*)/.exec(got) ?? [];
    // Earlier events show the job on its way.
    expect(gotBefore?.endsWith(before)).toBe(true);
    expectAsShown(JSON.parse(json), JSON.parse(gotJson));
  } else expect(got.trimEnd().replaceAll('\r\n', '\n')).toBe(shown.trimEnd());
}

it('the server answers the examples of docs/jobs.md as shown', async () => {
  expect(blocks.length).toBeGreaterThan(30);
  const server = await startServer();
  let id = '';
  for (let i = 0; i < blocks.length; i += 2) {
    const sent = parse((blocks[i] ?? '').replaceAll(SHOWN_ID, id));
    const [method, path = ''] = sent.first.split(' ');
    const body = method === 'POST' && sent.body !== '' ? { body: sent.body } : {};
    const response = await fetch(server.url + path, { method: method ?? '', headers: sent.headers, ...body });
    const text = await response.text();
    const { location } = Object.fromEntries(response.headers);
    id = location?.slice(6) ?? id;
    const shown = parse((blocks[i + 1] ?? '').replaceAll(SHOWN_ID, id));
    expect([sent.first, response.status]).toEqual([sent.first, Number(shown.first.slice(0, 3))]);
    const type = shown.first.slice(4);
    if (type !== '') shown.headers.push(['content-type', type]);
    expect(Object.fromEntries(response.headers)).toMatchObject(Object.fromEntries(shown.headers));
    expectBody(shown.body, text);
    // The page shows the job when it has ended, or its events, which end with it.
    if (response.status === 202 && !path.includes('retry'))
      await (await fetch(`${server.url}/jobs/${id}/events`)).text();
  }
});
