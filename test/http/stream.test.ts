import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { build, listen } from '../support/app.js';
import { until } from '../support/until.js';

const headers = { 'content-type': 'application/x-ndjson' };
const url = '/classify/?stream=true';

describe('A streamed answer', () => {
  it('ends with a summary of rows and warnings', async () => {
    const { app } = await build();
    const payload = '{"msg":"one","n":1}\n\nbroken\n{"msg":"two"}\n';
    const response = await app.inject({ method: 'POST', url: `${url}&on_error=skip`, headers, payload });
    const lines = response.body.trim().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '{"msg":"one","n":1,"target_label":"<one>"}',
      '{"msg":"two","target_label":"<two>"}',
    ]);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      summary: { rows: 2, skipped: [3], warnings: [{ code: 'blank-lines' }, { code: 'rows-skipped' }] },
    });
    expect(response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  });

  it('ends with the problem if a record cannot be read after the start', async () => {
    const { app } = await build();
    const payload = `${'{"msg":"one"}\n'.repeat(20_000)}broken\n`;
    const response = await app.inject({ method: 'POST', url, headers, payload });
    const lines = response.body.trim().split('\n');
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ problem: { code: 'json_invalid', line: 20_001 } });
    expect(lines.slice(0, -1).every((line) => line.endsWith('"target_label":"<one>"}'))).toBe(true);
  });

  it('is a problem with its own status if the input is refused at once', async () => {
    const { app } = await build();
    const response = await app.inject({ method: 'POST', url, headers, payload: 'broken\n' });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'json_invalid']);
  });

  it('is NDJSON for a table, too', async () => {
    const { app } = await build();
    const sent = { headers: { 'content-type': 'text/csv' }, payload: 'source,log_message\nA,one\n' };
    const [first = ''] = (await app.inject({ method: 'POST', url, ...sent })).body.split('\n');
    expect(JSON.parse(first)).toMatchObject({ source: 'A', log_message: 'one', target_label: '<one>' });
  });

  it('starts while the upload is still arriving', async () => {
    const { port } = await listen();
    const sent = request({ port, path: url, method: 'POST', headers, agent: false });
    onTestFinished(() => void sent.destroy());
    sent.write('{"msg":"one"}\n'.repeat(20_000));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(String(first)).toContain('"target_label":"<one>"');
    sent.end();
    let text = '';
    for await (const piece of answer.setEncoding('utf8')) text += String(piece);
    expect(text).toContain('{"summary":{"rows":20000');
  });

  it('aborts its session and frees its slot when the client leaves', async () => {
    const { port, classifier, app } = await listen({ maxConcurrentUploads: 1 });
    const sent = request({ port, path: url, method: 'POST', headers, agent: false });
    sent.on('error', () => undefined);
    sent.write('{"msg":"one"}\n'.repeat(20_000));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    sent.destroy();
    await until(() => classifier.sessions[0]?.signal?.aborted === true);
    const payload = '{"msg":"one"}\n'.repeat(100);
    await until(async () => (await app.inject({ method: 'POST', url, headers, payload })).statusCode === 200);
  });

  it('loses its slot to another upload if the client does not read it', async () => {
    const settings = { maxConcurrentUploads: 1, uploadIdleTimeoutMs: 60_000 };
    const { port, classifier } = await listen(settings);
    const sent = request({ port, path: url, method: 'POST', headers, agent: false });
    onTestFinished(() => void sent.destroy());
    sent.on('error', () => undefined);
    // The answer is never read, so the buffers of the operating system fill up.
    sent.write(`{"msg":"${'x'.repeat(100_000)}"}\n`.repeat(400));
    await until(() => classifier.sessions.length === 1);
    const body = '{"msg":"one"}\n'.repeat(100);
    const other = () => fetch(`http://127.0.0.1:${port}/classify/`, { method: 'POST', headers, body });
    await until(async () => (await other()).status === 200);
  });
});
