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
