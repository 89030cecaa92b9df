import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';

/** Sends a body to POST /explain. */
async function explain(
  body: string | object,
  { type = 'application/json', url = '/explain', settings = {}, headers = {} } = {},
) {
  const { app, classifier } = await build(settings);
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': type, ...headers },
    payload,
  });
  return { response, classifier };
}

const RECORD = { source: 'A', log_message: 'one' };

describe('POST /explain', () => {
  it('answers with the label as POST /classify has it, the explanation and the version', async () => {
    const { response, classifier } = await explain(RECORD);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      target_label: '<one>',
      tier: 'rule',
      confidence: 1,
      rule: 'stub',
    });
    expect(response.json()).toMatchObject({ matched_rule: { id: 'stub', matched_in: 'message' } });
    expect(response.headers['x-classifier-version']).toBe('stub');
    expect(classifier.records).toEqual([{ source: 'A', message: 'one' }]);
    expect(classifier.sessions).toMatchObject([{ priority: 'interactive' }]);
  });

  it('takes a record without a source', async () => {
    const { classifier } = await explain({ log_message: 'one' });
    expect(classifier.records).toEqual([{ source: '', message: 'one' }]);
  });

  it.each([
    ['{"source":', 'json_invalid', 'expected a value'],
    ['', 'json_invalid', 'the end of the body'],
    [[RECORD], 'json_invalid', 'expected object'],
    [{ source: 'A' }, 'json_invalid', 'The field log_message must be a string.'],
    [{ ...RECORD, source: 7 }, 'json_invalid', 'The field source must be a string.'],
    [{ ...RECORD, sorce: 'A' }, 'json_invalid', 'sorce'],
  ])('refuses the body %j', async (body, code, detail) => {
    const { response, classifier } = await explain(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code, detail: expect.stringContaining(detail) as string });
    expect(classifier.asked).toEqual([]);
  });

  it('refuses a body that is not UTF-8', async () => {
    const { app } = await build();
    const payload = Buffer.from('{"log_message":"Gr\xfc\xdfe"}', 'latin1');
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/explain', headers, payload });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'encoding' });
  });

  it.each([
    ['text/csv', {}, 'text/csv'],
    ['multipart/form-data; boundary=x', {}, 'multipart/form-data'],
    ['application/json', { 'content-encoding': 'gzip' }, 'gzip'],
  ])('refuses the Content-Type %s with %j', async (type, headers, named) => {
    const { response } = await explain(RECORD, { type, headers });
    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({ code: 'media_type_unsupported' });
    expect(response.json<{ detail: string }>().detail).toContain(named);
  });

  it('refuses a message that is longer than MAX_CELL_CHARS or 65,536 characters', async () => {
    const long = await explain({ log_message: 'x'.repeat(65_537) });
    const overSetting = await explain({ log_message: 'xxxx' }, { settings: { maxCellChars: 3 } });
    for (const { response } of [long, overSetting]) {
      expect(response.statusCode).toBe(413);
      expect(response.json()).toMatchObject({ code: 'cell_too_large', path: 'log_message' });
    }
  });

  it('refuses a body that is too large before it has read it', async () => {
    const { response } = await explain({ log_message: 'x'.repeat(2_000_000) });
    expect(response.statusCode).toBe(413);
    expect(response.json()).toMatchObject({ code: 'upload_too_large' });
  });

  it('refuses a parameter, because it would have no effect', async () => {
    const { response } = await explain(RECORD, { url: '/explain?top=3' });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'parameter_unknown' });
  });
});
