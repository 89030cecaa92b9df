/**
 * The thread of the probes: small requests of three kinds while the main thread uploads. Each kind has its own
 * connection and sends one request after the other. Ends on a message or when each kind has enough answers.
 */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ask, askLabel } from './ask.mjs';
import { messageOf } from './messages.mjs';

/** Pause between an answer and the next request of its kind. */
const PAUSE_MS = 20;
const MESSAGE_CHARS = 60;

/** @type {{ address: string, firstTemplate: number, enough: number }} */
const { address, firstTemplate, enough } = workerData;
let over = false;
parentPort?.once('message', () => (over = true));

/** @type {Record<'health' | 'known' | 'new', number[]>} */
const delays = { health: [], known: [], new: [] };
let template = firstTemplate;
const message = (row = 0) => messageOf(template, row, MESSAGE_CHARS);
const known = message();

/** @type {Record<keyof typeof delays, (line: import('./ask.mjs').Line) => Promise<number>>} */
const requests = {
  health: (line) => ask(line, '/health/live'),
  known: (line) => askLabel(line, known),
  new: (line) => {
    template += 1;
    return askLabel(line, message(template));
  },
};
const kinds = /** @type {(keyof typeof delays)[]} */ (Object.keys(requests));
const isDone = () => over || kinds.every((kind) => delays[kind].length >= enough);

async function probe(/** @type {keyof typeof delays} */ kind, /** @type {import('./ask.mjs').Line} */ line) {
  while (!isDone()) {
    delays[kind].push(await requests[kind](line));
    await pause(PAUSE_MS);
  }
  line.agent.destroy();
}

const lines = kinds.map((kind) => ({
  kind,
  line: { address, agent: new Agent({ keepAlive: true, maxSockets: 1 }) },
}));
// The first requests open the connections and make the message known. They are not counted.
for (const { kind, line } of lines) await requests[kind](line);
parentPort?.postMessage('ready');
await Promise.all(lines.map(({ kind, line }) => probe(kind, line)));
parentPort?.postMessage(delays);
// The listener of the port would keep the thread alive.
parentPort?.close();
