import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier/classifier.js';
import { EmbeddingTier } from '../../src/classifier/embedding/embedding-tier.js';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { emptyRuleSet } from '../../src/classifier/rules/rule-set.js';
import { listen } from '../support/app.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { fakeHead } from '../support/fake-head.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes of this process that are in use. */
function usedMegabytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Resolves when the condition holds, within two seconds. */
async function soon(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`It did not come true: ${condition.toString()}`);
    await new Promise(setImmediate);
  }
}

/** A word of its own for every number: digits would be masked. */
const word = (n: number): string =>
  n.toString(26).replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'.charAt(parseInt(digit, 26)));

/** The rows of a file, each about some thing. */
function rows(count: number, thing: (row: number) => string): Buffer {
  const texts = Array.from(
    { length: count },
    (_, row) => `App,Import of ${thing(row)} has ended after ${row} ms\n`,
  );
  return Buffer.from(texts.join(''));
}
const KNOWN = 'Import of invoices has ended after <num> ms';

/** The real thing around an encoder that can be held. */
function heldClassifier() {
  const encoder = new FakeEncoder(2);
  const embedding = new EmbeddingTier(new EncodeQueue(encoder), fakeHead(), { cacheMaxBytes: 1_000_000 });
  const llm = { openSession: () => ({ classify: () => Promise.resolve([]) }) };
  const tiers = {
    rules: { current: emptyRuleSet() },
    embedding,
    llm,
    llmSources: new Set<string>(),
    catalogue: { version: 'fake' },
    encoder,
  };
  return { encoder, classifier: createClassifier({ tiers, close: () => Promise.resolve() }) };
}

/** Sends half of a CSV of a million rows: 250,000 that can be labelled, and as many that wait for the encoder. */
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
  await soon(() => encoder.asked.flat().some((template) => template !== KNOWN));
  return socket;
}

it.each([
  ['files', 4_000_000],
  ['memory', 100_000_000],
])(
  'an upload of a million rows that is broken off half-way leaves no queue, and nothing in %s',
  async (where, spoolMemoryBytes) => {
    const { encoder, classifier } = heldClassifier();
    const files: FileHandle[] = [];
    const openSpoolFile = async (path: string) => {
      const file = await open(path, 'wx+');
      files.push(file);
      return file;
    };
    const { port } = await listen({ spoolMemoryBytes }, { classifier, openSpoolFile });
    const before = usedMegabytes();
    const socket = await sendHalf(port, encoder);
    await soon(() => (where === 'files' ? files.length === 2 : usedMegabytes() - before > 20));
    const held = usedMegabytes();

    const asked = encoder.asked.length;
    socket.destroy();
    await once(socket, 'close');
    await soon(() => (where === 'files' ? files.every(({ fd }) => fd === -1) : held - usedMegabytes() > 20));
    encoder.release();
    await classifier.classify([{ source: 'App', message: 'the next in the queue' }]);
    expect(encoder.asked.slice(asked)).toEqual([['the next in the queue']]);
  },
);
