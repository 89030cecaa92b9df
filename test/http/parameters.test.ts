import { describe, expect, it } from 'vitest';
import { build, form } from '../support/app.js';

const CSV = 'source,log_message\nA,one\n';

/** Sends a CSV with this query. */
async function classify(query: string, body = CSV) {
  const { app, classifier } = await build();
  const headers = { 'content-type': 'text/csv' };
  const response = await app.inject({ method: 'POST', url: `/classify/?${query}`, headers, payload: body });
  return { response, classifier };
}

describe('parameters of POST /classify', () => {
  it('refuses an unknown parameter and names the nearest one', async () => {
    const { response, classifier } = await classify('encodng=utf-8');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'parameter_unknown' });
    expect(response.json<{ detail: string }>().detail).toContain('Did you mean encoding?');
    expect(classifier.asked).toEqual([]);
  });

  it.each([
    ['details=maybe', 'details'],
    ['on_error=ignore', 'on_error'],
    ['llm=no', 'llm'],
    ['source=', 'source'],
    ['source=a&source=b', 'source'],
  ])('refuses ?%s and names the parameter', async (query, name) => {
    const { response } = await classify(query);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'request_invalid' });
    expect(response.json<{ detail: string }>().detail).toContain(name);
  });

  it.each([
    ['on_error=ignore', 'The parameter on_error must be fail or skip.'],
    ['details=maybe', 'The parameter details must be true or false.'],
    ['sheet=', 'The parameter sheet must not be empty.'],
  ])('says in plain words what is wrong with ?%s', async (query, detail) => {
    const { response } = await classify(query);
    expect(response.json()).toMatchObject({ detail });
  });

  it.each([
    ['on_eror', 'on_error'],
    ['On-Error', 'on_error'],
    ['encodng', 'encoding'],
    ['messagecolumn', 'message_column'],
  ])('refuses the misspelt form field %s before or after the file, and names %s', async (field, name) => {
    const { app } = await build();
    const file = { file: CSV };
    for (const parts of [
      [{ field, value: 'skip' }, file],
      [file, { field, value: 'skip' }],
    ]) {
      const response = await app.inject({ method: 'POST', url: '/classify/', ...(await form(...parts)) });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        code: 'parameter_unknown',
        detail: expect.stringContaining(`Did you mean ${name}?`) as string,
      });
    }
  });

  it('ignores form fields whose names are like no parameter', async () => {
    const names = [
      'note',
      'submit',
      'csrf',
      '_csrf',
      'name',
      'file',
      'error',
      'token',
      'comment',
      'title',
      'lm',
    ];
    const { app } = await build();
    const sent = await form(
      ...names.map((field) => ({ field, value: 'x' })),
      { file: CSV },
      ...names.map((field) => ({ field, value: 'x' })).slice(0, 5),
    );
    const response = await app.inject({ method: 'POST', url: '/classify/', ...sent });
    expect(response.statusCode).toBe(200);
  });

  it.each([
    ['text/csv', 'When;Text\n1;Pool is full\n', 'Text'],
    ['application/x-ndjson', '{"n":1,"txt":"Pool is full"}\n', 'txt'],
    ['text/csv', 'When,Text,message,message\n1,Pool is full,a,b\n', '3'],
  ])('come back in the URL that an error about %s proposes', async (type, payload, column) => {
    const { app } = await build();
    const send = (url: string) =>
      app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });
    const parametersOf = (url: string) => Object.fromEntries(new URL(url, 'http://x').searchParams);
    const sent = '/classify/?multiline=off&details=true&source=a%26b%20%22c%22';
    const refused = await send(sent);
    const [, proposed = ''] = /POST (\S+)$/.exec(refused.json<{ detail: string }>().detail) ?? [];
    expect(parametersOf(proposed)).toEqual({ ...parametersOf(sent), message_column: column });
    expect((await send(proposed)).statusCode).toBe(200);
  });

  it('takes parameters from form fields before the file; they replace those of the query', async () => {
    const { app, classifier } = await build();
    const sent = await form(
      { field: 'source', value: 'form' },
      { field: 'details', value: '' },
      { file: CSV },
    );
    const response = await app.inject({
      method: 'POST',
      url: '/classify/?source=query&details=true',
      ...sent,
    });
    expect(response.body.split('\n')[0]).toBe('source,log_message,target_label,tier,confidence,rule,note');
    expect(classifier.records).toEqual([{ source: 'form', message: 'one' }]);
  });

  it('are those of POST /inspect, too, so that the same query works for both', async () => {
    const { app } = await build();
    const url = '/inspect?details=true&stream=true&bom=true&llm=off&message_column=2';
    const headers = { 'content-type': 'text/csv' };
    const response = await app.inject({ method: 'POST', url, headers, payload: CSV });
    expect(response.json()).toMatchObject({ format: 'csv', message: { column: 2 } });
  });

  it('refuses an invalid form field and names it', async () => {
    const { app } = await build();
    const sent = await form({ field: 'on_error', value: 'whatever' }, { file: CSV });
    const response = await app.inject({ method: 'POST', url: '/classify/', ...sent });
    expect(response.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(response.json<{ detail: string }>().detail).toContain('on_error');
  });

  it('refuses a form field that appears twice and names it', async () => {
    const { app } = await build();
    const field = 'source';
    const sent = await form({ field, value: 'a' }, { field, value: 'b' }, { file: CSV });
    const response = await app.inject({ method: 'POST', url: '/classify/', ...sent });
    expect(response.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(response.json<{ detail: string }>().detail).toContain('source appears more than once');
  });

  it('refuses a parameter after the file instead of ignoring it', async () => {
    const { app } = await build();
    const sent = await form({ file: CSV }, { field: 'source', value: 'late' });
    const response = await app.inject({ method: 'POST', url: '/classify/', ...sent });
    expect(response.json()).toMatchObject({ status: 400, code: 'field_after_file' });
  });

  it('ignores form fields that are no parameters', async () => {
    const { app } = await build();
    const sent = await form({ field: 'csrf', value: 'x' }, { file: CSV }, { field: 'submit', value: 'Send' });
    const response = await app.inject({ method: 'POST', url: '/classify/', ...sent });
    expect(response.statusCode).toBe(200);
  });
});
