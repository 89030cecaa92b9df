/**
 * Measures how the server keeps answering while it works: starts it from dist/, uploads two files of our own
 * making, asks /health/live all the while, and reads the process's peak memory from outside.
 *
 *   npm run measure-load            both loads
 *   node scripts/measure-load.mjs --rows 1000000 --templates 750
 *
 * Peak memory is VmHWM of /proc, so on Linux only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const PROBE_EVERY_MS = 20;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    templates: { type: 'string', default: '750' },
    'long-rows': { type: 'string', default: '2000' },
    'long-chars': { type: 'string', default: '100000' },
  },
});

const VERBS = [
  'started',
  'stopped',
  'failed',
  'was queued',
  'timed out',
  'was retried',
  'finished',
  'is waiting',
];
const THINGS = [
  'Import',
  'Index build',
  'Mail delivery',
  'Payment',
  'Snapshot',
  'Session',
  'Cache refresh',
  'Probe',
];

/** A line of template `kind`; the number varies and is masked. Words, not numbers, tell templates apart. */
function message(kind, number) {
  const word = (n) => String.fromCharCode(97 + (n % 26), 97 + (Math.floor(n / 26) % 26));
  return `${THINGS[kind % THINGS.length]} ${word(kind)}${word(kind * 7)} ${VERBS[kind % VERBS.length]} after ${number} ms`;
}

function* repeats(rows, templates) {
  yield 'source,log_message\n';
  for (let row = 0; row < rows; row += 1000) {
    let text = '';
    for (let i = row; i < Math.min(row + 1000, rows); i++)
      text += `App${i % 9},${message(i % templates, i)}\n`;
    yield text;
  }
}

function* longLines(rows, chars) {
  yield 'source,log_message\n';
  for (let row = 0; row < rows; row++) {
    yield `App,${message(row, row)
      .repeat(Math.ceil(chars / 20))
      .slice(0, chars)}\n`;
  }
}

async function startServer() {
  const server = spawn(process.execPath, ['dist/server.js'], {
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address === undefined) continue;
    server.stdout.resume();
    return { server, address };
  }
  throw new Error('the server ended before it listened');
}

/** Asks until it is told to stop; in a thread of its own, for the upload keeps the main thread busy. */
async function probe(address) {
  const delays = [];
  let over = false;
  parentPort.once('message', () => (over = true));
  while (!over) {
    const start = performance.now();
    const response = await fetch(`${address}/health/live`);
    await response.text();
    delays.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  parentPort.postMessage(delays.sort((a, b) => a - b));
}

async function upload(address, pieces) {
  const body = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
  const response = await fetch(`${address}/classify/`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body,
    duplex: 'half',
  });
  if (!response.ok) throw new Error(await response.text());
  for await (const piece of response.body) void piece;
  return Number(response.headers.get('x-classified-rows'));
}

async function measure(name, pieces) {
  const { server, address } = await startServer();
  try {
    const prober = new Worker(new URL(import.meta.url), { workerData: { address } });
    await once(prober, 'online');
    const start = performance.now();
    const rows = await upload(address, pieces);
    const seconds = (performance.now() - start) / 1000;
    prober.postMessage('over');
    const [delays] = await once(prober, 'message');
    const at = (share) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))].toFixed(1);
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1] / 1024;
    console.log(
      `${name}: ${rows} rows in ${seconds.toFixed(1)} s (${Math.round(rows / seconds)} rows/s); ` +
        `/health/live ${delays.length} times, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms; ` +
        `peak memory ${peak.toFixed(0)} MB`,
    );
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

if (isMainThread) {
  await measure('repeats', repeats(Number(values.rows), Number(values.templates)));
  await measure('long lines', longLines(Number(values['long-rows']), Number(values['long-chars'])));
} else {
  await probe(workerData.address);
}
