import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';

const doc = await readFile(new URL('../../docs/explain.md', import.meta.url), 'utf8');
const blocks = [...doc.matchAll(/```http\n([^\n]*)\n\n([^]*?)```/g)].map(([, first = '', body = '']) => ({
  first,
  body,
}));

/** Numbers of the embedding tier depend on the type of processor. */
const TOLERANCE = 0.02;

/** Fields of every error. */
const NOT_SHOWN = ['type', 'title', 'request_id'];

/** Compares an answer with what the page shows: `…` ends a text that is cut. */
function expectAsShown(shown: unknown, got: unknown): void {
  if (typeof shown === 'number' && !Number.isInteger(shown)) {
    expect(Math.abs(Number(got) - shown)).toBeLessThan(TOLERANCE);
  } else if (typeof shown === 'string' && shown.endsWith('…')) {
    expect(String(got).startsWith(shown.slice(0, -1))).toBe(true);
  } else if (typeof shown === 'object' && shown !== null) {
    const fields = Object.entries(got as object).filter(([name]) => !NOT_SHOWN.includes(name));
    expect(fields.map(([name]) => name)).toEqual(Object.keys(shown));
    for (const [i, value] of Object.values(shown).entries()) expectAsShown(value, fields[i]?.[1]);
  } else {
    expect(got).toBe(shown);
  }
}

it('the server answers the examples of docs/explain.md as shown', async () => {
  expect(blocks.length).toBe(14);
  const server = await startServer();
  for (let i = 0; i < blocks.length; i += 2) {
    const [sent, shown] = [blocks[i], blocks[i + 1]];
    const response = await fetch(server.url + (sent?.first ?? '').replace('POST ', ''), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: sent?.body ?? '',
    });
    expect(response.status).toBe(Number(shown?.first));
    expectAsShown(JSON.parse(shown?.body ?? ''), await response.json());
  }
});
