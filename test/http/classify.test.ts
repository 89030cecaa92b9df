import { describe, expect, it } from 'vitest';
import { build, form } from '../support/app.js';

const CSV = 'source,log_message\nA,one\nB,"two, too"\n';
const LABELLED = 'source,log_message,target_label\nA,one,<one>\nB,"two, too","<two, too>"\n';
const LOGS = { logs: [{ source: 'A', log_message: 'one' }] };

describe('POST /classify', () => {
  it.each(['/classify', '/classify/'])('labels the CSV of a form at %s', async (url) => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url,
      ...(await form({ file: CSV, name: 'mine.csv' })),
    });
    expect(response.body).toBe(LABELLED);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="mine_classified.csv"; filename*=UTF-8''mine_classified.csv`,
      'x-classified-rows': '2',
      'x-classifier-version': 'stub',
      'content-length': String(LABELLED.length),
    });
    expect(response.headers).not.toHaveProperty('x-classified-warnings');
  });

  it('accepts the file in any field, with other fields around it', async () => {
    const { app } = await build();
    const body = new FormData();
    body.append('note', 'hello');
    body.append('upload', new Blob([CSV]), 'x.csv');
    const encoded = new Response(body);
    const response = await app.inject({
      method: 'POST',
      url: '/classify/',
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
      payload: Buffer.from(await encoded.arrayBuffer()),
    });
    expect(response.body).toBe(LABELLED);
  });

  it('accepts a CSV as the body', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { 'content-type': 'text/csv' },
      payload: CSV,
    });
    expect(response.body).toBe(LABELLED);
    expect(response.headers['content-disposition']).toContain('filename="logs_classified.csv"');
  });

  it('honours the charset of the body', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { 'content-type': 'text/csv; charset=iso-8859-2' },
      payload: Buffer.from('source,log_message\nA,\xb1\n', 'latin1'),
    });
    expect(response.body).toBe('source,log_message,target_label\nA,ą,<ą>\n');
  });

  it('honours the charset of a form’s file', async () => {
    const { app } = await build();
    const file = Buffer.from('source,log_message\nA,\xb1\n', 'latin1');
    const sent = await form(
      { field: 'note', value: 'hello' },
      { file, type: 'text/csv; charset=iso-8859-2' },
    );
    const response = await app.inject({ method: 'POST', url: '/classify', ...sent });
    expect(response.body).toBe('\uFEFFsource,log_message,target_label\nA,ą,<ą>\n');
  });

  it('reads the charset of the chosen file, not of an empty input or of a text that looks like a file', async () => {
    const { app } = await build();
    const file = Buffer.from('source,log_message\nA,\xb1\n', 'latin1');
    const sent = await form(
      // A regular expression over the complete form takes half a minute for this.
      { field: 'note', value: 'Content-Disposition: filename '.repeat(1900) },
      { file: '', name: '', type: 'text/plain; charset=utf-8' },
      { file, type: 'text/csv; charset=iso-8859-2' },
    );
    const response = await app.inject({ method: 'POST', url: '/classify', ...sent });
    expect(response.body).toBe('\uFEFFsource,log_message,target_label\nA,ą,<ą>\n');
  });

  it('accepts a file without a name if it is not empty', async () => {
    const { app } = await build();
    const sent = await form({ file: CSV, name: '' });
    expect((await app.inject({ method: 'POST', url: '/classify', ...sent })).body).toBe(LABELLED);
  });

  it.each([
    ['answered', CSV, 200],
    ['refused', `${CSV}${'A,b\n'.repeat(20_000)}ragged\n`, 400],
  ])('aborts the session of an upload that was %s, which empties its queue', async (_, payload, status) => {
    const { app, classifier } = await build();
    const headers = { 'content-type': 'text/csv' };
    const response = await app.inject({ method: 'POST', url: '/classify', headers, payload });
    expect(response.statusCode).toBe(status);
    expect(classifier.sessions.map(({ signal }) => signal?.aborted)).toEqual([true]);
  });

  it('skips empty file inputs', async () => {
    const { app } = await build();
    const unchosen = { file: '', name: '', type: 'application/octet-stream' };
    const sent = await form(unchosen, { file: CSV }, unchosen);
    expect((await app.inject({ method: 'POST', url: '/classify', ...sent })).body).toBe(LABELLED);
  });

  it.each([
    ['a list of logs', LOGS],
    ['a single log', { source: 'A', log_message: 'one' }],
  ])('answers %s in JSON with JSON and interactive priority', async (_, payload) => {
    const { app, classifier } = await build();
    const response = await app.inject({ method: 'POST', url: '/classify', payload });
    expect(response.json()).toEqual({
      results: [{ target_label: '<one>', tier: 'rule', confidence: 1, rule: 'stub' }],
      warnings: [],
    });
    expect(response.headers).toMatchObject({ 'x-classified-rows': '1', 'x-classifier-version': 'stub' });
    expect(response.headers).not.toHaveProperty('content-disposition');
    expect(classifier.sessions[0]?.priority).toBe('interactive');
  });

  it.each([
    [20, 'interactive'],
    [21, 'bulk'],
  ])('labels %i logs with priority %s', async (count, priority) => {
    const { app, classifier } = await build();
    const logs = Array.from({ length: count }, () => ({ source: 'A', log_message: 'one' }));
    await app.inject({ method: 'POST', url: '/classify', payload: { logs } });
    expect(classifier.sessions[0]?.priority).toBe(priority);
  });

  it('adds the detail columns with ?details=true', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify/?details=true',
      ...(await form({ file: CSV })),
    });
    expect(response.body.split('\n').slice(0, 2)).toEqual([
      'source,log_message,target_label,tier,confidence,rule,note',
      'A,one,<one>,rule,1,stub,',
    ]);
  });

  it('answers a CSV with JSON if the client accepts JSON', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { 'content-type': 'text/csv', accept: 'application/json' },
      payload: CSV,
    });
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json<{ results: object[] }>().results.map((result) => result)).toMatchObject([
      { target_label: '<one>' },
      { target_label: '<two, too>' },
    ]);
  });

  it('answers JSON with a CSV if the client accepts CSV', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { accept: 'text/csv' },
      payload: LOGS,
    });
    expect(response.body).toBe('source,log_message,target_label\nA,one,<one>\n');
  });

  it('answers JSON with a CSV with details if asked to', async () => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify?details=true',
      headers: { accept: 'text/csv' },
      payload: LOGS,
    });
    expect(response.body.split('\n')[1]).toBe('A,one,<one>,rule,1,stub,,');
  });

  it('sends browsers a CSV, although they prefer HTML', async () => {
    const { app } = await build();
    const { headers, payload } = await form({ file: CSV });
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const response = await app.inject({
      method: 'POST',
      url: '/classify/',
      headers: { ...headers, accept },
      payload,
    });
    expect(response.body).toBe(LABELLED);
  });

  it('counts warnings in a header and in JSON', async () => {
    const { app, classifier } = await build();
    classifier.label = () => ({
      label: 'Error',
      tier: 'embedding',
      confidence: 0.51234,
      note: 'llm-unavailable',
    });
    const request = {
      method: 'POST',
      url: '/classify',
      payload: 'source,log_message\n\nA,one\nA,two\n',
    } as const;
    const csv = await app.inject({ ...request, headers: { 'content-type': 'text/csv' } });
    expect(csv.headers['x-classified-warnings']).toBe('llm-unavailable=2, blank-lines=1');
    const json = await app.inject({
      ...request,
      headers: { 'content-type': 'text/csv', accept: 'application/json' },
    });
    expect(json.json()).toMatchObject({
      results: [{ confidence: 0.5123, note: 'llm-unavailable' }, { target_label: 'Error' }],
      warnings: [
        { code: 'llm-unavailable', count: 2 },
        { code: 'blank-lines', count: 1 },
      ],
    });
  });

  it.each([
    ['a header only', 'source,log_message\n', 'source,log_message,target_label\n', '0'],
    ['an empty list', undefined, { results: [], warnings: [] }, '0'],
  ])('returns no results for %s', async (_, csv, expected, rows) => {
    const { app } = await build();
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      ...(csv === undefined
        ? { payload: { logs: [] } }
        : { payload: csv, headers: { 'content-type': 'text/csv' } }),
    });
    expect(csv === undefined ? response.json() : response.body).toEqual(expected);
    expect(response.headers['x-classified-rows']).toBe(rows);
  });

  it('keeps thousands of rows in order if the answer exceeds the memory limit', async () => {
    const { app } = await build({ spoolMemoryBytes: 1000 });
    const rows = Array.from({ length: 20_000 }, (_, i) => `A,m${i}`);
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { 'content-type': 'text/csv' },
      payload: `source,log_message\n${rows.join('\n')}`,
    });
    expect(response.body.trimEnd().split('\n').slice(1)).toEqual(rows.map((row, i) => `${row},<m${i}>`));
  });
});
