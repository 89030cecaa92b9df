import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';

const ROWS = 'billing,Backup finished\n'.repeat(20_000);
const CSV = `source,log_message\n${ROWS}`;
const FORM_HEAD = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n`;

/** Sends the head of a request and the start of its body, and waits for the first bytes of the answer. */
async function begin(port: number, type: string, start: string, length: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  socket.write(
    `POST /classify?stream=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${start}`,
  );
  await once(socket, 'readable');
  return socket;
}

/** Sends the rest of the body and returns the lines at the end of the answer. */
async function finish(socket: Socket, rest: string): Promise<string> {
  let end = '';
  socket.write(rest);
  for await (const text of socket) end = (end + String(text)).slice(-1_000);
  return end;
}

it('a form that is still arriving when its streamed answer begins is read to its end', async () => {
  const { port } = await listen();
  const rest = `${ROWS}\r\n--b--\r\n`;
  const length = FORM_HEAD.length + CSV.length + rest.length;
  const socket = await begin(port, 'multipart/form-data; boundary=b', FORM_HEAD + CSV, length);
  expect(await finish(socket, rest)).toContain('{"summary":{"rows":40000,');
});

it('a client that sends on after an error in its streamed answer gets the problem as the last line', async () => {
  const { port } = await listen();
  const start = `${CSV}a,row,with,too,many,cells\n`;
  const socket = await begin(port, 'text/csv', start, start.length + ROWS.length);
  expect(await finish(socket, ROWS)).toContain(
    '{"problem":{"type":"about:blank","title":"The CSV is malformed"',
  );
});
