import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';
import { deferred } from '../support/stub-classifier.js';

const HEAD = 'source,log_message\n';
/** Enough rows for an upload that is not small and takes an upload slot. */
const MANY_ROWS = 'A,b\n'.repeat(20_000);
/** The stub labels it with its message, so the answer is twice as long. */
const LONG_ROW = `A,${'some text '.repeat(1_000)}\n`;
const CSV = { 'content-type': 'text/csv' };

/** A connection on which the head of an upload and the first bytes of its body have been sent. */
async function begin(port: number, body: string, type = 'text/csv', length = 5_000_000): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(
    `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
  return socket;
}

/** Sends an upload and reads its answer. */
async function upload(url: string, body: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/classify`, { method: 'POST', body, headers: CSV });
  return { status: response.status, text: await response.text() };
}

/** Repeats an upload until it is accepted. */
async function uploadInTime(url: string, body = HEAD + MANY_ROWS): Promise<void> {
  while ((await upload(url, body)).status !== 200);
}

describe('An upload', () => {
  it('that never stops but stays below the minimum rate gets 408', async () => {
    const { port } = await listen({ uploadMinBytesPerS: 1000, uploadIdleTimeoutMs: 300 });
    const socket = await begin(port, HEAD);
    const answer = once(socket, 'data');
    const dripping = setInterval(() => socket.write('A'), 10);
    onTestFinished(() => clearInterval(dripping));
    expect(String((await answer)[0])).toMatch(
      /^HTTP\/1\.1 408[\s\S]*less than 1000 bytes per second for 300 ms/,
    );
  });

  it('whose form arrives slowly but above the minimum rate is accepted', async () => {
    const { port } = await listen({ uploadMinBytesPerS: 5, uploadIdleTimeoutMs: 2_000 });
    const body = `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${HEAD}A,b\n\r\n--b--\r\n`;
    const socket = await begin(port, body.slice(0, 20), 'multipart/form-data; boundary=b', body.length);
    const answer = once(socket, 'data');
    for (let sent = 20; sent < body.length; sent += 5) {
      await pause(150);
      socket.write(body.slice(sent, sent + 5));
    }
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200/);
  });

  it('that is slow loses its slot to a new upload and gets the reason', async () => {
    const { port, url, classifier } = await listen({ maxConcurrentUploads: 1 });
    const slow = await begin(port, HEAD + MANY_ROWS);
    while (classifier.sessions.length === 0) await new Promise(setImmediate);
    const answer = once(slow, 'data');
    await uploadInTime(url);
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 408[\s\S]*another upload needed its slot/);
    expect(classifier.sessions[0]?.signal?.aborted).toBe(true);
  });

  it('that is slow from the start takes no slot before 16 KiB have arrived', async () => {
    const { port, url } = await listen({ maxConcurrentUploads: 1 });
    const dripping = await begin(port, HEAD);
    expect((await upload(url, HEAD + MANY_ROWS)).status).toBe(200);
    expect(dripping.closed).toBe(false);
  });

  it('releases its slot once its file is complete, even if the form has not ended', async () => {
    const { port, url } = await listen({ maxConcurrentUploads: 1 });
    const file = `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${HEAD}${MANY_ROWS}\r\n`;
    const begun = `${file}--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n`;
    const rest = 'late\r\n--b--\r\n';
    const socket = await begin(port, begun, 'multipart/form-data; boundary=b', begun.length + rest.length);
    const answer = once(socket, 'data');
    await uploadInTime(url);
    socket.write(rest);
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200/);
  });

  it('whose answer is not read holds no slot', async () => {
    const { port, url } = await listen({ maxConcurrentUploads: 1 });
    const body = HEAD + LONG_ROW.repeat(1_600);
    const socket = await begin(port, body, 'text/csv', body.length);
    await once(socket, 'readable');
    expect((await upload(url, HEAD + MANY_ROWS)).status).toBe(200);
    expect(socket.closed).toBe(false);
  });

  it('is refused while unread answers fill SPOOL_MAX_BYTES, and accepted afterwards', async () => {
    const { port, url } = await listen({ spoolMaxBytes: 32_000_000 });
    const body = HEAD + LONG_ROW.repeat(390);
    const sockets: Socket[] = [];
    for (let unread = 0; unread < 4; unread += 1) {
      const socket = await begin(port, body, 'text/csv', body.length);
      // Its answer has started to arrive. The rest is not read.
      await once(socket, 'readable');
      sockets.push(socket);
    }
    const refused = await upload(url, body);
    expect(JSON.parse(refused.text)).toMatchObject({
      status: 503,
      code: 'busy',
      detail: expect.stringContaining('SPOOL_MAX_BYTES') as string,
    });
    for (const socket of sockets) socket.destroy();
    await uploadInTime(url, body);
  });

  it('is refused if its answer would exceed a quarter of SPOOL_MAX_BYTES', async () => {
    const { url } = await listen({ spoolMaxBytes: 1_000_000 });
    const refused = await upload(url, HEAD + LONG_ROW.repeat(13));
    expect(JSON.parse(refused.text)).toMatchObject({ status: 413, code: 'upload_too_large' });
    expect((await upload(url, HEAD + LONG_ROW.repeat(12))).status).toBe(200);
  });
});

describe('While all upload slots are taken', () => {
  const json = (count: number) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ logs: Array.from({ length: count }, () => ({ source: 'A', log_message: 'b' })) }),
  });
  const csv = (rows: number, newline: string) => ({
    headers: CSV,
    body: `source,log_message${newline}${`A,b${newline}`.repeat(rows)}`,
  });

  const bytes = (count: number) => ({ headers: CSV, body: `${HEAD}A,b\n`.padEnd(count) });

  it.each([
    ['a CSV of 16 KiB is', bytes(16_384), 200],
    ['a CSV of a byte more is not', bytes(16_385), 503],
    ['a CSV of 20 rows with CR is', csv(20, '\r'), 200],
    ['a CSV of 21 rows with CR is not', csv(21, '\r'), 503],
    ['JSON of one log in 16 KiB is', { ...json(1), body: json(1).body.padEnd(16_384) }, 200],
    ['JSON of one log in a byte more is not', { ...json(1), body: json(1).body.padEnd(16_385) }, 503],
    ['JSON of 20 logs is', json(20), 200],
    ['JSON of 21 logs is not', json(21), 503],
    ['a CSV of 20 rows is', csv(20, '\n'), 200],
    ['a CSV of 20 rows with CRLF is', csv(20, '\r\n'), 200],
    ['a CSV of 21 rows is not', csv(21, '\n'), 503],
    ['a CSV of one row of 70 kB is not', { headers: CSV, body: `${HEAD}A,${'b'.repeat(70_000)}\n` }, 503],
  ])('%s accepted', async (_, request, status) => {
    const { port, url, classifier } = await listen({ maxConcurrentUploads: 1 });
    const { promise, resolve } = deferred();
    classifier.gate = promise;
    await begin(port, HEAD + MANY_ROWS);
    while (classifier.sessions.length === 0) await new Promise(setImmediate);
    resolve();
    classifier.gate = undefined;
    expect((await fetch(`${url}/classify`, { method: 'POST', ...request })).status).toBe(status);
  });
});
