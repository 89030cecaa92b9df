import { open, type FileHandle } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClassifier } from '../../src/classifier/classifier.js';
import { ByteQueue } from '../../src/pipeline/byte-queue.js';
import { Spool } from '../../src/pipeline/spool.js';
import { listen } from '../support/app.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { fakeSnapshot } from '../support/fake-snapshot.js';
import { until } from '../support/until.js';

/** Counts the upload bytes that wait in memory, in all queues created from now on. */
function countWaitingBytes(): () => number {
  const push = vi.spyOn(ByteQueue.prototype, 'push');
  onTestFinished(() => push.mockRestore());
  return () => [...new Set(push.mock.contexts as ByteQueue[])].reduce((sum, queue) => sum + queue.length, 0);
}

/** A different word for every number; digits would be masked. */
const word = (n: number): string =>
  n.toString(26).replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'.charAt(parseInt(digit, 26)));

/** The rows of a CSV. */
function rows(count: number, thing: (row: number) => string): Buffer {
  const texts = Array.from(
    { length: count },
    (_, row) => `App,Import of ${thing(row)} has ended after ${row} ms\n`,
  );
  return Buffer.from(texts.join(''));
}
const KNOWN = 'Import of invoices has ended after <num> ms';

/** A real classifier with a fake encoder that can be paused. */
function heldClassifier() {
  const encoder = new FakeEncoder(2);
  const current = fakeSnapshot({ encoder });
  return { encoder, classifier: createClassifier({ current }, () => Promise.resolve()) };
}

/** Sends half of a CSV of a million rows: 250,000 with a known template, and 250,000 that wait for the encoder. */
async function sendHalf(port: number, encoder: FakeEncoder): Promise<Socket> {
  const [known, unknown] = [rows(250_000, () => 'invoices'), rows(250_000, word)];
  const socket = connect(port, '127.0.0.1');
  const length = 2 * (known.length + unknown.length);
  socket.write(
    `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${length}\r\n\r\n`,
  );
  socket.write('source,log_message\n');
  await new Promise((sent) => socket.write(known, sent));
  encoder.hold();
  await new Promise((sent) => socket.write(unknown, sent));
  await until(() => encoder.asked.flat().some((template) => template !== KNOWN));
  return socket;
}

describe('an upload of a million rows whose client disconnects half-way', () => {
  it('leaves nothing in the encoder’s queue and no open files', async () => {
    const { encoder, classifier } = heldClassifier();
    const files: FileHandle[] = [];
    const openSpoolFile = async (path: string) => {
      const file = await open(path, 'wx+');
      files.push(file);
      return file;
    };
    const { port } = await listen({ spoolMemoryBytes: 4_000_000 }, { classifier, openSpoolFile });
    const socket = await sendHalf(port, encoder);
    await until(() => files.length === 2);

    const asked = encoder.asked.length;
    socket.destroy();
    await until(() => files.every(({ fd }) => fd === -1));
    encoder.release();
    await classifier.classify([{ source: 'App', message: 'the next in the queue' }]);
    expect(encoder.asked.slice(asked)).toEqual([['the next in the queue']]);
  });

  it('leaves nothing in the encoder’s queue or in memory', async () => {
    const { encoder, classifier } = heldClassifier();
    const waitingBytes = countWaitingBytes();
    const discard = vi.spyOn(Spool.prototype, 'discard');
    onTestFinished(() => discard.mockRestore());
    const { port } = await listen({ spoolMemoryBytes: 100_000_000 }, { classifier });
    const socket = await sendHalf(port, encoder);
    await until(() => waitingBytes() > 5_000_000);

    const asked = encoder.asked.length;
    socket.destroy();
    await until(() => waitingBytes() === 0 && discard.mock.calls.length === 1);
    encoder.release();
    await classifier.classify([{ source: 'App', message: 'the next in the queue' }]);
    expect(encoder.asked.slice(asked)).toEqual([['the next in the queue']]);
  });
});
