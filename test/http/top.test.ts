import { expect, it } from 'vitest';
import { build } from '../support/app.js';

const LIKELIEST = [
  { label: 'Error', confidence: 0.93121 },
  { label: 'User Action', confidence: 0.04 },
];
const ROUNDED = [
  { label: 'Error', confidence: 0.9312 },
  { label: 'User Action', confidence: 0.04 },
];

/** Classifies a body with a query. The message `ruled` gets its label by a rule, all others by the embedding tier. */
async function classify(query: string, type: string, body: string) {
  const { app, classifier } = await build();
  const byRule = classifier.label;
  classifier.label = (message) =>
    message === 'ruled'
      ? byRule(message)
      : { label: 'Error', tier: 'embedding', confidence: 0.93121, top: LIKELIEST };
  const headers = { 'content-type': type };
  const response = await app.inject({ method: 'POST', url: `/classify/?${query}`, headers, payload: body });
  return { response, sessions: classifier.sessions };
}

const RECORDS = [
  { source: 'A', log_message: 'ruled' },
  { source: 'B', log_message: 'new' },
];

it('asks the session for that many labels, and for none without the parameter', async () => {
  const ask = async (query: string) => (await classify(query, 'text/plain', 'new\n')).sessions[0];
  expect(await ask('top=3')).toMatchObject({ top: 3 });
  expect(await ask('top=10')).toMatchObject({ top: 10 });
  expect(await ask('')).not.toHaveProperty('top');
});

it.each(['0', '11', '-1', '1.5', 'all', ''])('refuses top=%s', async (value) => {
  const { response } = await classify(`top=${value}`, 'text/plain', 'new\n');
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ detail: 'The parameter top must be a number from 1 to 10.' });
});

it('adds a list to the results of the embedding tier', async () => {
  const { response } = await classify('top=2', 'application/json', JSON.stringify({ logs: RECORDS }));
  const { results } = response.json<{ results: object[] }>();
  expect(results[0]).not.toHaveProperty('top');
  expect(results[1]).toMatchObject({ confidence: 0.9312, top: ROUNDED });
});

it.each([
  ['top=2', { target_label: 'Error', top: ROUNDED }],
  ['top=2&details=true', { target_label: 'Error', tier: 'embedding', confidence: 0.9312, top: ROUNDED }],
])('adds a list to the objects of NDJSON and lists with ?%s', async (query, added) => {
  const expected = { ...RECORDS[1], ...added };
  const lines = RECORDS.map((record) => JSON.stringify(record)).join('\n');
  const ndjson = await classify(query, 'application/x-ndjson', lines);
  expect(JSON.parse(ndjson.response.body.trimEnd().split('\n')[1] ?? '')).toEqual(expected);
  const list = await classify(query, 'application/json', JSON.stringify(RECORDS));
  expect(list.response.json<object[]>()[1]).toEqual(expected);
});

it.each([
  ['top=2', ',top', ',Error 0.9312; User Action 0.04'],
  [
    'top=2&details=true',
    ',tier,confidence,rule,note,top',
    ',embedding,0.9312,,,Error 0.9312; User Action 0.04',
  ],
  ['details=true', ',tier,confidence,rule,note', ',embedding,0.9312,,'],
])('with ?%s a CSV has the columns target_label%s', async (query, header, cells) => {
  const csv = 'source,log_message\nA,ruled\nB,new\n';
  const { response } = await classify(query, 'text/csv', csv);
  const lines = response.body.split('\n');
  expect(lines[0]).toBe(`source,log_message,target_label${header}`);
  expect(lines[2]).toBe(`B,new,Error${cells}`);
});

it('is the last column of a CSV made of plain lines', async () => {
  const { response } = await classify('top=2&details=true', 'text/plain', 'ruled\nnew\n');
  const [header, ruled, other] = response.body.split('\n');
  expect(header).toMatch(/,level,top$/);
  expect(ruled).toMatch(/,stub,,,$/);
  expect(other).toMatch(/,,Error 0.9312; User Action 0.04$/);
});
