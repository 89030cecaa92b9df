import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';
import { deferred } from '../support/stub-classifier.js';

const HEAD = 'source,log_message\n';

/** An upload that is sent piece by piece. */
function startUpload(port: number): ClientRequest {
  const upload = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/classify',
    headers: { 'content-type': 'text/csv' },
  });
  upload.on('error', () => undefined);
  onTestFinished(() => void upload.destroy());
  return upload;
}

async function answerTo(upload: ClientRequest): Promise<{ response: IncomingMessage; body: string }> {
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  return { response, body: (await buffer(response)).toString() };
}

/** Resolves when the condition holds, looking again whenever the event loop has turned. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('Clients', () => {
  it('see the answer when their upload is too large, and not a reset', async () => {
    const { url } = await listen({ maxUploadBytes: 100_000 });
    const body = HEAD + 'A,some text\n'.repeat(500_000);
    const response = await fetch(`${url}/classify`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'upload_too_large' });
  });

  it('see a malformed line at once, with the rest of the upload still to come', async () => {
    const { url } = await listen();
    const body = `${HEAD}A\n${'A,some text\n'.repeat(500_000)}`;
    const response = await fetch(`${url}/classify`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(await response.json()).toMatchObject({ code: 'csv_malformed', line: 2 });
  });

  it('are told to come back when too many uploads run, and are let in afterwards', async () => {
    const { port, classifier, url } = await listen({ maxConcurrentUploads: 1 });
    const first = startUpload(port);
    first.write(`${HEAD}A,b\n`);
    await until(() => classifier.sessions.length === 1);
    const send = { method: 'POST', body: `${HEAD}A,c\n`, headers: { 'content-type': 'text/csv' } };
    const refused = await fetch(`${url}/classify`, send);
    expect(await refused.json()).toMatchObject({ status: 503, code: 'busy' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    first.end();
    expect((await answerTo(first)).body).toContain('A,b,<b>');
    expect((await fetch(`${url}/classify`, send)).status).toBe(200);
  });

  it.each([
    ['after sending all', true],
    ['half-way', false],
  ])('who leave %s stop their work and make room', async (_, sentAll) => {
    const { port, classifier, url } = await listen({ maxConcurrentUploads: 1 });
    classifier.gate = deferred().promise;
    const leaving = startUpload(port);
    leaving.write(HEAD + 'A,some text\n'.repeat(1500));
    if (sentAll) leaving.end();
    await until(() => (sentAll ? classifier.asked : classifier.sessions).length > 0);
    leaving.destroy();
    await until(() => classifier.sessions[0]?.signal?.aborted === true);
    classifier.gate = undefined;
    const send = { method: 'POST', body: `${HEAD}A,c\n`, headers: { 'content-type': 'text/csv' } };
    let status = 503;
    while (status === 503) status = (await fetch(`${url}/classify`, send)).status;
    expect(status).toBe(200);
  });

  it('who send nothing for too long are told so', async () => {
    const { port } = await listen({ uploadIdleTimeoutMs: 50 });
    const slow = startUpload(port);
    slow.write(HEAD);
    const answered = answerTo(slow);
    slow.once('response', () => slow.end());
    // The server drains what is still to come before it answers: it comes now.
    setTimeout(() => slow.end(), 100);
    expect(JSON.parse((await answered).body)).toMatchObject({ status: 408, code: 'upload_timeout' });
  });

  it('are held back while their lines wait to be classified', async () => {
    const { port, classifier } = await listen();
    const { promise, resolve } = deferred();
    classifier.gate = promise;
    const upload = startUpload(port);
    const piece = 'A,some text that fills the pipe\n'.repeat(2000);
    upload.write(HEAD);
    let written = 0;
    while (written < 64 * 1024 * 1024) {
      written += piece.length;
      if (upload.write(piece)) continue;
      const drained = once(upload, 'drain').then(() => 'drained');
      const quiet = new Promise((settle) => setTimeout(() => settle('quiet'), 300));
      if ((await Promise.race([drained, quiet])) === 'quiet') break;
    }
    expect(written).toBeLessThan(32 * 1024 * 1024);
    resolve();
    upload.end();
    const { response } = await answerTo(upload);
    expect(Number(response.headers['x-classified-rows'])).toBe((written / piece.length) * 2000);
  });

  it('who speak no HTTP do no harm', async () => {
    const { port, url } = await listen();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('\x16\x03\x01 hello\r\n\r\n');
    await buffer(socket);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});
