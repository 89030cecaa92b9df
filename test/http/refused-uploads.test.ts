import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listen } from '../support/app.js';
import { sendRaw } from '../support/raw-client.js';

/** Enough of an upload for the server to read its second line. */
const BEGIN = `source,log_message\nragged\n${'A,b\n'.repeat(20_000)}`;

describe('A client whose upload is refused while it is still sending', () => {
  it.each(['close', 'keep-alive'])(
    'gets its answer at once and may send the rest: Connection: %s',
    async (connection) => {
      const { port } = await listen();
      const rest = 'A,b\n'.repeat(2_000_000);
      const begin = BEGIN;
      const head = [
        'POST /classify HTTP/1.1',
        'Host: x',
        `Connection: ${connection}`,
        'Content-Type: text/csv',
      ];
      const length = `Content-Length: ${begin.length + rest.length}`;
      const socket = await sendRaw(port, `${[...head, length].join('\r\n')}\r\n\r\n${begin}`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(String(answer)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"csv_malformed"[\s\S]*\}$/);
      // A reset would be an error of the socket.
      await new Promise((resolve, reject) => {
        socket.once('error', reject);
        socket.write(rest, resolve);
      });
      if (connection === 'close') await once(socket, 'end');
      else socket.destroy();
    },
  );

  it('loses its connection after 64 MiB more', async () => {
    const { port } = await listen();
    const head =
      'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const socket = await sendRaw(port, head + chunk(BEGIN));
    socket.on('error', () => undefined);
    await once(socket, 'data');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const more = chunk('x'.repeat(1024 * 1024));
    const send = (): void => {
      if (socket.writable) socket.write(more, send);
    };
    send();
    await closed;
    expect(socket.bytesWritten).toBeGreaterThan(64 * 1024 * 1024);
  });

  it('gets the reason if it sends thousands of tiny chunks', async () => {
    const { port } = await listen();
    const head =
      'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';
    const socket = await sendRaw(port, head + '1\r\na\r\n'.repeat(5_000));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"request_invalid"[\s\S]*very small chunks/);
    await once(socket, 'end');
  });
});
